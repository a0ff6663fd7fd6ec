"""Everything a search needs about one state of the articles: segments, and what is gone of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article, ArticleStatus, Scope
from knowledge.background import Background
from knowledge.passages import Passage
from knowledge.segment import Segment, Source, build_segment
from knowledge.vector_index import VectorIndexes

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGE = 20_000
"""Articles whose passages are about as many are held on demand: the closer vectors of more would
take more than half a gigabyte."""

_SEGMENT_ARTICLES = 5_000
_SMALL = 100  # articles: built anew at every change, which takes half a second
_MOST_SEGMENTS = 8  # small ones beside the full ones, before they are made one
_MOST_GONE = 0.25


@dataclass(frozen=True, slots=True)
class Live:
    """A segment, and which of its articles are still to be found there (one flag each)."""

    segment: Segment
    alive: Flags

    @property
    def gone(self) -> float:
        """The share of its articles that are not."""
        return 1 - float(self.alive.mean())


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Segments side by side, as one sequence of passages; never changed, only followed by another.

    `vectors` made the segments' vector indexes. `places` has for every article's id its segment and
    place in there; `starts` the number of passages before each segment.
    """

    background: Background
    vectors: VectorIndexes
    live: tuple[Live, ...]
    places: Mapping[str, tuple[int, int]]
    starts: Places = field(init=False)

    def __post_init__(self) -> None:
        counts = [len(one.segment.passages) for one in self.live]
        object.__setattr__(self, "starts", np.concatenate([[0], np.cumsum(counts)]).astype(int))

    @property
    def passage_count(self) -> int:
        """How many passages can be found."""
        return sum(int(one.alive[one.segment.article_of].sum()) for one in self.live)

    def passage(self, place: int) -> Passage:
        """The passage at this place of the whole."""
        number = int(np.searchsorted(self.starts, place, side="right")) - 1
        return self.live[number].segment.passages[place - int(self.starts[number])]

    def allowed(self, scope: Scope, now: datetime | None) -> list[Flags]:
        """For each segment a flag an article: whether it may answer in this scope at this time."""
        today = None if now is None else now.date()
        return [one.segment.allowed(scope, today) & one.alive for one in self.live]


def build_index(
    articles: Sequence[Article], source: Source, *, progress: Callable[[int], None] | None = None
) -> PassageIndex:
    """Build the index of the published articles, a segment after the other.

    Only texts that the source has not kept are encoded; `progress` is called with the number of
    articles done.
    """
    report = progress or (lambda done: None)
    published = [a for a in articles if a.status is ArticleStatus.PUBLISHED]
    source = replace(source, in_memory=source.in_memory and len(published) <= LARGE)
    segments: list[Segment] = []
    for start in range(0, len(published), _SEGMENT_ARTICLES):
        made = build_segment(
            published[start : start + _SEGMENT_ARTICLES],
            source,
            others=[segment.lexical for segment in segments],
            progress=lambda done, before=start: report(before + done),  # type: ignore[misc]
        )
        segments += [made] if made is not None else []
    source.indexes.finish()
    return _joined(source, [Live(s, np.ones(len(s.articles), bool)) for s in segments])


def change_index(index: PassageIndex, changed: Sequence[Article], source: Source) -> PassageIndex:
    """The index after these articles changed: what is not published any more is not found.

    A small base is built anew. In a large one the old versions are marked as gone and the new ones
    go into a segment of their own; now and then small segments are made one.
    """
    ids = {article.id for article in changed}
    staying = [
        a
        for one in index.live
        for a, alive in zip(one.segment.articles, one.alive, strict=True)
        if alive and a.id not in ids
    ]
    if len(staying) + len(changed) <= _SMALL:
        return build_index([*staying, *changed], source)
    source = replace(source, in_memory=source.in_memory and len(staying) <= LARGE)
    live = _without(index, ids)
    published = [a for a in changed if a.status is ArticleStatus.PUBLISHED]
    made = build_segment(published, source, others=[one.segment.lexical for one in live])
    if made is not None:
        live.append(Live(made, np.ones(len(made.articles), bool)))
    return _joined(source, live)


def is_scattered(index: PassageIndex) -> bool:
    """Whether there are so many small segments, or so much is gone, that tidying is worth it."""
    return bool(_untidy(index))


def tidy_index(index: PassageIndex, source: Source) -> PassageIndex:
    """The same articles with the untidy segments built anew, as one."""
    untidy = _untidy(index)
    kept = [one for number, one in enumerate(index.live) if number not in untidy]
    moved = [
        article
        for number in sorted(untidy)
        for article, alive in zip(
            index.live[number].segment.articles, index.live[number].alive, strict=True
        )
        if alive
    ]
    source = replace(source, in_memory=source.in_memory and len(index.places) <= LARGE)
    for start in range(0, len(moved), _SEGMENT_ARTICLES):
        made = build_segment(
            moved[start : start + _SEGMENT_ARTICLES],
            source,
            others=[one.segment.lexical for one in kept],
        )
        if made is not None:
            kept.append(Live(made, np.ones(len(made.articles), bool)))
    source.indexes.finish()
    return _joined(source, kept)


def _untidy(index: PassageIndex) -> set[int]:
    # Those that are quick to build again: a change has to wait while they are made one.
    most = max((len(one.alive) for one in index.live), default=0) // 4
    small = {n for n, one in enumerate(index.live) if len(one.alive) <= most}
    gone = {n for n, one in enumerate(index.live) if one.gone > _MOST_GONE}
    return (small | gone) if len(small) > _MOST_SEGMENTS or gone else set()


def _without(index: PassageIndex, ids: set[str]) -> list[Live]:
    live = list(index.live)
    for article_id in ids:
        number, place = index.places.get(article_id, (-1, -1))
        if number >= 0:
            alive = live[number].alive.copy()
            alive[place] = False
            live[number] = Live(live[number].segment, alive)
    return live


def _joined(source: Source, live: Sequence[Live]) -> PassageIndex:
    live = tuple(one for one in live if one.alive.any())
    places = {
        article.id: (number, place)
        for number, one in enumerate(live)
        for place, article in enumerate(one.segment.articles)
        if one.alive[place]
    }
    return PassageIndex(source.background, source.indexes, live, places)
