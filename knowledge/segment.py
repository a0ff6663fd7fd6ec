"""A part of the index: some articles, their passages and keys, built once and never changed.

Small parts make change cheap: a changed article goes into a new one, and is only marked as gone in
the part that had it (after Lucene's segments, and the log-structured merge-tree of O'Neil 1996).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article, Scope
from knowledge.background import Background, background_fingerprint
from knowledge.evidence import Evidence, EvidenceInMemory, EvidenceOnDemand
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage, split_article, split_question
from knowledge.tables import tables_of
from knowledge.vector_index import IndexesInMemory, VectorIndex, VectorIndexes
from knowledge.vectors import (
    Encode,
    PassageVectors,
    TextVectors,
    TokenVectors,
    Vectors,
    find_or_encode,
    kept_as,
    text_hash,
    unpack,
)

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ARTICLES_AT_ONCE = 200
_MOST_MASKS = 32
_MOST_ROWS = 50  # of a passage: a longer list is a catalogue, and would crowd the others out


class KeyKind(IntEnum):
    """What a passage can be found by."""

    HEADING = 0
    TEXT = 1
    QUESTION = 2
    ROW = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Where vectors come from, and how they are to be held.

    With `in_memory` False the vectors that candidates are compared by are fetched from `kept` for
    each search.
    """

    encode: Encode
    kept: PassageVectors
    encoder: str
    background: Background
    indexes: VectorIndexes = field(default_factory=IndexesInMemory)
    in_memory: bool = True

    def vectors(self, texts: Sequence[str]) -> list[TextVectors]:
        """The vectors of texts, encoded only if they are not kept."""
        return find_or_encode(texts, encode=self.encode, kept=self.kept, encoder=self.encoder)


@dataclass(frozen=True, slots=True)
class Segment:
    """Passages, the keys they are found by, and both searches over the keys.

    Keys are in the order of their passages, which are in that of their articles:
    `key_starts[p]:key_starts[p + 1]` are those of passage p. `questions` has the similar questions
    by key. `masks` remembers which articles may answer, by scope and day.
    """

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    article_of: Places
    key_kinds: NDArray[np.int8]
    key_passages: NDArray[np.int32]
    key_starts: Places
    questions: dict[int, str]
    vectors: VectorIndex
    lexical: LexicalIndex
    evidence: Evidence
    masks: dict[tuple[Scope, date | None], Flags] = field(default_factory=dict)

    def allowed(self, scope: Scope, today: date | None) -> Flags:
        """One flag an article: whether it may answer in this scope on this day."""
        found = self.masks.get((scope, today))
        if found is None:
            flags = (_may_answer(article, scope, today) for article in self.articles)
            found = np.fromiter(flags, bool, len(self.articles))
            if len(self.masks) >= _MOST_MASKS:
                self.masks.clear()
            self.masks[scope, today] = found
        return found


def build_segment(
    articles: Sequence[Article],
    source: Source,
    *,
    others: Sequence[LexicalIndex] = (),
    progress: Callable[[int], None] = lambda done: None,
) -> Segment | None:
    """Build a segment of these articles; None when they hold no passage.

    Vectors are read for a few articles at a time. `others` are what is searched
    beside, for the rarity of words; `progress` is called with the number of articles done.
    """
    making = _Making()
    for start in range(0, len(articles), _ARTICLES_AT_ONCE):
        making.add(articles[start : start + _ARTICLES_AT_ONCE], source)
        progress(min(start + _ARTICLES_AT_ONCE, len(articles)))
    if not making.passages:
        return None
    rows = np.concatenate(making.rows)
    evidence: Evidence = (
        EvidenceInMemory(making.sentences, making.tokens)
        if source.in_memory
        else EvidenceOnDemand(making.hashes, _fetching(source))
    )
    key_passages = np.array(making.key_passages, np.int32)
    return Segment(
        articles=tuple(articles),
        passages=tuple(making.passages),
        article_of=np.array(making.article_of, np.int64),
        key_kinds=np.array(making.key_kinds, np.int8),
        key_passages=key_passages,
        key_starts=np.searchsorted(key_passages, np.arange(len(making.passages) + 1)),
        questions=making.questions,
        vectors=source.indexes.make(rows, making.hashes, space=making.space),
        lexical=LexicalIndex(making.texts, others),
        evidence=evidence,
    )


def keep_vectors(
    articles: Sequence[Article], *, encode: Encode, kept: PassageVectors, encoder: str
) -> None:
    """Encode what leads to these articles' passages, so that indexing them takes no encoding."""
    for article in articles:
        texts = key_texts(article, split_article(article))
        find_or_encode(texts, encode=encode, kept=kept, encoder=encoder)


def vector_space(encoder: str, *, centred: bool) -> str:
    """Names what made the vectors that keys are found by: an encoder, and the metric, or, where
    there is none for it, what its sentence vectors were centred by."""
    name = kept_as(encoder)
    return f"{name}-{background_fingerprint()}" if centred else name


def heading_text(passage: Passage) -> str:
    """The key that a passage's heading path makes."""
    return " ".join(dict.fromkeys(passage.heading_path))


