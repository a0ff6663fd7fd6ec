"""Weeks of a month, weekends, days in a row and the like, as ISO 8601 intervals."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import add_months, nearest_month_day, real_day, whole_number
from nlu.entity_periods import FREE, MONTH, YEAR, named_month, year_of
from nlu.entity_ranges import open_ends
from nlu.entity_year_parts import PARTS_OF_YEARS

_WEEK_OF_YEAR: Final = re.compile(
    rf"(?P<y>{YEAR})的?第(?P<n>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})个?(?:周|星期)(?![一二三四五六日天])"
)
_WEEK_OF_MONTH: Final = re.compile(
    rf"(?:(?:(?P<y>{YEAR})的?)?{FREE}(?P<m>{MONTH})月份?|(?P<which>上上|下下|[上下这本当])(?:一?个)?月)"
    r"的? ?(?:第(?P<n>[一二三四五1-5])|最后一)个?(?:周|星期|礼拜)(?![一二三四五六日天末])"
)
_NEXT_DAYS: Final = re.compile(
    r"(?P<days>昨今明|今明后|前昨|昨今|今明|明后)(?:[两三] ?)?天(?!气|猫)"
)
_DAY_SHIFTS: Final = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_TEN_DAYS: Final = re.compile(
    rf"{FREE}(?:(?:(?P<y>{YEAR})的?)?(?P<m>{MONTH})月|(?P<which>上|下|这|本)?个?月)(?P<part>[上中下])旬"
)


_WEEKEND: Final = re.compile(
    r"(?P<which>上上|下下|[上下这本])?(?:一?个|(?<=[上下这本])一)?(?:周|星期|礼拜)"
    r"(?:末|六[、和]?(?:周|星期|礼拜)?[日天])"
)
_TO: Final = r" ?[\-—\u2013~到至] ?"
_DAYS: Final = re.compile(
    rf"(?<![0-9a-z.\-/第一二三四五六七八九十月])(?:(?:(?P<y>{YEAR})的?)?(?P<m>{MONTH})月)?(?P<a>[0-9]{{1,2}}|[一二三四五六七八九十廿]{{1,3}})[日号]?{_TO}"
    r"(?P<b>[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
    r"(?:日|号(?!线|楼|店|柜|门|库|码|院|房|机|工)|(?(m)(?![0-9a-z.\-/:%月点个件天块元年])|(?!)))"
)
_MONTHS: Final = re.compile(
    rf"(?:(?P<y>{YEAR})的?)?(?<![0-9a-z.\-/第一二三四五六七八九十])(?P<a>{MONTH}){_TO}(?P<b>{MONTH})月(?!{MONTH}|[0-9])"
)


_MONTHS_OF_YEARS: Final = re.compile(
    r"(?<![0-9a-z.\-/])(?P<y>(?:19|20)[0-9]{2})([./\-])(?P<a>1[0-2]|0?[1-9])"
    rf"{_TO}(?P<y2>(?:19|20)[0-9]{{2}})\2(?P<b>1[0-2]|0?[1-9])(?![0-9a-z.\-/])"
)
_COMPACT: Final = re.compile(
    rf"(?<![0-9])(?P<a>20[0-9]{{2}}[01][0-9][0-3][0-9]){_TO}(?P<b>20[0-9]{{2}}[01][0-9][0-3][0-9])"
    r"(?![0-9])"
)
_SLASHED: Final = re.compile(
    rf"(?<![0-9a-z.\-/])(?P<m>1[0-2]|0?[1-9])/(?P<d>[0-3]?[0-9]){_TO}"
    r"(?P<m2>1[0-2]|0?[1-9])/(?P<d2>[0-3]?[0-9])(?![0-9/%])"
)


def stretches(text: str, today: date) -> list[tuple[str, int, int]]:
    """Halves, quarters, weekends and the like, as ISO 8601 intervals with their span."""
    found: list[tuple[str, int, int]] = []
    for sign, pattern, read in (
        *PARTS_OF_YEARS,
        ("旬", _TEN_DAYS, _ten_days), ("第", _WEEK_OF_YEAR, _week_of_year),
        ("", _WEEKEND, _weekend), ("", _WEEK_OF_MONTH, _week_of_month),
        ("天", _NEXT_DAYS, _next_days), ("", _COMPACT, _compact), ("", _DAYS, _days),
        ("/", _SLASHED, _slashed), ("月", _MONTHS, _months),
        ("", _MONTHS_OF_YEARS, _months_of_years),
    ):  # fmt: skip
        for match in pattern.finditer(text) if sign in text else ():
            days = read(match, today)
            if days is not None:
                last = days[1] - timedelta(days=1)
                whole = pattern in (_MONTHS, _MONTHS_OF_YEARS)
                value = f"{days[0]:%Y-%m}/{days[1]:%Y-%m}" if whole else f"{days[0]}/{last}"
                found.append((value, *match.span()))
                found += open_ends(text, match.span(), (f"{days[0]}", f"{days[1]}"))
    return found


def _ten_days(match: re.Match[str], today: date) -> tuple[date, date] | None:
    if match["m"]:
        named = named_month(match, today)
        first = None if named is None else date.fromisoformat(f"{named}-01")
    else:
        shift = {"上": -1, "下": 1}.get(match["which"] or "", 0)
        first = add_months(today.replace(day=1), shift)
    if first is None:
        return None
    begin, end = {"上": (1, 11), "中": (11, 21), "下": (21, 0)}[match["part"]]
    return first.replace(day=begin), first.replace(day=end) if end else add_months(first, 1)


def _week_of_year(match: re.Match[str], today: date) -> tuple[date, date] | None:
    year, week = year_of(match["y"], today), whole_number(match["n"])
    if week is None or not 1 <= week <= date(year, 12, 28).isocalendar().week:
        return None
    first = date.fromisocalendar(year, week, 1)
    return first, first + timedelta(days=7)


def _weekend(match: re.Match[str], today: date) -> tuple[date, date] | None:
    weeks = (match["which"] or "").count("下") - (match["which"] or "").count("上")
    saturday = today + timedelta(days=5 - today.weekday() + 7 * weeks)
    return saturday, saturday + timedelta(days=2)


def _days(match: re.Match[str], today: date) -> tuple[date, date] | None:
    first, last = whole_number(match["a"]), whole_number(match["b"])
    named = named_month(match, today) if match["m"] else today.isoformat()[:7]
    month = None if named is None else date.fromisoformat(f"{named}-01")
    if month is None or first is None or last is None or first > last:
        return None
    begin, end = real_day(month.year, month.month, first), real_day(month.year, month.month, last)
    return None if begin is None or end is None else (begin, end + timedelta(days=1))


def _slashed(match: re.Match[str], today: date) -> tuple[date, date] | None:
    first = nearest_month_day(int(match["m"]), int(match["d"]), today)
    if first is None:
        return None
    years = (first.year, first.year + 1)  # 10/18-5/6 ends in the next year
    lasts = (real_day(year, int(match["m2"]), int(match["d2"])) for year in years)
    last = next((day for day in lasts if day is not None and day >= first), None)
    return None if last is None else (first, last + timedelta(days=1))


def _months(match: re.Match[str], today: date) -> tuple[date, date] | None:
    first, last = whole_number(match["a"]), whole_number(match["b"])
    if first is None or last is None or first == last:
        return None
    if first < last:
        year = year_of(match["y"], today) if match["y"] else today.year
        return date(year, first, 1), date(year, last, 1)
    near = nearest_month_day(first, 1, today) or today
    year = year_of(match["y"], today) if match["y"] else near.year
    return date(year, first, 1), date(year + 1, last, 1)


def _week_of_month(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """A week belongs to the month that has its Thursday, as ISO 8601 has it for years."""
    if match["m"]:
        named = named_month(match, today)
        if named is None:
            return None
        first = date.fromisoformat(f"{named}-01")
    else:
        shift = match["which"].count("下") - match["which"].count("上")
        first = add_months(today.replace(day=1), shift)
    end = add_months(first, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    count = (
        whole_number(match["n"])
        if match["n"]
        else (end - thursday - timedelta(days=1)).days // 7 + 1
    )
    thursday += timedelta(days=7 * ((count or 1) - 1))
    monday = thursday - timedelta(days=3)
    return (monday, monday + timedelta(days=7)) if thursday < end else None


def _next_days(match: re.Match[str], today: date) -> tuple[date, date]:
    """明后天, 今明两天."""
    first, last = (_DAY_SHIFTS[match["days"][i]] for i in (0, -1))
    return today + timedelta(days=first), today + timedelta(days=last + 1)


def _compact(match: re.Match[str], today: date) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(match[side]) for side in ("a", "b"))
    except ValueError:
        return None
    return (first, last + timedelta(days=1)) if first <= last else None


def _months_of_years(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """2016.10-2017.03: the first days of the two months."""
    first, last = (
        date(int(match["y"]), int(match["a"]), 1),
        date(int(match["y2"]), int(match["b"]), 1),
    )
    return (first, last) if first < last else None
