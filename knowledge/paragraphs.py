"""Cut a paragraph that is too long to be said: at ends of sentences, or anywhere."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

_SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’\"'」』）)】]*|\.(?=\s)|\n")
_PAUSE = re.compile(r"[，、,：:]|\s")
_SPACE = re.compile(r"\s+")
_TRIED = 8  # places to cut at, of each kind: each costs reading the markup


def cut_paragraph(text: str, *, longest: int, plain: Callable[[str], str]) -> Iterator[str]:
    """The parts of a paragraph, each of at most `longest` characters and all about as long.

    A part ends with a sentence, where there is none with a pause, else anywhere. `plain` takes the
    markup out of a text: where a cut would break a link or an emphasis, another one is sought.
    """
    rest = text.strip()
    while len(rest) > longest:
        wanted = math.ceil(len(rest) / math.ceil(len(rest) / longest))
        end = _end_of_part(rest, wanted, longest, plain)
        yield rest[:end].strip()
        rest = rest[end:].strip()
    if rest:
        yield rest


def _end_of_part(text: str, wanted: int, longest: int, plain: Callable[[str], str]) -> int:
    """Where to cut: near to what is wanted, and no part is less than half of that."""
    window = text[: 2 * longest]
    whole = _squeezed(plain(window))
    for ends in (_SENTENCE_END, _PAUSE):
        places = [match.end() for match in ends.finditer(text, wanted // 2, longest)]
        for place in sorted(places, key=lambda place: abs(place - wanted))[:_TRIED]:
            if _squeezed(plain(window[:place])) + _squeezed(plain(window[place:])) == whole:
                return place
    return wanted


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)
