"""Halves, quarters, decades and centuries; the first and last days of a year or a month."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import add_months, nearest_month_day, whole_number
from nlu.entity_periods import BARE_YEAR, FREE, MONTH, YEAR, year_of

_Read = Callable[[re.Match[str], date], tuple[date, date] | None]

_HALF: Final = re.compile(
    rf"(?:(?P<y>{YEAR}|{BARE_YEAR}(?=的?[上下前后]半年))的? ?)?"
    rf"(?:(?P<which>[上下前后])半(?P<unit>年|月)|(?P<one>[上下这本])个?半年"
    rf"|(?P<which_month>[上下])半个月)(?!以?[前后内来])"
    rf"|(?:(?P<y2>{YEAR})的?)?{FREE}(?P<m>{MONTH})月份?的?(?P<part>[上下前后])半(?:个?月)?(?!年)"
)
_QUARTER: Final = re.compile(
    rf"(?:(?P<y>{YEAR}|{BARE_YEAR}(?=的?第?[一二三四1-4]个?季|q))的?)?"
    r"(?:(?:第(?P<nth>[一二三四1-4])个?|(?P<n>[一二三四1-4]))季(?:度|(?<=年.季)|(?<=年第.季))"
    r"|q(?P<q>[1-4])(?![0-9a-z])|(?P<edge>最后|头)一?个?季度"
    r"|(?P<which>上上|下下|[上下本这])一?个?季度)"
)
_QUARTERS: Final = re.compile(rf"(?:(?P<y>{YEAR})的?)?前(?P<n>[两二三23])个?季度")
_DECADE: Final = re.compile(
    r"(?:(?P<c>[1-9]|1[0-9]|2[0-2]|[一二]?十[一二三四五六七八九]?|[一二三四五六七八九]|[上下本这](?:一?个|一)?)世纪的?)?"
    r"(?P<d>[一二三四五六七八九]?十|[1-9]0)年代"
    r"|(?P<full>(?:1[5-9]|20)[0-9]0|[一二][零〇五六七八九][零〇一二三四五六七八九][零〇])年代"
)
_CENTURY: Final = re.compile(
    r"(?:(?<![0-9a-z一二三四五六七八九十第])(?P<n>[12]?[0-9]|[二三]?十[一二三四五六七八九]?)"
    r"|(?P<which>[这本上下])(?:一?个|一)?)世纪(?![初末中]|的?[0-9一二三四五六七八九]?[十0]年代)"
)
_SOME_OF: Final = re.compile(
    r"(?=[0-9一二三四五六七八九十零〇大前去今本明后上下这当])"  # noqa: RUF001 - the zero people type
    rf"(?:(?P<y>{YEAR})|(?:(?P<y2>{YEAR})的?)?{FREE}(?P<m>{MONTH})月份?|(?P<which>[上下这本当])个?月)"
    r" ?(?:的 ?(?P<side>前|最?后|头|最初|开头)|(?P<side2>前|最后|头|最初)) ?"
    r"(?P<n>[0-9]{1,2}|[一二两三四五六七八九十]{1,2}) ?个?(?P<unit>周|星期|礼拜|月|天|日)"
    r"(?![之以]?[前后])"
)


def _half(match: re.Match[str], today: date) -> tuple[date, date] | None:
    second = (match["which"] or match["which_month"] or match["part"] or "") in {"下", "后"}
    if match["one"]:
        shift = {"上": -6, "下": 6}.get(match["one"], 0)
        first = add_months(date(today.year, 7 if today.month > 6 else 1, 1), shift)
        return first, add_months(first, 6)
    if match["unit"] != "年":
        first = today.replace(day=1)
        if match["m"]:
            year, month = match["y2"], whole_number(match["m"]) or 0
            first = date(year_of(year, today), month, 1) if year else _near_month(month, today)
        middle = first.replace(day=16)
        return (middle, add_months(first, 1)) if second else (first, middle)
    year = year_of(match["y"], today) if match["y"] else today.year
    first = date(year, 7 if second else 1, 1)
    return first, add_months(first, 6)


def _quarter(match: re.Match[str], today: date) -> tuple[date, date] | None:
    year = year_of(match["y"], today) if match["y"] else today.year
    if match["which"]:
        shift = 3 * (match["which"].count("下") - match["which"].count("上"))
        first = add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), shift)
    else:
        edge = {"最后": "4", "头": "1"}.get(match["edge"] or "")
        number = whole_number(edge or match["n"] or match["nth"] or match["q"])
        if number is None:
            return None
        first = date(year, number * 3 - 2, 1)
    return first, add_months(first, 3)


def _quarters(match: re.Match[str], today: date) -> tuple[date, date]:
    """前三季度: from the beginning of the year."""
    year = year_of(match["y"], today) if match["y"] else today.year
    return date(year, 1, 1), date(year, 3 * (whole_number(match["n"]) or 1) + 1, 1)


def _decade(match: re.Match[str], today: date) -> tuple[date, date] | None:
    if match["full"]:
        first = date(year_of(match["full"], today), 1, 1)
        return first, first.replace(year=first.year + 10)
    tens = whole_number(match["d"])
    if tens is None:
        return None
    said = match["c"] or "上"
    century = today.year // 100 + {"本": 0, "这": 0, "下": 1}.get(said[0], -1)
    if said[0] not in "上下本这":
        century = (whole_number(said) or 1) - 1
    if century < 1:
        return None
    first = date(century * 100 + tens, 1, 1)
    return first, first.replace(year=first.year + 10)


def _century(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """The hundred years with the same first digits: 21世纪 is 2000 to 2099."""
    number = whole_number(match["n"]) if match["n"] else today.year // 100 + 1
    if number is None:
        return None
    number += {"上": -1, "下": 1}.get(match["which"] or "", 0)
    if not 2 <= number <= 30:
        return None
    return date(number * 100 - 100, 1, 1), date(number * 100, 1, 1)


def _some_of(match: re.Match[str], today: date) -> tuple[date, date] | None:
    """The first or last days, weeks or months of a year or a month."""
    count, last = whole_number(match["n"]), "后" in (match["side"] or match["side2"])
    period = _period(match, today)
    if not count or period is None:
        return None
    first, end = period
    if match["unit"] == "月":
        cut = add_months(end, -count) if last else add_months(first, count)
    elif match["unit"] in {"天", "日"}:
        cut = end - timedelta(days=count) if last else first + timedelta(days=count)
    else:  # weeks belong where their Thursday is
        first, end = (day - timedelta(days=(day.weekday() + 3) % 7 - 3) for day in (first, end))
        cut = end - timedelta(weeks=count) if last else first + timedelta(weeks=count)
    if not first <= cut <= end:
        return None
    return (cut, end) if last else (first, cut)


def _period(match: re.Match[str], today: date) -> tuple[date, date] | None:
    if match["y"]:
        year = year_of(match["y"], today)
        return date(year, 1, 1), date(year + 1, 1, 1)
    if match["m"]:
        month = whole_number(match["m"]) or 0
        year = year_of(match["y2"], today) if match["y2"] else _near_month(month, today).year
        first = date(year, month, 1)
    else:
        first = add_months(today.replace(day=1), {"上": -1, "下": 1}.get(match["which"], 0))
    return first, add_months(first, 1)


def _near_month(month: int, today: date) -> date:
    return nearest_month_day(month, 1, today) or today


PARTS_OF_YEARS: Final[tuple[tuple[str, re.Pattern[str], _Read], ...]] = (
    ("半", _HALF, _half),
    ("", _QUARTER, _quarter),
    ("季", _QUARTERS, _quarters),
    ("年代", _DECADE, _decade),
    ("世纪", _CENTURY, _century),
    ("", _SOME_OF, _some_of),
)
"""What every part of a year has in it (it spares the search where it is not), what one looks like,
and how to read a match as its first day and the one after its last."""
