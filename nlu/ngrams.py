"""Sparse tf-idf vectors of the character n-grams of a text, without scikit-learn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import scipy.sparse as sp

_DIGITS: Final = re.compile(r"\d+")
_START, _END = "\x02", "\x03"  # cannot stand in a normal form


class CharNgrams:
    """Texts in normal form to rows of unit length over the n-grams that were seen in training.

    Weights are those of scikit-learn's TfidfVectorizer (smooth idf, sublinear tf, l2). Runs of
    digits count as up to three zeros, since no intent hangs on an order number; the ends of the
    text count as characters, since `吗` at the end is another thing than within.
    """

    vocabulary_: dict[str, int]
    idf_: NDArray[np.float32]

    def __init__(self, *, longest: int = 4, min_count: int = 2, most: int | None = None) -> None:
        self.longest = longest
        self.min_count = min_count
        self.most = most

    def fit(self, texts: Sequence[str]) -> CharNgrams:
        """Learn the n-grams of at least `min_count` texts, the `most` frequent, and how rare each
        is."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(self._ngrams(text)))
        found = (gram for gram, count in counts.items() if count >= self.min_count)
        kept = sorted(found, key=lambda gram: (-counts[gram], gram))[: self.most]
        kept.sort()
        self.vocabulary_ = {gram: i for i, gram in enumerate(kept)}
        frequency = np.array([counts[gram] for gram in kept], dtype=np.float64)
        self.idf_ = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        return self

    def transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Float32 of shape (texts, n-grams); a text without a known n-gram is a row of zeros."""
        import scipy.sparse as sp  # one text at a time, as in serving, goes without it

        rows = [self.row(text) for text in texts]
        indptr = np.cumsum([0, *(len(indices) for indices, _ in rows)])
        empty_indices, empty_values = np.zeros(0, np.int32), np.zeros(0, np.float32)
        return sp.csr_matrix(
            (
                np.concatenate([empty_values, *(values for _, values in rows)]),
                np.concatenate([empty_indices, *(indices for indices, _ in rows)]),
                indptr,
            ),
            shape=(len(texts), len(self.vocabulary_)),
        )

    def row(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """One text: the columns of its known n-grams, rising, and their weights."""
        counts: Counter[int] = Counter()
        find = self.vocabulary_.get
        for gram in self._ngrams(text):
            column = find(gram)
            if column is not None:
                counts[column] += 1
        indices = np.array(sorted(counts), dtype=np.int32)
        frequency = np.array([counts[i] for i in indices.tolist()], dtype=np.float32)
        values = (1 + np.log(frequency)) * self.idf_[indices]
        length = float(np.sqrt(np.sum(values * values)))
        return indices, (values / length if length else values).astype(np.float32)

    def known_share(self, text: str) -> float:
        """Which share of the text's n-grams was seen in training, in [0, 1]; 0 for no text."""
        grams = self._ngrams(text) if text else []
        return sum(gram in self.vocabulary_ for gram in grams) / len(grams) if grams else 0.0

    def _ngrams(self, text: str) -> list[str]:
        padded = _START + _DIGITS.sub(_as_zeros, text) + _END
        return [
            padded[i : i + n]
            for n in range(1, self.longest + 1)
            for i in range(len(padded) - n + 1)
        ]


def _as_zeros(match: re.Match[str]) -> str:
    return "0" * min(3, len(match[0]))
