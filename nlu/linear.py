"""Learns linear support vector machines, one against all, for many classes at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float32]

_CLOSE_ENOUGH: Final = 3e-4  # of the first gradient's length; finer changes no decision
_MOST_STEPS: Final = 200
_MOST_CELLS: Final = 4_000_000  # texts times classes worked on at once: bounds the memory
_LINE_STEPS: Final = 4  # of Newton's method along a line where the loss is nearly a parabola


def fit_one_against_all(
    sparse: sp.csr_matrix, dense: Floats, is_member: NDArray[np.bool_], *, softness: float
) -> tuple[Floats, Floats]:
    """Weights of shape (sparse and dense features, classes), and an intercept for each class.

    The rows of `sparse` and `dense` (float32) are the texts, `is_member` has shape (texts,
    classes). Each class has the minimum of |w|^2 / 2 + softness * sum of max(0, 1 - y (x w + b))^2,
    where b counts in |w|: the problem of scikit-learn's LinearSVC.

    All classes go down together by conjugate gradients (Polak and Ribiere), each with steps of its
    own, until its gradient is small. Weights are sums of texts (w = x' a), so everything is done on
    the `a` and on the margins, which are smaller than the weights; along a line the margins are
    known and the loss is minimised by Newton's method (after Keerthi and DeCoste 2005, "A Modified
    Finite Newton Method for Fast Solution of Large Scale Linear SVMs").
    """
    texts = _Texts(sparse, sparse.T.tocsr(), dense)
    weights = np.empty((sparse.shape[1] + dense.shape[1], is_member.shape[1]), np.float32)
    intercepts = np.empty(is_member.shape[1], np.float32)
    together = max(1, _MOST_CELLS // max(1, len(is_member)))
    for start in range(0, is_member.shape[1], together):
        classes = slice(start, start + together)
        found = _minimise(texts, is_member[:, classes], softness=softness)
        weights[:, classes] = texts.weights(found)
        intercepts[classes] = found.sum(axis=0)
    return weights, intercepts


@dataclass(frozen=True, slots=True)
class _Texts:
    sparse: sp.csr_matrix
    sparse_turned: sp.csr_matrix
    dense: Floats

    def weights(self, sums: Floats) -> Floats:
        """The weights that are these sums of texts; the intercepts are the sums' totals."""
        result: Floats = np.vstack([self.sparse_turned @ sums, self.dense.T @ sums])
        return result

    def margins(self, sums: Floats) -> Floats:
        """What every text's margin would be with the weights that are these sums of texts."""
        result: Floats = self.sparse @ (self.sparse_turned @ sums)
        result += self.dense @ (self.dense.T @ sums)
        result += sums.sum(axis=0)
        return result


@dataclass(slots=True)
class _Descent:
    """Where the classes that are still going down stand; columns are classes.

    `sums` and `margins` describe the weights, `direction` and `direction_margins` the way they are
    going, `gradient` the last one; `steepness` is its squared length and `first` that at the start.
    """

    signs: Floats
    sums: Floats
    margins: Floats
    direction: Floats
    direction_margins: Floats
    gradient: Floats
    steepness: Floats
    first: Floats

    def take(self, columns: NDArray[np.bool_]) -> _Descent:
        """Only these classes."""
        return _Descent(
            *(np.ascontiguousarray(getattr(self, name)[..., columns]) for name in self.__slots__)
        )


def _minimise(texts: _Texts, is_member: NDArray[np.bool_], *, softness: float) -> Floats:
    """The sums of texts that are the classes' weights."""
    cost = np.float32(2 * softness)
    result = np.zeros(is_member.shape, np.float32)
    going = np.arange(is_member.shape[1])
    state = _begin(texts, is_member, cost)
    for _ in range(_MOST_STEPS):
        _step(state, cost)
        _turn(texts, state, cost)
        done = state.steepness <= _CLOSE_ENOUGH**2 * state.first
        if done.any():
            result[:, going[done]] = state.sums[:, done]
            going, state = going[~done], state.take(~done)
        if not len(going):
            break
    result[:, going] = state.sums
    return result


def _begin(texts: _Texts, is_member: NDArray[np.bool_], cost: np.float32) -> _Descent:
    """All weights 0, and straight down from there."""
    signs: Floats = np.where(is_member, np.float32(1), np.float32(-1))
    zeros = np.zeros_like(signs)
    gradient: Floats = -cost * signs
    slopes = texts.margins(gradient)
    steepness = _dot(gradient, slopes)
    return _Descent(signs, zeros, zeros, -gradient, -slopes, gradient, steepness, steepness)


def _step(state: _Descent, cost: np.float32) -> None:
    """Move each class to the lowest point in its direction."""
    missing = np.float32(1) - state.signs * state.margins
    towards = state.signs * state.direction_margins
    slope = _dot(state.direction, state.margins)
    bend = _dot(state.direction, state.direction_margins)
    length: Floats = np.zeros(len(state.first), np.float32)
    for _ in range(_LINE_STEPS):
        left = np.maximum(np.float32(0), missing - length * towards)
        rise = slope + length * bend - cost * _dot(towards, left)
        curvature = bend + cost * _dot(towards * towards, (left > 0).astype(np.float32))
        length = length - rise / np.maximum(curvature, np.float32(1e-12))
    state.sums = state.sums + length * state.direction
    state.margins = state.margins + length * state.direction_margins


def _turn(texts: _Texts, state: _Descent, cost: np.float32) -> None:
    """Choose each class's next direction."""
    gradient = state.sums - cost * state.signs * _missing(state)
    slopes = texts.margins(gradient)
    steepness = np.maximum(_dot(gradient, slopes), np.float32(0))
    kept = np.maximum(np.float32(0), (steepness - _dot(state.gradient, slopes)) / state.steepness)
    state.direction = kept * state.direction - gradient
    state.direction_margins = kept * state.direction_margins - slopes
    state.gradient, state.steepness = gradient, steepness


def _missing(state: _Descent) -> Floats:
    """How far each text is from the margin that it should have."""
    result: Floats = np.maximum(np.float32(0), np.float32(1) - state.signs * state.margins)
    return result


def _dot(a: Floats, b: Floats) -> Floats:
    result: Floats = np.einsum("ij,ij->j", a, b)
    return result
