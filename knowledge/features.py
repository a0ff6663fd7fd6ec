"""What speaks for a passage as the answer to a question, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import PassageIndex
from knowledge.lexical import rarities
from knowledge.segment import KeyKind, Segment
from knowledge.text import terms
from knowledge.vectors import TextVectors, Vectors

FEATURES = (
    "late",
    "meaning",
    "dense_best",
    "dense_second",
    "dense_text",
    "dense_heading",
    "cover_best",
    "lexical_best",
)
"""The columns of a feature matrix.

`late` is the late interaction of the question with the passage's keys, and `meaning` the similarity
of what the metric makes of them, both as `_pooled` sums keys up. `dense_…` are similarities of
sentence vectors without their common part: with the nearest and the second nearest key of the
passage, its text, and its heading path. `cover_best` is the share of the question's weight in words
that one key of the passage has; `lexical_best` the similarity in words with a key."""

_POOLED = 3

_READ = 24
"""Passages that are compared closely where their vectors have to be read."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages worth a look (places in the index) and their features, one row each.

    `generality` tells how near the question itself is to general talk.
    """

    places: Places
    features: NDArray[np.float32]
    generality: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is compared: its vectors, that of the sentence centred, and its words."""

    sentence: Vectors
    meaning: Vectors
    tokens: Vectors
    rarity: Mapping[str, float]


