"""Converts days of the Chinese lunar calendar, 2000 to 2050; no formula is short enough."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_FIRST_YEAR: Final = 2000
_FIRST_DAY: Final = date(2000, 2, 5)
# A year a word, after the Hong Kong Observatory's almanac: the last digit is the month that is
# followed by its leap month (0 for none), the bits above it say which months have thirty days.
_YEARS: Final = (
    0x06930, 0x152b4, 0x052b0, 0x0a5b0, 0x155a2, 0x056a0, 0x1b557, 0x0ba40, 0x0b490, 0x1a935,
    0x0a950, 0x052d0, 0x0aad4, 0x0ab50, 0x15aa9, 0x05d20, 0x0da50, 0x1d4a6, 0x0d4a0, 0x0c950,
    0x152e4, 0x05560, 0x0ab50, 0x15b22, 0x06d20, 0x0ea56, 0x07250, 0x064b0, 0x0c975, 0x0cab0,
    0x055a0, 0x0ad63, 0x0b690, 0x1752b, 0x0b520, 0x0b250, 0x1a4b6, 0x0a4b0, 0x04ab0, 0x055b5,
    0x05ad0, 0x0b6a0, 0x1b522, 0x0d920, 0x1d257, 0x0d250, 0x0a550, 0x14ad5, 0x04b60, 0x05b50,
    0x0daa3,
)  # fmt: skip


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
