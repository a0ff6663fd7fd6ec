"""Two texts side by side: rows of lines that are equal, changed, added or removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Within a line, words of letters and numbers change whole; Chinese changes by the character.
_PIECE = re.compile(r"[0-9A-Za-z]+|\s+|.", re.DOTALL)
_LONGEST_LINE = 1000  # characters; a longer one is shown as changed whole
_MOST_PAIRS = 900  # lines before × lines after in one block; a larger one is paired in order
_ALIKE = 0.5  # the share of its characters that two versions of one line have in common at least


class RowKind(StrEnum):
    """What became of a line."""

    EQUAL = "equal"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `changed` where the other side has something else."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the display: a line before, a line after, or both.

    Line numbers count from 1 and are None on the side that has no such line; its spans are empty.
    """

    kind: RowKind
    old_line: int | None
    new_line: int | None
    old: tuple[Span, ...]
    new: tuple[Span, ...]


def compare_texts(old: str, new: str) -> tuple[Row, ...]:
    """The rows that show `old` on the left and `new` on the right, in order; none for two empty
    texts. The rows' left lines are exactly those of `old`, the right ones those of `new`.
    """
    return tuple(_rows(old.splitlines(), new.splitlines()))


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            for step in range(i_end - i):
                yield _row(old, i + step, new, j + step)
        else:
            for before, after in _pairs(old, range(i, i_end), new, range(j, j_end)):
                yield _row(old, before, new, after)


def _pairs(
    old: Sequence[str], i: range, new: Sequence[str], j: range
) -> Iterator[tuple[int | None, int | None]]:
    """Which line of a changed block became which: the pairing with the most in common."""
    if len(i) * len(j) > _MOST_PAIRS:
        shared = min(len(i), len(j))
        yield from zip(i[:shared], j[:shared], strict=True)
        yield from ((before, None) for before in i[shared:])
        yield from ((None, after) for after in j[shared:])
        return
    alike = [[_alike(old[before], new[after]) for after in j] for before in i]
    best = _best_sums(alike, len(i), len(j))
    x = y = 0
    while x < len(i) or y < len(j):
        together = alike[x][y] if x < len(i) and y < len(j) else 0.0
        if together and best[x][y] == together + best[x + 1][y + 1]:
            yield i[x], j[y]
            x, y = x + 1, y + 1
        elif x < len(i) and best[x][y] == best[x + 1][y]:
            yield i[x], None
            x += 1
        else:
            yield None, j[y]
            y += 1


def _best_sums(alike: list[list[float]], rows: int, columns: int) -> list[list[float]]:
    """[x][y]: the most that the lines from x and y on can have in common, paired in order."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for x in range(rows - 1, -1, -1):
        for y in range(columns - 1, -1, -1):
            paired = alike[x][y] + best[x + 1][y + 1] if alike[x][y] else 0.0
            best[x][y] = max(best[x + 1][y], best[x][y + 1], paired)
    return best


def _alike(old: str, new: str) -> float:
    """The share of two lines that is the same; 0 where they are not two versions of one line."""
    if not old.strip() or not new.strip() or max(len(old), len(new)) > _LONGEST_LINE:
        return 0.0
    # Which characters there are, in whatever order: good enough to pair lines, and fast.
    ratio = SequenceMatcher(None, old, new, autojunk=False).quick_ratio()
    return ratio if ratio >= _ALIKE else 0.0


def _row(old: Sequence[str], i: int | None, new: Sequence[str], j: int | None) -> Row:
    if i is None and j is not None:
        return Row(RowKind.ADDED, None, j + 1, (), _whole(new[j], changed=True))
    if i is not None and j is None:
        return Row(RowKind.REMOVED, i + 1, None, _whole(old[i], changed=True), ())
    if i is None or j is None:
        raise ValueError("A row has a line on one side at least.")
    if old[i] == new[j]:
        same = _whole(old[i], changed=False)
        return Row(RowKind.EQUAL, i + 1, j + 1, same, same)
    before, after = _spans(old[i], new[j])
    return Row(RowKind.CHANGED, i + 1, j + 1, before, after)


def _whole(line: str, *, changed: bool) -> tuple[Span, ...]:
    return (Span(line, changed),) if line else ()


def _spans(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    if max(len(old), len(new)) > _LONGEST_LINE:
        return _whole(old, changed=True), _whole(new, changed=True)
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    left: list[Span] = []
    right: list[Span] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        changed = tag != "equal"
        left += _whole("".join(before[i:i_end]), changed=changed)
        right += _whole("".join(after[j:j_end]), changed=changed)
    return tuple(left), tuple(right)
