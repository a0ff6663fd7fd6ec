"""How much likelier a vector is among the texts of some intent than among all texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_AT_ONCE: Final = 4096

_ROUNDNESS: Final = 50
"""So many texts of no direction are added to what gives the covariances their shape: few texts say
little about it."""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """The relative Mahalanobis distance, its sign turned.

    Each intent is a normal distribution around its own mean, all with one covariance; all texts
    together are one more. A text that is like ours in general but like no intent in particular gets
    little (Ren et al. 2021, "A Simple Fix to Mahalanobis Distance for Improving Near-OOD
    Detection"). For a vector x the ratio is max over intents of x'Qx + Lx + c, with `quadric` Q
    (dimension, dimension), `linear` L (intents, dimension) and `constant` c (intents,).
    """

    quadric: Floats
    linear: Floats
    constant: Floats

    @property
    def is_learnt(self) -> bool:
        """Whether there is anything to measure by."""
        return len(self.linear) > 0

    def measure(self, vectors: Floats) -> Floats:
        """Shape (vectors,); the higher, the likelier under some intent. 0 where none was learnt."""
        if not self.is_learnt:
            return np.zeros(len(vectors), np.float32)
        common = np.einsum("ij,ij->i", vectors @ self.quadric, vectors)
        best = (vectors @ self.linear.T + self.constant).max(axis=1)
        result: Floats = (common + best).astype(np.float32)
        return result


NO_LIKELIHOOD: Final = LikelihoodRatio(
    np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32)
)
"""Nothing was learnt."""


def fit_likelihood_ratio(vectors: Floats, labels: Sequence[str]) -> LikelihoodRatio:
    """Learn from vectors (texts, dimension) and their intents."""
    names, of = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    texts, dimension = vectors.shape
    sums, products = np.zeros((len(names), dimension)), np.zeros((dimension, dimension))
    for start in range(0, texts, _AT_ONCE):  # of all texts at once doubles would fill the memory
        x = vectors[start : start + _AT_ONCE].astype(np.float64)
        np.add.at(sums, of[start : start + _AT_ONCE], x)
        products += x.T @ x
    means = sums / np.bincount(of)[:, None]
    middle = sums.sum(axis=0) / texts
    within = _precision(products - means.T @ sums, texts)
    overall = _precision(products - texts * np.outer(middle, middle), texts)
    quadric = overall - within
    linear = 2 * (means @ within - middle @ overall)
    constant = middle @ overall @ middle - np.einsum("ij,ij->i", means @ within, means)
    return LikelihoodRatio(
        quadric.astype(np.float32), linear.astype(np.float32), constant.astype(np.float32)
    )


def _precision(scatter: NDArray[np.float64], texts: int) -> NDArray[np.float64]:
    """The inverse of the covariance of so many texts; `scatter` is the sum of the outer products
    of their differences from the mean."""
    dimension = len(scatter)
    round_part = max(np.trace(scatter) / dimension / texts, 1e-9) * _ROUNDNESS
    inverse: NDArray[np.float64] = np.linalg.inv(
        (scatter + round_part * np.eye(dimension)) / (texts + _ROUNDNESS)
    )
    return inverse