class _Making:
    """What grows while a segment is built."""

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.article_of: list[int] = []
        self.key_kinds: list[KeyKind] = []
        self.key_passages: list[int] = []
        self.questions: dict[int, str] = {}
        self.texts: list[str] = []
        self.hashes: list[str] = []
        self.rows: list[Vectors] = []
        self.sentences: list[Vectors] = []
        self.tokens: list[TokenVectors] = []
        self.space = ""
        self._articles = 0

    def add(self, articles: Sequence[Article], source: Source) -> None:
        """Add articles with the vectors of their keys."""
        split = [split_article(article) for article in articles]
        texts = [
            text
            for article, own in zip(articles, split, strict=True)
            for text in key_texts(article, own)
        ]
        stored = dict(zip(texts, source.vectors(texts), strict=True))
        for article, own in zip(articles, split, strict=True):
            self._add(article, own, stored, source)
            self._articles += 1

    def _add(
        self,
        article: Article,
        own: Sequence[Passage],
        stored: dict[str, TextVectors],
        source: Source,
    ) -> None:
        if not own:
            return
        texts = key_texts(article, own)
        sentences = source.background.centred(np.stack([stored[t].sentence for t in texts]))
        meanings = np.stack([stored[text].meaning for text in texts])
        rows = meanings if meanings.shape[1] else sentences
        self.space = vector_space(source.encoder, centred=not meanings.shape[1])
        count, first = len(own), len(self.passages)
        # A large base is held to the keys that every passage has, lest tables take its memory.
        row_places = _row_places(own) if source.in_memory else []
        # Of every passage its heading, its text, the questions that lead to it, and its rows.
        entries = [(place, KeyKind.HEADING, place) for place in range(count)]
        entries += [(place, KeyKind.TEXT, count + place) for place in range(count)]
        near = sentences[:count] + sentences[count : 2 * count]
        for number, question in enumerate(article.questions, start=2 * count):
            nearness = np.where(_aimed(question, own)[1], near @ sentences[number], -np.inf)
            entries.append((int(np.argmax(nearness)), KeyKind.QUESTION, number))
        asked = 2 * count + len(article.questions)
        entries += [(place, KeyKind.ROW, n) for n, place in enumerate(row_places, start=asked)]
        entries.sort()
        for place, kind, number in entries:
            text = texts[number]
            if kind is KeyKind.QUESTION:
                self.questions[len(self.texts)] = text
            self.key_kinds.append(kind)
            self.key_passages.append(first + place)
            # In words a row says nothing that the text does not, and would make its words common.
            self.texts.append("" if kind is KeyKind.ROW else text)
            if source.in_memory:
                self.sentences.append(sentences[number])
                self.tokens.append(stored[text].tokens)
            self.hashes.append(text_hash(text))
        self.rows.append(rows[[number for _, _, number in entries]])
        self.passages += own
        self.article_of += [self._articles] * count


def key_texts(article: Article, own: Sequence[Passage]) -> list[str]:
    """The texts that lead to an article's passages: headings, full texts, similar questions, and
    the rows of tables.
    """
    if not own:
        return []
    return [
        *(heading_text(passage) for passage in own),
        *(f"{heading_text(passage)}\n{passage.text}" for passage in own),
        *(_aimed(question, own)[0] for question in article.questions),
        *(f"{heading_text(passage)} {row}" for passage in own for row in _rows(passage)),
    ]


def _rows(passage: Passage) -> list[str]:
    """The rows of a passage's tables, in words."""
    tables = tables_of(passage.markdown)
    return [table.text(row) for table in tables for row in range(len(table.rows))][:_MOST_ROWS]


def _row_places(own: Sequence[Passage]) -> list[int]:
    """For each row of these passages, in order, which of them it is in."""
    return [place for place, passage in enumerate(own) for _ in _rows(passage)]


def _aimed(question: str, passages: Sequence[Passage]) -> tuple[str, Flags]:
    """A similar question's text, and a flag for each passage under the heading that it names; all
    are flagged when it names none of them, and then an arrow is part of the text.
    """
    text, heading = split_question(question)
    named = np.array([passage.heading == heading for passage in passages], bool)
    return (text, named) if named.any() else (question, np.ones(len(passages), bool))


def _may_answer(article: Article, scope: Scope, today: date | None) -> bool:
    return (
        article.brand_id == scope.brand_id
        and (scope.product is None or article.product in (None, scope.product))
        and (scope.version is None or not article.versions or scope.version in article.versions)
        and (scope.channel is None or not article.channels or scope.channel in article.channels)
        and (today is None or article.valid_until is None or today <= article.valid_until)
    )


def _fetching(source: Source) -> Callable[[Sequence[str]], list[TextVectors | None]]:
    """Reads vectors by hash of their text; None where they are lost."""

    def fetch(hashes: Sequence[str]) -> list[TextVectors | None]:
        kept = source.kept.find(list(dict.fromkeys(hashes)), encoder=kept_as(source.encoder))
        found = [unpack(packed) for packed in kept.values()]
        if not found:
            return [None] * len(hashes)
        centred = source.background.centred(np.stack([vectors.sentence for vectors in found]))
        known = {
            one: TextVectors(row, vectors.meaning, vectors.tokens)
            for one, vectors, row in zip(kept, found, centred, strict=True)
        }
        return [known.get(one) for one in hashes]

    return fetch
