"""Says of a regex whether the search for it could take forever, before it meets a customer's text.

Python's engine tries every way to match. Two things make the ways too many: a repetition of
something that can match in several ways, (a+)+, where they double with every character; and
repetitions in a row that can share the same characters, .*.*.*x, where they grow with the length to
the power of their number. Both are seen in the parsed pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import prod
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

_MANY: Final = 8  # so often the ways may double
_LONGEST: Final = 5000  # characters of a message that are read
_MOST_WAYS: Final = 4 * _LONGEST  # at one place of a text; the worst pattern then takes seconds
_REPEATS: Final = frozenset({op.MAX_REPEAT, op.MIN_REPEAT})
_CHARACTERS: Final = frozenset({op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN})
_CATEGORIES: Final[dict[Any, Callable[[str], bool]]] = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    op.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    op.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    op.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}
# A character of every kind that classes tell apart.
_PROBES: Final = frozenset(chr(c) for c in range(32, 127)) | frozenset("\n中é，")

_Item = tuple[Any, Any]
_Held = tuple[frozenset[str], int]  # what a repetition matches, and in how many lengths


class _TooManyWays(Exception):
    """Repetitions in a row share characters."""


def slow_regex(pattern: str) -> str | None:
    """Why the search for a regex may take forever, with the remedy; None when it cannot.

    The pattern must be a valid regex: raises re.error otherwise.
    """
    parsed = list(_parser.parse(pattern))
    if _doubles(parsed):
        return (
            "a repetition holds something that can match in several ways, like (a+)+ or (a|b)*;"
            " repeat single characters or classes instead, like a+ or [ab]*"
        )
    try:
        _Row(_PROBES | set(pattern)).walk(parsed, [])
    except _TooManyWays:
        return (
            "long repetitions in a row can share the same characters, like .*.*x; give them ends,"
            " like .{0,20}, or put between them what they do not match"
        )
    return None


def _doubles(items: Iterable[_Item], *, repeated: bool = False) -> bool:
    """Whether a repetition, or something inside of one when `repeated`, has several ways."""
    for code, value in items:
        inner = repeated
        if code in _REPEATS:
            if repeated and value[0] != value[1]:
                return True
            inner = repeated or value[1] > _MANY
        elif code is op.BRANCH and repeated:
            return True
        if any(_doubles(part, repeated=inner) for part in _parts(code, value)):
            return True
    return False


def _parts(code: Any, value: Any) -> Iterator[Iterable[_Item]]:
    """The sequences inside an item of a parsed pattern."""
    if code is op.BRANCH:
        yield from value[1]
    elif code is op.ATOMIC_GROUP:
        yield value
    elif code is op.GROUPREF_EXISTS:
        yield from (part for part in value[1:] if part is not None)
    elif code in {op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT, op.POSSESSIVE_REPEAT, *_REPEATS}:
        yield value[-1]


class _Row:
    """Follows a pattern and keeps the repetitions that may still give characters back."""

    def __init__(self, alphabet: Iterable[str]) -> None:
        self._alphabet = frozenset(alphabet)

    def walk(self, items: Iterable[_Item], held: list[_Held]) -> list[_Held]:
        """The repetitions still open after `items`. Raises _TooManyWays."""
        for code, value in items:
            if code in _CHARACTERS:
                held = self._after(held, self._matched(code, value))
            elif code in _REPEATS:
                held = self._repeat(value, held)
            elif code is op.BRANCH:
                ends = [self.walk(branch, held) for branch in value[1]]
                held = max(ends, key=_ways)
            elif code is op.SUBPATTERN:
                held = self.walk(value[-1], held)
            else:
                if _ways(held) > _MOST_WAYS:
                    raise _TooManyWays
                for part in _parts(code, value):
                    self.walk(part, [])
        return held

    def _repeat(self, value: Any, held: list[_Held]) -> list[_Held]:
        low, high, body = value
        single = len(body) == 1 and body[0][0] in _CHARACTERS
        if not single:
            # Three turns show what many do.
            for _ in range(min(int(high), 3)):
                held = self.walk(body, held)
            return held
        matched = self._matched(*body[0])
        if low:
            held = self._after(held, matched)
        if low == high:
            return held
        return [*held, (matched, min(int(high), _LONGEST) - int(low) + 1)]

    def _after(self, held: list[_Held], matched: frozenset[str]) -> list[_Held]:
        """What stays open once one of the characters `matched` has to follow."""
        if _ways(held) > _MOST_WAYS:
            raise _TooManyWays
        return [one for one in held if one[0] & matched]

    def _matched(self, code: Any, value: Any) -> frozenset[str]:
        if code is op.ANY:
            return self._alphabet
        if code is op.IN:
            return frozenset(c for c in self._alphabet if _in_class(c, value))
        same = frozenset({chr(value).lower(), chr(value).upper()})
        return same if code is op.LITERAL else self._alphabet - same


def _ways(held: list[_Held]) -> int:
    """In how many ways the open repetitions can share characters, at most."""
    ways = [
        prod(length for other, length in held[i:] if other & one[0]) for i, one in enumerate(held)
    ]
    return max(ways, default=1)


def _in_class(character: str, items: Iterable[_Item]) -> bool:
    negated = False
    found = False
    for code, value in items:
        if code is op.NEGATE:
            negated = True
        elif code is op.LITERAL:
            found |= character.lower() == chr(value).lower()
        elif code is op.RANGE:
            found |= any(value[0] <= ord(c) <= value[1] for c in _cases(character))
        elif code is op.CATEGORY:
            found |= _CATEGORIES[value](character)
    return found is not negated


def _cases(character: str) -> set[str]:
    return {c for c in (character, character.lower(), character.upper()) if len(c) == 1}
