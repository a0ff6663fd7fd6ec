"""The ways to say a date in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import (
    add_months,
    iso,
    nearest_month_day,
    real_day,
    shifted_iso,
    whole_number,
)

_ENGLISH_DAYS: Final = {
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "today": 0,
    "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ENGLISH_WEEK: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_EN_N: Final = r"(?P<n>[0-9]{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"


def _english_day(match: re.Match[str], today: date) -> str | None:
    return iso(today + timedelta(days=_ENGLISH_DAYS[match.group()]))


def _english_counted(match: re.Match[str], today: date) -> str | None:
    sign = 1 if match["ahead"] else -1
    return shifted_iso(whole_number(match["n"]), match["unit"], sign, today)


def _english_weekday(match: re.Match[str], today: date) -> str | None:
    weekday = next(i for i, name in enumerate(_ENGLISH_WEEK) if name.startswith(match["d"][:3]))
    ahead = (weekday - today.weekday()) % 7
    if match["which"] == "last":
        return iso(today + timedelta(days=ahead - 7))
    if match["which"] == "next":
        return iso(today + timedelta(days=ahead or 7))
    return iso(today + timedelta(days=weekday - today.weekday()))


def _english_period(match: re.Match[str], today: date) -> str | None:
    shift = {"last": -1, "this": 0, "next": 1}[match["which"]]
    if match["unit"] == "week":
        year, week, _ = (today + timedelta(weeks=shift)).isocalendar()
        return f"{year}-W{week:02}"
    if match["unit"] == "month":
        return add_months(today, shift).isoformat()[:7]
    return str(today.year + shift)


def _english_month_day(match: re.Match[str], today: date) -> str | None:
    month = _MONTHS.index(match["month"][:3]) + 1
    if match["y"]:
        return iso(real_day(int(match["y"]), month, int(match["d"])))
    return iso(nearest_month_day(month, int(match["d"]), today))


ENGLISH_READERS: Final[
    tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], str | None]], ...]
] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            r"(?<![a-z])(?:"
            + "|".join(sorted(_ENGLISH_DAYS, key=len, reverse=True))
            + r")(?![a-z])",
            _english_day,
        ),
        (
            rf"(?<![a-z0-9])(?P<ahead>in )?{_EN_N} (?P<unit>day|week|month|year)s?"
            r"(?:(?(ahead)(?![a-z])| ago(?![a-z])))",
            _english_counted,
        ),
        (
            r"(?<![a-z])(?:(?P<which>last|next|this|on) )"
            r"(?P<d>mon|tues?|wed|thu|thurs?|fri|sat|sun"
            r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?![a-z])",
            _english_weekday,
        ),
        (
            r"(?<![a-z])(?P<which>)(?P<d>monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?![a-z])",
            _english_weekday,
        ),
        (
            r"(?<![a-z])(?P<which>last|next|this) (?P<unit>week|month|year)(?![a-z])",
            _english_period,
        ),
        (
            rf"(?<![a-z]){_MONTH} (?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?"
            r"(?:,? (?P<y>20[0-9]{2}))?(?![0-9a-z])",
            _english_month_day,
        ),
        (
            rf"(?<![0-9a-z])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?: of)? {_MONTH}"
            r"(?:,? (?P<y>20[0-9]{2}))?(?![0-9a-z])",
            _english_month_day,
        ),
    )
)
"""What a date looks like, and how to read a match of it on a given day."""
