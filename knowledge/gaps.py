"""Group questions that mean the same, and keep the groups as new questions come in.

Two questions are as similar as their vectors (without the common part) and their words are, half
and half; average linkage (Sokal & Michener 1958) groups them. Everything that is open is grouped
anew each time, since placing one question after the other does clearly worse
(`tests/quality/test_gaps.py`); a group keeps its id by having most questions in common with one of
before. What an editor has decided about is fixed: such a group takes in new questions and loses
none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from knowledge.text import terms
from knowledge.vectors import Vectors

THRESHOLD = 0.22
"""Average similarity from which questions belong together; `tests/quality/test_gaps.py` has how
well that does."""

MOST_AT_ONCE = 3000
"""Questions that are compared each with each, the latest ones; those before stay where they are.
It takes about 150 MB and a few seconds."""


def group_questions(
    texts: Sequence[str],
    vectors: Vectors,
    known: Sequence[int | None],
    *,
    fixed: Collection[int] = (),
    threshold: float = THRESHOLD,
) -> tuple[int, ...]:
    """The group of each question: the id of a known one, or a negative number for each new one.

    `vectors` are `knowledge.meaning.Meaning.vectors`, one row a text, the oldest question first.
    `known` is the group that a question was in before, None for a new one. Questions of the groups
    in `fixed` stay there. A known group that no question is left in has gone up in others.
    """
    if not texts:
        return ()
    space = _Space(vectors, _weighted_terms(texts))
    labels = np.array([0 if label is None else label for label in known], np.int64)
    free = np.flatnonzero(~np.isin(labels, list(fixed)))[-MOST_AT_ONCE:]
    settled = np.setdiff1d(np.arange(len(texts)), free)
    clusters = _clusters(space, free, threshold)
    placed = labels.copy()
    left = []
    for cluster, anchor in zip(clusters, _anchors(space, clusters, labels, settled), strict=True):
        near, label = anchor
        if near >= threshold and not labels[cluster].any():
            placed[cluster] = label
        else:
            left.append(cluster)
    taken = set(labels[settled].tolist())
    for cluster, label in zip(left, _names(left, labels, taken), strict=True):
        placed[cluster] = label
    return tuple(placed.tolist())


def central(texts: Sequence[str], vectors: Vectors) -> int:
    """The place of the question that is nearest to all others: what the group is called."""
    space = _Space(vectors, _weighted_terms(texts))
    places = [np.array([place]) for place in range(len(texts))]
    nearness = space.nearness(places, [np.arange(len(texts))])[:, 0]
    # of equally central ones the shortest that still says something
    lengths = np.array([len(text) for text in texts])
    return int(np.lexsort((lengths, -np.round(nearness, 3)))[0])


@dataclass(frozen=True, slots=True)
class _Space:
    """The questions' vectors and weighted terms; both rows have unit length."""

    vectors: Vectors
    words: csr_array

    def means(self, groups: Sequence[NDArray[np.int64]]) -> tuple[Vectors, csr_array]:
        """The mean row of each group, of both kinds."""
        rows = np.concatenate([np.full(len(own), place) for place, own in enumerate(groups)])
        columns = np.concatenate(groups)
        shares = np.concatenate([np.full(len(own), 1 / len(own), np.float32) for own in groups])
        average = csr_array((shares, (rows, columns)), shape=(len(groups), len(self.vectors)))
        return average @ self.vectors, average @ self.words

    def nearness(
        self, groups: Sequence[NDArray[np.int64]], others: Sequence[NDArray[np.int64]]
    ) -> Vectors:
        """Mean similarity of the questions of each group (first axis) with those of the others."""
        (mine, my_words), (theirs, their_words) = self.means(groups), self.means(others)
        near: Vectors = mine @ theirs.T / 2 + (my_words @ their_words.T).toarray() / 2
        return near


def _clusters(space: _Space, rows: NDArray[np.int64], threshold: float) -> list[NDArray[np.int64]]:
    """The free questions in groups, each a list of places in order."""
    if len(rows) < 2:
        return [rows] if len(rows) else []
    from scipy.cluster.hierarchy import fcluster, linkage  # half a second that serving never needs
    from scipy.spatial.distance import squareform

    words = space.words[rows]
    similar = space.vectors[rows] @ space.vectors[rows].T / 2 + (words @ words.T).toarray() / 2
    apart = np.clip(1 - (similar + similar.T) / 2, 0, None)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    flat = fcluster(tree, 1 - threshold, "distance")
    return [rows[flat == label] for label in np.unique(flat)]


def _anchors(
    space: _Space,
    clusters: Sequence[NDArray[np.int64]],
    labels: NDArray[np.int64],
    settled: NDArray[np.int64],
) -> list[tuple[float, int]]:
    """For each cluster the nearest settled group, as its similarity and id."""
    ids = np.unique(labels[settled])
    ids = ids[ids != 0]
    if not len(ids):
        return [(-1.0, 0)] * len(clusters)
    near = space.nearness(clusters, [settled[labels[settled] == label] for label in ids])
    return [(float(row.max()), int(ids[int(row.argmax())])) for row in near]


def _names(
    clusters: Sequence[NDArray[np.int64]], labels: NDArray[np.int64], taken: set[int]
) -> list[int]:
    """The id of each cluster: that of the known group with which it shares most questions, each id
    once; new ones count down from -1."""
    shared = sorted(
        (
            (-number, label, place)
            for place, cluster in enumerate(clusters)
            for label, number in Counter(labels[cluster].tolist()).items()
            if label and label not in taken
        ),
    )
    named: dict[int, int] = {}
    for _, label, place in shared:
        if place not in named and label not in named.values():
            named[place] = label
    fresh = count(-1, -1)
    return [named[place] if place in named else next(fresh) for place in range(len(clusters))]


def _weighted_terms(texts: Sequence[str]) -> csr_array:
    """The terms of each text by rarity among these texts, one row of unit length each."""
    bags = [sorted(set(terms(text))) for text in texts]
    frequency = Counter(term for bag in bags for term in bag)
    known = {term: place for place, term in enumerate(frequency)}
    rarity = {term: np.log1p(len(texts) / (1 + count)) for term, count in frequency.items()}
    rows, columns, values = [], [], []
    for row, bag in enumerate(bags):
        length = float(np.sqrt(sum(rarity[term] ** 2 for term in bag))) or 1.0
        for term in bag:
            rows.append(row)
            columns.append(known[term])
            values.append(rarity[term] / length)
    shape = (len(texts), max(len(known), 1))
    return csr_array((np.array(values, np.float32), (rows, columns)), shape=shape)
