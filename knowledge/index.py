"""Everything a search needs about one state of the articles, built once and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article, ArticleStatus, Scope
from knowledge.late import LateIndex
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage, split_article, split_question
from knowledge.text import is_chinese
from knowledge.vectors import (
    Encode,
    FlatIndex,
    PassageVectors,
    VectorIndex,
    Vectors,
    find_or_encode,
)

Places = NDArray[np.int64]
_HUB_NEIGHBOURS = 5


class KeyKind(IntEnum):
    """What a passage can be found by."""

    HEADING = 0
    TEXT = 1
    QUESTION = 2


@dataclass(frozen=True, slots=True)
class Key:
    """One text that leads to a passage (by its place)."""

    text: str
    kind: KeyKind
    passage: int


@dataclass(frozen=True, slots=True)
class Background:
    """How general talk looks to the encoder: the zero that similarities are measured from.

    E5's vectors share a large common part, which hides differences; `mean` (1-d) is that part.
    `vectors` are sentences of general customer talk, without it.
    """

    mean: Vectors
    vectors: Vectors

    def centred(self, vectors: Vectors) -> Vectors:
        """The vectors (2-d) without the common part, of unit length again."""
        return _unit(vectors - self.mean)

    def nearness(self, centred: Vectors) -> Vectors:
        """For each centred vector, its mean similarity to the nearest sentences of general talk:
        what is near to everything says little (hubness: Radovanović et al. 2010; the correction is
        that of CSLS, Lample et al. 2018).
        """
        similar = centred @ self.vectors.T
        nearest = np.sort(similar, axis=1)[:, -_HUB_NEIGHBOURS:]
        mean: Vectors = nearest.mean(axis=1)
        return mean


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Passages, the keys they are found by, and both searches over the keys.

    Keys are in the order of their passages; `key_starts[p]:key_starts[p + 1]` are those of
    passage p, and `article_starts` likewise for the passages of an article.
    """

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    chinese: NDArray[np.bool_]
    article_of: Places
    keys: tuple[Key, ...]
    key_kinds: NDArray[np.int64]
    key_passages: Places
    key_starts: Places
    article_key_starts: Places
    hubness: Vectors
    background: Background
    vectors: VectorIndex
    lexical: LexicalIndex
    late: LateIndex

    def allowed(self, scope: Scope, now: datetime | None) -> NDArray[np.bool_]:
        """One flag a passage: whether it may answer in this scope at this time."""
        flags = np.array([_may_answer(article, scope, now) for article in self.articles], bool)
        chosen: NDArray[np.bool_] = flags[self.article_of]
        return chosen


def build_index(
    articles: Sequence[Article], *, encode: Encode, kept: PassageVectors, encoder: str
) -> PassageIndex | None:
    """Build the index of the published articles; None when they hold no passage.

    Only texts that `kept` does not know are encoded.
    """
    published = tuple(a for a in articles if a.status is ArticleStatus.PUBLISHED)
    by_article = [split_article(article) for article in published]
    passages = tuple(passage for own in by_article for passage in own)
    if not passages:
        return None
    texts = [
        *(_heading_text(passage) for passage in passages),
        *(_full_text(passage) for passage in passages),
        *(
            _aimed(question, own)[0]
            for article, own in zip(published, by_article, strict=True)
            for question in article.questions
        ),
    ]
    general = _background_texts()
    encoded = find_or_encode([*texts, *general], encode=encode, kept=kept, encoder=encoder)
    every_row = np.stack([sentence for sentence, _ in encoded])
    rows, general_rows = every_row[: len(texts)], every_row[len(texts) :]
    # Half the common part of these articles, half that of general talk: with one article alone,
    # its own mean would take everything away.
    mean = (rows.mean(axis=0) + general_rows.mean(axis=0)) / 2
    background = Background(mean, _unit(general_rows - mean))
    centred = background.centred(rows)
    keys, order = _make_keys(published, by_article, passages, texts, centred)
    centred = centred[order]
    key_passages = np.array([key.passage for key in keys], np.int64)
    article_of = np.repeat(np.arange(len(published)), [len(own) for own in by_article])
    return PassageIndex(
        articles=published,
        passages=passages,
        chinese=np.array([is_chinese(passage.text) for passage in passages], bool),
        article_of=article_of,
        keys=keys,
        key_kinds=np.array([key.kind for key in keys], np.int64),
        key_passages=key_passages,
        key_starts=np.searchsorted(key_passages, np.arange(len(passages) + 1)),
        article_key_starts=np.searchsorted(article_of[key_passages], np.arange(len(published) + 1)),
        hubness=background.nearness(centred),
        background=background,
        vectors=FlatIndex(centred),
        lexical=LexicalIndex([key.text for key in keys]),
        late=LateIndex([encoded[place][1] for place in order]),
    )


def _make_keys(
    articles: Sequence[Article],
    by_article: Sequence[Sequence[Passage]],
    passages: Sequence[Passage],
    texts: Sequence[str],
    centred: Vectors,
) -> tuple[tuple[Key, ...], Places]:
    """The keys in the order of their passages, and for each the place of its text in `texts`."""
    count = len(passages)
    entries = [(place, KeyKind.HEADING, place) for place in range(count)]
    entries += [(place, KeyKind.TEXT, count + place) for place in range(count)]
    first, question = 0, 2 * count
    for article, own in zip(articles, by_article, strict=True):
        near = centred[first : first + len(own)]
        near = near + centred[count + first : count + first + len(own)]
        for text in article.questions:
            if own:
                nearness = np.where(_aimed(text, own)[1], near @ centred[question], -np.inf)
                place = int(np.argmax(nearness))
                entries.append((first + place, KeyKind.QUESTION, question))
            question += 1
        first += len(own)
    entries.sort()
    keys = tuple(Key(texts[place], kind, passage) for passage, kind, place in entries)
    return keys, np.array([place for _, _, place in entries], np.int64)


def _aimed(question: str, passages: Sequence[Passage]) -> tuple[str, NDArray[np.bool_]]:
    """A similar question's text, and a flag for each passage under the heading that it names; all
    are flagged when it names none of them, and then an arrow is part of the text.
    """
    text, heading = split_question(question)
    named = np.array([passage.heading == heading for passage in passages], bool)
    return (text, named) if named.any() else (question, np.ones(len(passages), bool))


def _may_answer(article: Article, scope: Scope, now: datetime | None) -> bool:
    return (
        article.brand_id == scope.brand_id
        and (scope.product is None or article.product in (None, scope.product))
        and (scope.version is None or not article.versions or scope.version in article.versions)
        and (scope.channel is None or not article.channels or scope.channel in article.channels)
        and (now is None or article.valid_until is None or now.date() <= article.valid_until)
    )


def _heading_text(passage: Passage) -> str:
    return " ".join(dict.fromkeys(passage.heading_path))


def _full_text(passage: Passage) -> str:
    return f"{_heading_text(passage)}\n{passage.text}"


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


@lru_cache(maxsize=1)
def _background_texts() -> tuple[str, ...]:
    text = resources.files("knowledge").joinpath("background.txt").read_text(encoding="utf-8")
    return tuple(dict.fromkeys(line for line in text.splitlines() if line))
