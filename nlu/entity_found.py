"""What the finders of entities hand over, and which of two overlapping finds is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """How sure a kind's form alone is; the lower wins where two finds overlap."""

    EMAIL = 0
    CODE = 1  # numbers with a fixed form or a check digit
    SAID = 2  # addresses of pages, and phones of any form after a word that says so
    PHRASE = 3  # dates, money, quantities: the longest of them
    NAME = 4
    BARE = 5  # four digits, a number: only where nothing else claims them


@dataclass(frozen=True, slots=True)
class Found:
    """A possible entity in the normal form of a text, `[start, end)`."""

    name: str
    value: str
    start: int
    end: int
    rank: Rank


def without_overlaps(found: Iterable[Found]) -> list[Found]:
    """The finds that are kept, by place: by rank, then the longer, then the earlier.

    PHRASE and NAME compete by length alone, for 双十一 inside a name is part of it, and a name
    inside a date is part of the date.
    """
    kept: list[Found] = []
    taken: set[int] = set()
    for one in sorted(found, key=_strength):
        if taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _strength(found: Found) -> tuple[int, int, int, int]:
    together = min(found.rank, Rank.PHRASE) if found.rank is Rank.NAME else found.rank
    return together, found.start - found.end, found.rank, found.start
