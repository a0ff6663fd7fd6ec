"""The intent classifier: character n-grams and the encoder's vector under one linear model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nlu.linear import fit_one_against_all
from nlu.ngrams import CharNgrams
from nlu.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float32]

SOFTNESS: Final = 0.5
"""How much a text on the wrong side counts against simple weights; chosen in cross-validation on
five data sets."""

SOFTNESS_FOR_NOISE: Final = 0.1
"""The same where many labels are wrong."""

SOFTNESS_WITHOUT_DOUBT: Final = 0.5
"""The same for what is left of them when the doubtful ones are taken out."""

_MOST_WEIGHTS: Final = 32_000_000
"""N-grams times classes: bounds the memory of a model with thousands of intents."""

_MOST_CALIBRATED: Final = 16_000_000
"""Texts times intents that a temperature is fitted to; of more texts a part says the same."""

_MOST_NOISY: Final = 20_000
"""Texts that the share of wrong labels is fitted to."""

_TEMPERATURES: Final = np.geomspace(0.02, 2.0, 60)

_PRIOR_TAKEN_OUT: Final = 0.5
"""Of how much more often one intent occurs than another; chosen in cross-validation on seven data
sets (docs/adr/0008)."""


class IntentClassifier:
    """Texts and their vectors to one margin per class.

    A one-against-all linear support vector machine over tf-idf of character n-grams beside the
    centred vector. Learning needs scipy, classifying one text only numpy.
    """

    classes_: tuple[str, ...]
    ngrams_: CharNgrams
    centre_: Floats
    weights_: Floats
    intercept_: Floats

    def __init__(self, *, softness: float = SOFTNESS, vector_weight: float = 1.6) -> None:
        self.softness = softness
        self.vector_weight = vector_weight

    def fit(
        self,
        texts: Sequence[str],
        vectors: Floats,
        labels: Sequence[str],
        *,
        doubtful: NDArray[np.bool_] | None = None,
        strangers: tuple[Sequence[str], Floats] | None = None,
    ) -> IntentClassifier:
        """Learn from texts in normal form, vectors (texts, dimension), and at least two labels.

        Where the labels of some texts are `doubtful`, the weights are the mean of two machines: one
        that learns from all texts, and one that learns from the others and trusts them more.
        `strangers` are more texts and vectors, told apart from all the others by a last class of
        their own; the other classes are learnt as without them.
        """
        self.classes_ = tuple(sorted(set(labels)))
        # Fewer than a hundred texts share too few n-grams to throw the single ones away.
        self.ngrams_ = CharNgrams(
            min_count=2 if len(texts) >= 100 else 1, most=_MOST_WEIGHTS // len(self.classes_)
        ).fit(texts)
        self.centre_ = middle(vectors)
        is_member = np.asarray(labels, dtype=object)[:, None] == np.array([self.classes_], object)
        sparse, dense = self.features(texts, vectors)
        self.weights_, self.intercept_ = fit_one_against_all(
            sparse, dense, is_member, softness=self.softness
        )
        if doubtful is not None and doubtful.any():
            sure = np.flatnonzero(~doubtful)
            weights, intercept = fit_one_against_all(
                sparse[sure], dense[sure], is_member[sure], softness=SOFTNESS_WITHOUT_DOUBT
            )
            self.weights_ = np.float32(0.5) * (self.weights_ + weights)
            self.intercept_ = np.float32(0.5) * (self.intercept_ + intercept)
        if strangers is not None:
            self._tell_apart(sparse, dense, *strangers)
        return self

    def _tell_apart(
        self, sparse: sp.csr_matrix, dense: Floats, texts: Sequence[str], vectors: Floats
    ) -> None:
        from scipy.sparse import vstack  # classifying goes without it

        strange, strange_dense = self.features(texts, vectors)
        weights, intercept = fit_one_against_all(
            vstack([sparse, strange], format="csr"),
            np.vstack([dense, strange_dense]),
            np.arange(len(dense) + len(texts))[:, None] >= len(dense),
            softness=SOFTNESS,
        )
        self.weights_ = np.hstack([self.weights_, weights])
        self.intercept_ = np.append(self.intercept_, intercept)
        self.classes_ = (*self.classes_, OUT_OF_SCOPE)

    def centred(self, vectors: Floats) -> Floats:
        """The vectors seen from the middle of the training vectors, again of unit length."""
        return seen_from(self.centre_, vectors)

    def margins(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Float32 of shape (texts, classes): how far on its side each class sees the text."""
        return self.weigh(texts, vectors, self.weights_) + self.intercept_

    def weigh(self, texts: Sequence[str], vectors: Floats, weights: Floats) -> Floats:
        """What texts get by weights of shape (features, columns): shape (texts, columns)."""
        if len(texts) == 1:
            columns, values = self.ngrams_.row(texts[0])
            sparse_part = (values @ weights[columns])[None, :]
        else:
            sparse_part = self.ngrams_.transform(texts) @ weights[: self._width]
        dense_part = self.centred(vectors) @ weights[self._width :]
        result: Floats = sparse_part + self.vector_weight * dense_part
        return result

    def features(self, texts: Sequence[str], vectors: Floats) -> tuple[sp.csr_matrix, Floats]:
        """What is weighed: n-grams of shape (texts, n-grams), and the weighted vectors."""
        dense = np.float32(self.vector_weight) * self.centred(vectors)
        return self.ngrams_.transform(texts), dense

    @property
    def _width(self) -> int:
        return len(self.ngrams_.vocabulary_)


