"""Converts days of the Chinese lunar calendar, 2000 to 2050; no formula is short enough."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_FIRST_YEAR: Final = 2000
_FIRST_DAY: Final = date(2000, 2, 5)
# A year a word, after the Hong Kong Observatory's almanac: the last digit is the month that is
# followed by its leap month (0 for none), the bits above it say which months have thirty days.
_YEARS: Final = tuple(
    int(word, 16)
    for word in (
        "06930 152b4 052b0 0a5b0 155a2 056a0 1b557 0ba40 0b490 1a935 0a950 052d0 0aad4 0ab50 15aa9"
        " 05d20 0da50 1d4a6 0d4a0 0c950 152e4 05560 0ab50 15b22 06d20 0ea56 07250 064b0 0c975 0cab0"
        " 055a0 0ad63 0b690 1752b 0b520 0b250 1a4b6 0a4b0 04ab0 055b5 05ad0 0b6a0 1b522 0d920 1d257"
        " 0d250 0a550 14ad5 04b60 05b50 0daa3"
    ).split()
)


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day that is `day` of the lunar `month` (never a leap month) of the lunar `year`.

    The last day of a month is given as 30 also where the month has 29. None for what the calendar
    does not have and for years outside of 2000 to 2050.
    """
    index = year - _FIRST_YEAR
    if not (0 <= index < len(_YEARS) and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    lengths = _month_lengths(_YEARS[index])
    leap = _YEARS[index] & 15
    before = month - 1 + (1 if leap and month > leap else 0)
    days = sum(sum(_month_lengths(word)) for word in _YEARS[:index]) + sum(lengths[:before])
    return _FIRST_DAY + timedelta(days=days + min(day, lengths[before]) - 1)


def _month_lengths(word: int) -> list[int]:
    months = 13 if word & 15 else 12
    return [30 if word >> (4 + i) & 1 else 29 for i in range(months)]
