"""Finds what comes again and again: 每天, 每两周, 每周三, 每月15号, 每天早上八点."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nlu.entity_calendar import whole_number
from nlu.entity_found import Found, Rank
from nlu.entity_numerals import NUMERAL, numeral

_LETTERS: Final = {
    "天": "D", "日": "D", "工作日": "BD", "周": "W", "星期": "W", "礼拜": "W", "月": "M",
    "季度": "3M", "季": "3M", "年": "Y", "小时": "TH", "钟头": "TH", "分钟": "TM",
    "秒": "TS", "秒钟": "TS",
}  # fmt: skip
_EVERY: Final = re.compile(
    rf"每(?:隔 ?)?(?P<n>{NUMERAL})? ?个?"
    r"(?P<unit>天|日(?!元|币)|工作日|周(?!岁|年|边)|星期|礼拜|月|季度?|年(?!级|龄|代)|小时|钟头|分钟|秒钟?(?!杀))"
    r"|(?P<half>每半)个?(?P<half_unit>年|月|小时)"
)
_NIGHT: Final = re.compile(r"每(?P<part>[早晚]上?)")
_WEEKDAY: Final = re.compile(r"每个?(?:周|星期|礼拜)(?P<d>[一二三四五六日天]|末)")
_MONTH_DAY: Final = re.compile(
    r"每个?月的?(?P<d>[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})(?:日|号)"
)
_YEAR_DAY: Final = re.compile(
    r"每年的?(?P<m>[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?:份|(?P<d>[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})[日号])?"
)
_WEEKDAYS: Final = {c: str(i + 1) for i, c in enumerate("一二三四五六日")} | {"天": "7", "末": "WE"}
_BETWEEN: Final = re.compile(r" ?的? ?")


def recurrences(text: str, moments: Sequence[Found]) -> Iterator[Found]:
    """What recurs in a text in normal form; `moments` are its dates and times.

    The value is the distance as an ISO 8601 duration (`P1D`, `P2W`), or a date whose unsaid digits
    are X (`XXXX-WXX-3` for 每周三, `XXXX-XX-15`, `XXXX-05-01`), with its time after a T.
    """
    clocks = {one.start: one for one in moments if one.name == "time"}
    for match in _EVERY.finditer(text):
        value = _distance(match)
        if value is not None:
            yield from _with_time(text, value, match, clocks)
    yield from _nights(text, clocks)
    for match in _WEEKDAY.finditer(text):
        yield from _with_time(text, f"XXXX-WXX-{_WEEKDAYS[match['d']]}", match, clocks)
    for match in _MONTH_DAY.finditer(text):
        day = whole_number(match["d"])
        if day is not None and 1 <= day <= 31:
            yield from _with_time(text, f"XXXX-XX-{day:02}", match, clocks)
    for match in _YEAR_DAY.finditer(text):
        month, day = whole_number(match["m"]), whole_number(match["d"] or "一")
        if month is not None and day is not None and 1 <= month <= 12 and 1 <= day <= 31:
            value = f"XXXX-{month:02}-{day:02}" if match["d"] else f"XXXX-{month:02}"
            yield from _with_time(text, value, match, clocks)


def _nights(text: str, clocks: dict[int, Found]) -> Iterator[Found]:
    """每晚, 每早, with their hour."""
    for match in _NIGHT.finditer(text):
        clock = clocks.get(match.start("part"))
        value, end = (f"T{clock.value}", clock.end) if clock else ("P1D", match.end())
        yield Found("recurrence", value, match.start(), end, Rank.PHRASE)


def _distance(match: re.Match[str]) -> str | None:
    amount = "0.5" if match["half"] else numeral(match["n"] or "一")
    letter = _LETTERS[match["unit"] or match["half_unit"]]
    if amount is None or amount.startswith("-"):
        return None
    if letter == "3M":
        return f"P{3 * int(amount)}M" if amount.isdigit() else None
    return f"PT{amount}{letter[1:]}" if letter.startswith("T") else f"P{amount}{letter}"


def _with_time(
    text: str, value: str, match: re.Match[str], clocks: dict[int, Found]
) -> Iterator[Found]:
    yield Found("recurrence", value, *match.span(), Rank.PHRASE)
    gap = _BETWEEN.match(text, match.end())
    clock = clocks.get(gap.end() if gap is not None else match.end())
    if clock is not None:
        day = "" if value == "P1D" else value
        if not day.startswith("P"):
            yield Found("recurrence", f"{day}T{clock.value}", match.start(), clock.end, Rank.PHRASE)
