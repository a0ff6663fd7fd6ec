"""What speaks for a passage as the answer to a question, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from knowledge.index import KeyKind, PassageIndex
from knowledge.vectors import EncodedText, Vectors

FEATURES = (
    "late",
    "late_article",
    "dense_best",
    "dense_second",
    "dense_text",
    "dense_heading",
    "cover_best",
    "lexical_best",
    "cover_article",
    "hubness",
)
"""The columns of a feature matrix.

`late` is the late interaction of the question with the passage: the mean of its two best keys;
`late_article` that with the best key of the article. `dense_…` are similarities of vectors without
their common part: with the nearest and the second nearest key of the passage, its text, and its
heading path. `cover_best` and `cover_article` are the share of the question's weight in words that
one key of the passage, or of the article, has; `lexical_best` the similarity in words with a key.
`hubness` is how near the nearest key is to general talk."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages worth a look (places in the index) and their features, one row each.

    `generality` tells how near the question itself is to general talk.
    """

    places: NDArray[np.int64]
    features: NDArray[np.float32]
    generality: float


def find_candidates(
    index: PassageIndex,
    question: str,
    encoded: EncodedText,
    *,
    allowed: NDArray[np.bool_],
    depth: int = 48,
) -> Candidates:
    """Collect the best passages by vectors and by words, and describe each.

    `encoded` is the question as the encoder gives it. `depth` is how many keys each search
    contributes.
    """
    vector, tokens = encoded
    centred = index.background.centred(vector[None, :])
    generality = float(index.background.nearness(centred)[0])
    cover, cosine = index.lexical.match(question)
    allowed_keys = allowed[index.key_passages]
    near = index.vectors.search(centred[0], limit=depth, allowed=allowed_keys)
    worded = np.where(allowed_keys, cover + cosine, -1)
    best_worded = np.argsort(-worded, kind="stable")[: depth // 2]
    best_worded = best_worded[worded[best_worded] > 0]
    places = np.unique(index.key_passages[np.concatenate([near, best_worded])])
    match = _Match(index, centred[0], np.asarray(tokens, np.float32), cover, cosine)
    rows = [
        row
        for article, own in groupby(places.tolist(), key=lambda place: int(index.article_of[place]))
        for row in match.describe(article, list(own))
    ]
    features = np.array(rows, np.float32).reshape(len(places), len(FEATURES))
    return Candidates(places, features, generality)


@dataclass(frozen=True, slots=True)
class _Match:
    """A question against an index: its vectors, and how every key matches in words."""

    index: PassageIndex
    centred: Vectors
    tokens: Vectors
    cover: Vectors
    cosine: Vectors

    def describe(self, article: int, places: list[int]) -> list[list[float]]:
        """The features of some passages of one article."""
        start, end = (int(key) for key in self.index.article_key_starts[article : article + 2])
        keys = slice(start, end)
        dense = self.index.vectors.take(np.arange(start, end)) @ self.centred
        late = self.index.late.match(self.tokens, start, end)
        evidence = _Evidence(
            dense=dense,
            late=late,
            cover=self.cover[keys],
            cosine=self.cosine[keys],
            hubness=self.index.hubness[keys],
            kinds=self.index.key_kinds[keys],
        )
        starts = self.index.key_starts
        return [
            evidence.row(slice(int(starts[place]) - start, int(starts[place + 1]) - start))
            for place in places
        ]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How every key of one article matches a question."""

    dense: Vectors
    late: Vectors
    cover: Vectors
    cosine: Vectors
    hubness: Vectors
    kinds: NDArray[np.int64]

    def row(self, own: slice) -> list[float]:
        """The features of the passage with these keys, in the order of FEATURES."""
        dense, kinds = self.dense[own], self.kinds[own]
        ordered = np.sort(dense)
        return [
            float(np.sort(self.late[own])[-2:].mean()),
            float(self.late.max()),
            float(ordered[-1]),
            float(ordered[-2]),
            float(dense[kinds == KeyKind.TEXT].max()),
            float(dense[kinds == KeyKind.HEADING].max()),
            float(self.cover[own].max()),
            float(self.cosine[own].max()),
            float(self.cover.max()),
            float(self.hubness[own][np.argmax(dense)]),
        ]
