"""Word search: which share of a question's weight a text covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from knowledge.text import terms

Floats = NDArray[np.float32]


class LexicalIndex:
    """Texts by their terms, weighted by rarity (inverse document frequency, smoothed)."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [Counter(terms(text)) for text in texts]
        known: dict[str, int] = {}
        for counts in counted:
            for term in counts:
                known.setdefault(term, len(known))
        self._known = known
        self._count = len(texts)
        frequency = np.zeros(len(known) + 1)
        for counts in counted:
            for term in counts:
                frequency[known[term]] += 1
        self._rarity = np.log1p(self._count / (1 + frequency)).astype(np.float32)
        self._postings = self._by_term(counted)
        self._norms = np.sqrt(self._weights([set(counts) for counts in counted]))

    def match(self, question: str) -> tuple[Floats, Floats]:
        """Coverage and cosine, each in [0, 1], of the question by every text.

        Coverage is the weight of the question's terms that the text has, over the weight of all
        of them; terms that no text has count as the rarest. Cosine takes the text's length into
        account as well.
        """
        wanted = set(terms(question))
        unknown = len(self._known)
        ids = np.array([self._known.get(term, unknown) for term in wanted], dtype=np.int64)
        weights = self._rarity[ids] if len(ids) else np.zeros(0, np.float32)
        total, norm = float(weights.sum()), float(np.sqrt((weights**2).sum()))
        covered = np.zeros(self._count, np.float32)
        product = np.zeros(self._count, np.float32)
        for term, weight in zip(ids, weights, strict=True):
            if term == unknown:
                continue
            start, end = self._postings.indptr[term : term + 2]
            holders = self._postings.indices[start:end]
            covered[holders] += weight
            product[holders] += weight**2
        if total == 0:
            return covered, product
        cosine = product / (norm * np.maximum(self._norms, 1e-6))
        return covered / np.float32(total), cosine.astype(np.float32)

    def _weights(self, bags: Sequence[set[str]]) -> Floats:
        squares = self._rarity**2
        return np.array(
            [sum(squares[self._known[term]] for term in bag) for bag in bags], np.float32
        )

    def _by_term(self, counted: Sequence[Counter[str]]) -> csr_array:
        rows = [self._known[term] for counts in counted for term in counts]
        columns = [place for place, counts in enumerate(counted) for _ in counts]
        ones = np.ones(len(rows), np.float32)
        return csr_array((ones, (rows, columns)), shape=(len(self._known) + 1, self._count))
