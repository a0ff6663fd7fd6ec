"""Word search: which share of a question's weight a text covers."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.text import terms

Floats = NDArray[np.float32]


class LexicalIndex:
    """Texts by their terms, in arrays: for every term the texts that hold it.

    Terms are weighted by rarity (inverse document frequency, smoothed) among these texts and those
    of the `others`, the indexes that are searched beside this one.
    """

    def __init__(self, texts: Sequence[str], others: Sequence[LexicalIndex] = ()) -> None:
        self.count = len(texts)
        self._known: dict[str, int] = {}
        ids, sizes = array("i"), array("i")
        for text in texts:
            own = set(terms(text))
            ids.extend(self._known.setdefault(term, len(self._known)) for term in own)
            sizes.append(len(own))
        by_text = np.frombuffer(ids, np.int32) if ids else np.zeros(0, np.int32)
        owners = np.repeat(np.arange(self.count, dtype=np.int32), np.asarray(sizes))
        self._holders = owners[np.argsort(by_text, kind="stable")]
        frequency = np.bincount(by_text, minlength=len(self._known))
        self._starts = np.concatenate([[0], np.cumsum(frequency)]).astype(np.int64)
        rarity = rarities(list(self._known), [self, *others])
        weights = np.fromiter(rarity.values(), np.float32, len(rarity))
        squares = np.bincount(owners, weights[by_text] ** 2, minlength=self.count)
        self._norms = np.maximum(np.sqrt(squares), 1e-6).astype(np.float32)

    def frequency(self, term: str) -> int:
        """How many of the texts hold this term."""
        known = self._known.get(term)
        return 0 if known is None else int(self._starts[known + 1] - self._starts[known])

    def has_all(self, words: str) -> bool:
        """Whether one of the texts holds every term of these words."""
        wanted = [self._known.get(term) for term in set(terms(words))]
        known = [
            self._holders[self._starts[n] : self._starts[n + 1]] for n in wanted if n is not None
        ]
        if not known or len(known) < len(wanted):
            return False
        return bool((np.bincount(np.concatenate(known)) == len(known)).any())

    def match(self, question: str) -> tuple[Floats, Floats]:
        """As `match_terms`, with rarity among the texts of this index alone."""
        return self.match_terms(rarities(terms(question), [self]))

    def match_terms(self, rarity: Mapping[str, float]) -> tuple[Floats, Floats]:
        """Coverage and cosine, each in [0, 1], of a question's terms by every text.

        Coverage is the weight of the question's terms that the text has, over the weight of all
        of them; terms that no text has count as the rarest. Cosine takes the text's length into
        account as well.
        """
        held = [
            (weight, self._holders[self._starts[known] : self._starts[known + 1]])
            for term, weight in rarity.items()
            if (known := self._known.get(term)) is not None
        ]
        if not held:
            return np.zeros(self.count, np.float32), np.zeros(self.count, np.float32)
        weights = np.repeat([weight for weight, _ in held], [len(texts) for _, texts in held])
        holders = np.concatenate([texts for _, texts in held])
        total = sum(rarity.values())
        norm = sum(weight**2 for weight in rarity.values()) ** 0.5
        cover = np.bincount(holders, weights, minlength=self.count) / total
        product = np.bincount(holders, weights**2, minlength=self.count) / norm
        return cover.astype(np.float32), (product / self._norms).astype(np.float32)


def rarities(words: Sequence[str], indexes: Sequence[LexicalIndex]) -> dict[str, float]:
    """How rare each term is among the texts of all these indexes, without repetitions."""
    count = sum(index.count for index in indexes)
    distinct = dict.fromkeys(words)
    frequency = [sum(index.frequency(term) for index in indexes) for term in distinct]
    rare = np.log1p(count / (1 + np.array(frequency, float)))
    return dict(zip(distinct, rare.tolist(), strict=True))
