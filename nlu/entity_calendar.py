"""Calendar arithmetic for dates that are said rather than written out."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from nlu.entity_numerals import numeral

_STEPS: Final = {"天": 1, "日": 1, "day": 1, "周": 7, "星期": 7, "礼拜": 7, "week": 7}


def add_months(day: date, months: int) -> date:
    """The same day some months later (earlier when negative), or the last that month has."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_number(written: str) -> int | None:
    """A whole number written in digits, Chinese or English; None for anything else."""
    value = "1" if written == "元" else numeral(written)  # 元月 is January
    return int(value) if value is not None and value.isdigit() else None


def real_day(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has none (31 November)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def iso(day: date | None) -> str | None:
    """A day as `2026-11-05`."""
    return None if day is None else day.isoformat()


def nearest(candidates: list[date | None], today: date) -> date | None:
    """The candidate nearest to today, leaning to the past; None when there is none."""

    # A day ahead counts as half as far again: customers mostly tell when they bought something.
    def distance(day: date) -> int:
        return 3 * (day - today).days if day > today else 2 * (today - day).days

    return min((day for day in candidates if day is not None), key=distance, default=None)


def nearest_month_day(month: int | None, day: int | None, today: date) -> date | None:
    """A day without its year in the year that brings it nearest to today."""
    if month is None or day is None:
        return None
    return nearest([real_day(today.year + shift, month, day) for shift in (-1, 0, 1)], today)


def shifted_iso(count: int | None, unit: str, sign: int, today: date) -> str | None:
    """Today moved by `sign * count` days, weeks, months or years, in ISO 8601."""
    if count is None:
        return None
    if unit in {"月", "month", "年", "year"}:
        return iso(add_months(today, sign * count * (12 if unit in {"年", "year"} else 1)))
    return iso(today + timedelta(days=sign * count * _STEPS[unit]))
