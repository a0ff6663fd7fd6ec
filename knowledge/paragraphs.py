"""Cut a paragraph that is too long to be said: at ends of sentences, or anywhere outside markup."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from knowledge.markup import Span, markup_in

_SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’\"'」』）)】]*|\.(?=\s)|\n")
_PAUSE = re.compile(r"[，、,：:]|\s")
_CLOSING = re.compile(r"[，、,：:。！？!?；;…”’\"'」』）)】]*")
_SPACE = re.compile(r"\s+")
_TRIED = 8  # places to cut at, of each kind: each costs reading the markup


def cut_paragraph(text: str, *, longest: int, plain: Callable[[str], str]) -> Iterator[str]:
    """The parts of a paragraph, each of at most `longest` characters and all about as long.

    A part ends with a sentence, where there is none with a pause, else anywhere. `plain` takes the
    markup out of a text. No link and no emphasis is cut: a part is longer where one of them is, and
    what is nothing else stays whole.
    """
    text = text.strip()
    paragraph = _Paragraph(text, markup_in(text), plain)
    start = 0
    while len(text) - start > longest:
        rest = len(text) - start
        wanted = start + math.ceil(rest / math.ceil(rest / longest))
        end = paragraph.end_of_part(start, wanted, start + longest)
        yield text[start:end].strip()
        start = end
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text):
        yield text[start:]


class _Paragraph:
    """A paragraph with what of it must stay together."""

    def __init__(self, text: str, markup: Sequence[Span], plain: Callable[[str], str]) -> None:
        self._text = text
        self._markup = markup
        self._plain = plain

    def end_of_part(self, start: int, wanted: int, limit: int) -> int:
        """Where to cut: near to what is wanted, and no part is less than half of that."""
        half = start + (wanted - start) // 2
        window = start, start + 2 * (limit - start)
        whole = self._said(*window)
        for places in self._places(half, wanted, limit):
            for place in islice(places, _TRIED):
                said = self._said(start, place) + self._said(place, window[1])
                if said == whole:
                    return place
        return self._after_markup(wanted)

    def _places(self, half: int, wanted: int, limit: int) -> Iterator[Iterator[int]]:
        """The places outside markup, the nearest first: ends of sentences, pauses, all others, and
        at last, beyond the limit, where the markup ends."""
        for ends in (_SENTENCE_END, _PAUSE):
            found = [match.end() for match in ends.finditer(self._text, half, limit)]
            found.sort(key=lambda place: abs(place - wanted))
            yield (place for place in found if self._markup_at(place) is None)
        yield (place for place in range(wanted, half, -1) if self._markup_at(place) is None)
        yield iter([self._after_markup(wanted)])

    def _after_markup(self, place: int) -> int:
        """This place, or the next one outside markup and behind what closes a sentence."""
        while (span := self._markup_at(place)) is not None:
            closing = _CLOSING.match(self._text, span[1])
            place = closing.end() if closing else span[1]
        return place

    def _markup_at(self, place: int) -> Span | None:
        """What a cut here would go through."""
        before = bisect_left(self._markup, place, key=lambda span: span[0]) - 1
        span = self._markup[before] if before >= 0 else None
        return span if span is not None and place < span[1] else None

    def _said(self, first: int, after: int) -> str:
        return _SPACE.sub("", self._plain(self._text[first:after]))