def find_candidates(
    index: PassageIndex,
    question: str,
    encoded: TextVectors,
    *,
    allowed: Sequence[NDArray[np.bool_]],
    depth: int = 48,
) -> Candidates:
    """Collect the best passages by vectors and by words, and describe each.

    `encoded` is the question as the encoder gives it, `allowed` as `PassageIndex.allowed` has it.
    `depth` is how many keys are nearest in meaning; half as many are nearest in words.
    """
    sentence = index.background.centred(encoded.sentence[None, :])[0]
    asked = Question(
        sentence=sentence,
        meaning=encoded.meaning if len(encoded.meaning) else sentence,
        tokens=encoded.tokens.bytes * encoded.tokens.scales[:, None],
        rarity=rarities(terms(question), [one.segment.lexical for one in index.live]),
    )
    searched = [
        (one.segment, _keys(one.segment, flags))
        for one, flags in zip(index.live, allowed, strict=True)
        if flags.any()
    ]
    nearest = index.vectors.search(
        [segment.vectors for segment, _ in searched],
        asked.meaning,
        limit=depth,
        allowed=[keys for _, keys in searched],
    )
    found = [
        _Found(segment, asked, keys, own, depth)
        for (segment, keys), own in zip(searched, nearest, strict=True)
    ]
    near = _best([one.near for one in found], depth)
    worded = _best([one.worded for one in found], depth // 2)
    passages = [
        one.passages(np.concatenate(keys))
        for one, *keys in zip(found, near, worded, strict=True)
        if any(map(len, keys))
    ]
    if any(one.segment.evidence.on_demand for one in found):
        passages = _promising(passages)
    generality = index.background.nearness(sentence)
    if not passages:
        nothing = np.zeros((0, len(FEATURES)), np.float32)
        return Candidates(np.zeros(0, np.int64), nothing, generality)
    places = [one.places + index.starts[_number(index, one.found.segment)] for one in passages]
    rows = [one.describe() for one in passages]
    return Candidates(np.concatenate(places), np.concatenate(rows), generality)


class _Found:
    """What a segment has for a question: its best keys with how good they are, and its words."""

    def __init__(
        self,
        segment: Segment,
        asked: Question,
        keys: NDArray[np.bool_],
        near: tuple[Places, Vectors],
        depth: int,
    ) -> None:
        self.segment = segment
        self.asked = asked
        self.cover, self.cosine = segment.lexical.match_terms(asked.rarity)
        self.near = near
        words = np.where(keys, self.cover + self.cosine, 0)
        most = min(depth // 2, len(words))
        best = np.argpartition(-words, most - 1)[:most]
        best = best[words[best] > 0]
        self.worded = best, words[best]

    def passages(self, keys: Places) -> _Passages:
        """The passages that these keys lead to, with all their keys."""
        segment = self.segment
        places = np.unique(segment.key_passages[keys]).astype(np.int64)
        firsts, ends = segment.key_starts[places], segment.key_starts[places + 1]
        own = np.concatenate([np.arange(a, b) for a, b in zip(firsts, ends, strict=True)])
        similar = segment.vectors.similar(self.asked.meaning, own)
        return _Passages(self, places, own, ends - firsts, similar)


@dataclass(frozen=True, slots=True)
class _Passages:
    """Some passages of a segment: their `keys` one after the other, `counts` of each passage, and
    how alike in `meaning` each key is to the question.
    """

    found: _Found
    places: Places
    keys: Places
    counts: Places
    meaning: Vectors

    @property
    def starts(self) -> Places:
        """Where the keys of each passage begin."""
        starts: Places = np.cumsum(self.counts) - self.counts
        return starts

    def likeness(self) -> Vectors:
        """How good each looks by what takes no reading of vectors: meaning and words."""
        cover = np.maximum.reduceat(self.found.cover[self.keys], self.starts)
        return _pooled(self.meaning, self.starts) + cover

    def only(self, flags: NDArray[np.bool_]) -> _Passages:
        """The flagged ones."""
        of_keys = np.repeat(flags, self.counts)
        return _Passages(
            self.found,
            self.places[flags],
            self.keys[of_keys],
            self.counts[flags],
            self.meaning[of_keys],
        )

    def describe(self) -> NDArray[np.float32]:
        """The features, one row a passage."""
        found, keys, starts = self.found, self.keys, self.starts
        kinds = found.segment.key_kinds[keys]
        close = found.segment.evidence.compare(found.asked.sentence, found.asked.tokens, keys)
        # A text or row says what nobody asked for; of a heading or a question every word counts.
        says_more = np.isin(kinds, (KeyKind.TEXT, KeyKind.ROW))
        late = np.where(says_more, close.asked, (close.asked + close.said) / 2)
        texts = np.where(kinds == KeyKind.TEXT, close.sentence, -1)
        headings = np.where(kinds == KeyKind.HEADING, close.sentence, -1)
        columns = [
            _pooled(late, starts),
            _pooled(self.meaning, starts),
            np.maximum.reduceat(close.sentence, starts),
            _descending(close.sentence, starts)[starts + 1],  # each has a heading and a text
            np.maximum.reduceat(texts, starts),
            np.maximum.reduceat(headings, starts),
            np.maximum.reduceat(found.cover[keys], starts),
            np.maximum.reduceat(found.cosine[keys], starts),
        ]
        return np.stack(columns, axis=1).astype(np.float32)


def _promising(passages: Sequence[_Passages]) -> list[_Passages]:
    """Those worth reading the vectors of; on the packs' tests the first was always among them."""
    likeness = [one.likeness() for one in passages]
    values = np.concatenate(likeness) if likeness else np.zeros(0)
    least = np.sort(values)[-_READ] if len(values) > _READ else -np.inf
    kept = [one.only(own >= least) for one, own in zip(passages, likeness, strict=True)]
    return [one for one in kept if len(one.places)]


def _keys(segment: Segment, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """One flag a key: whether it leads to an article that may answer."""
    if allowed.all():
        return np.ones(len(segment.key_passages), bool)
    return allowed[segment.article_of][segment.key_passages]


def _best(found: Sequence[tuple[Places, Vectors]], most: int) -> list[Places]:
    """Of every segment's keys those that are among the best of all."""
    if len(found) == 1:
        return [found[0][0]]
    values = np.concatenate([own for _, own in found]) if found else np.zeros(0)
    least = np.sort(values)[-most] if len(values) > most else -np.inf
    return [keys[own >= least] for keys, own in found]


def _number(index: PassageIndex, segment: Segment) -> int:
    return next(n for n, one in enumerate(index.live) if one.segment is segment)


def _descending(values: Vectors, starts: Places) -> Vectors:
    """The values, those of each passage (from its start to the next) with the largest first."""
    owners = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(values)))
    ordered: Vectors = values[np.lexsort((-values, owners))]
    return ordered


def _pooled(similar: Vectors, starts: Places) -> Vectors:
    """One number a passage for its keys: the best, and how good the best three are, half each."""
    counts = np.diff(starts, append=len(similar))
    best = _descending(similar, starts)
    rank = np.arange(len(best)) - np.repeat(starts, counts)
    several = np.add.reduceat(np.where(rank < _POOLED, best, 0), starts)
    return ((best[starts] + several / np.minimum(counts, _POOLED)) / 2).astype(np.float32)
