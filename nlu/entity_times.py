"""Finds times of day, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlu.entity_found import Found, Rank
from nlu.entity_numbers import numeral

_PART: Final = r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|半夜|夜里|早|晚)?"
_N: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十两]{1,3}|零)"
_CLOCK: Final = re.compile(
    rf"{_PART} ?(?<![0-9.:\-一二三四五六七八九十第])(?P<h>[0-9]{{1,2}})[:：](?P<m>[0-5][0-9])"
    r"(?::[0-5][0-9])?(?![0-9:])"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?"
)
_SAID: Final = re.compile(
    rf"{_PART} ?(?<![0-9.:一二三四五六七八九十百第]) ?(?P<h>{_N})点(?!击|开|赞|评|我|了)"
    r"(?:(?P<sharp>整|钟)|(?P<half>半)|(?P<quarter>[一三]刻)|(?P<m>[0-9]{1,2}|[零一二三四五六七八九十]{1,4})分?)?"
)
_ENGLISH: Final = re.compile(
    r"(?<![0-9a-z.:])(?P<h>[0-9]{1,2}) ?(?P<half>am|pm|a\.m\.|p\.m\.|o'clock)(?![a-z])"
)
_AFTERNOON: Final = frozenset(["下午", "傍晚", "晚上", "晚"])


def times(text: str) -> Iterator[Found]:
    """The times of day in a text in normal form as `HH:MM`; finds may overlap."""
    for match in _CLOCK.finditer(text):
        yield from _found(match, int(match["h"]), int(match["m"]), match["half"] or match["part"])
    for match in _SAID.finditer(text):
        if _is_a_clock(match):
            hour = numeral(match["h"])
            yield from _found(match, int(hour or 99), _minute(match), match["part"])
    for match in _ENGLISH.finditer(text):
        yield from _found(match, int(match["h"]), 0, match["half"])


def _is_a_clock(match: re.Match[str]) -> bool:
    """Whether 点 is a clock's: 便宜一点 and 一点都不 are not, 一点半 and 下午一点 are."""
    said_more = match["part"] or match["sharp"] or match["half"] or match["quarter"] or match["m"]
    return match["h"] != "一" or bool(said_more)


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 if match["quarter"].startswith("一") else 45
    if match["m"]:
        value = numeral(match["m"].lstrip("零") or "0")
        return int(value) if value is not None and value.isdigit() else 99
    return 0


def _found(match: re.Match[str], hour: int, minute: int, part: str | None) -> Iterator[Found]:
    afternoon = part in _AFTERNOON or (part or "").startswith("p")
    if afternoon and hour < 12:
        hour += 12
    elif hour == 12 and (part in {"凌晨", "半夜"} or (part or "").startswith("a")):
        hour = 0
    if hour <= 24 and minute <= 59:
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield Found("time", f"{hour % 24:02}:{minute:02}", start, match.end(), Rank.PHRASE)