def middle(vectors: Floats) -> Floats:
    """The mean of vectors (texts, dimension), shape (dimension,)."""
    result: Floats = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    return result


def seen_from(point: Floats, vectors: Floats) -> Floats:
    """The directions from a point (dimension,) to vectors (texts, dimension), of unit length.

    Sentence vectors crowd in one direction; from their middle the differences count.
    """
    moved = vectors - point
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    result: Floats = moved / np.maximum(length, np.float32(1e-6))
    return result


def probabilities(margins: Floats, *, temperature: float) -> Floats:
    """Rows of probabilities by softmax; `temperature` comes from `fit_temperature`."""
    scaled = margins / temperature
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    result: Floats = raised / raised.sum(axis=1, keepdims=True)
    return result


def rarity(truth: NDArray[np.int64], *, intents: int, temperature: float) -> Floats:
    """What is added to margins so that frequent intents do not win for being frequent.

    Float32 of shape (intents,); `truth` is the column of each training text's intent,
    `temperature` that of the margins. Menon et al. 2021, "Long-Tail Learning via Logit Adjustment".
    """
    counts = np.maximum(np.bincount(truth, minlength=intents), 1)
    result: Floats = (-_PRIOR_TAKEN_OUT * temperature * np.log(counts / counts.sum())).astype(
        np.float32
    )
    return result


def fit_temperature(margins: Floats, truth: NDArray[np.int64], *, noisy: bool = False) -> float:
    """The temperature under which margins of unseen texts have the highest likelihood.

    `truth` is the column of the right class. Guo et al. 2017, "On Calibration of Modern Neural
    Networks"; one parameter cannot overfit a class of two examples, as Platt's for each class can.
    `noisy` supposes that a share of the labels is wrong and finds the likeliest share too, so that
    they do not make right answers look doubtful (the forward correction of Patrini et al. 2017,
    "Making Deep Neural Networks Robust to Label Noise"). A wrong label is rather that of a frequent
    and of a similar intent; how much rather is found with the share.
    """
    every = max(1, -(-margins.size // _MOST_CALIBRATED))
    if noisy:
        every = max(every, -(-len(truth) // _MOST_NOISY))
    margins, truth = margins[::every], truth[::every]
    rows = np.arange(len(truth))
    right = np.stack(
        [probabilities(margins, temperature=float(t))[rows, truth] for t in _TEMPERATURES]
    )
    if not noisy:
        return float(_TEMPERATURES[np.argmax(_likelihood(right))])
    found = [
        _likelihood((1 - share) * right + share * wrong)
        for wrong in _wrong_labels(margins, truth)
        for share in np.arange(0.0, 0.6, 0.04)
    ]
    return float(_TEMPERATURES[np.argmax(np.max(found, axis=0))])


def _likelihood(of_labels: Floats) -> NDArray[np.float64]:
    """The mean logarithm of rows of probabilities, shape (rows,)."""
    result: NDArray[np.float64] = np.log(np.maximum(of_labels, 1e-9)).mean(axis=1)
    return result


def _wrong_labels(margins: Floats, truth: NDArray[np.int64]) -> Iterator[Floats]:
    """How probable each label is for a wrong one, shape (texts,), as likeness counts ever less."""
    counts = np.bincount(truth, minlength=margins.shape[1])
    frequent = np.log(np.maximum(counts, 1) / counts.sum())
    for likeness in (0.4, 0.55, 0.8, 1.6, 100.0):
        drawn = probabilities(margins / np.float32(likeness) + frequent, temperature=1.0)
        yield drawn[np.arange(len(truth)), truth]
