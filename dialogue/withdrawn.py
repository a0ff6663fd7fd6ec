"""Which of several values hold: of 不是A是B, A打错了，是B and not A, I meant B it is B."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.conduct import Cues

Span = tuple[int, int]
"""From where to where a value stands in a text."""

_AND = re.compile(r"\s*(、|/|和|或者?|跟|与|还有|以及|and|or)\s*", re.IGNORECASE)


def holding(text: str, spans: Sequence[Span], cues: Cues) -> list[int]:
    """Which of the values at `spans` are not taken back, as indices in the order of the text.

    `spans` are values of one kind that do not overlap. The words of a correction belong to the
    value next to them, never to one beyond: in 不要红的要黑的 only the first is withdrawn.
    """
    order = sorted(range(len(spans)), key=lambda index: spans[index])
    held: list[int] = []
    earlier, taken_back = 0, False
    for place, index in enumerate(order):
        start, end = spans[index]
        later = spans[order[place + 1]][0] if place + 1 < len(order) else len(text)
        # 不要红色和蓝色 withdraws both.
        listed = taken_back and _AND.fullmatch(text, earlier, start) is not None
        taken_back = (
            listed
            or cues.not_this.search(text[earlier:start]) is not None
            or _follows(cues.mistyped, text, end, later)
            or (len(spans) > 1 and _follows(cues.not_that, text, end, later))
        )
        if not taken_back:
            held.append(index)
        earlier = end
    return held


def _follows(cue: re.Pattern[str], text: str, end: int, later: int) -> bool:
    """Whether a cue stands right after a value, before the next one."""
    found = cue.match(text, end)
    return found is not None and found.end() <= later
