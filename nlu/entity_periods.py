"""The ways to say a whole year, half, quarter, month or the ends of one."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import add_months, nearest_month_day, real_day, whole_number

_Read = Callable[[re.Match[str], date], str | None]
_YEARS: Final = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "今年": 0,
    "本年": 0,
    "上一年": -1,
    "下一年": 1,
    "前一年": -1,
    "后一年": 1,
    "当年": 0,
    "明年": 1,
    "后年": 2,
}
_HAN_YEAR: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")

YEAR: Final = (
    r"(?:(?:19|20)[0-9]{2} ?年|[一二][零〇九][零〇一二三四五六七八九]{2}年|[0-9]{2} ?年"
    r"|[零〇一二九][零〇一二三四五六七八九]年"
    r"|大前年|[前去今本明后]年)"
)
"""A year that is said: 2018年, 18年, 二零一八年, 去年."""

_D2: Final = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_FREE: Final = r"(?<![0-9a-z./第一二三四五六七八九十零〇个])(?<![^年月日]-)"


def year_of(said: str, today: date) -> int:
    """The year of a match of YEAR; two digits are of the hundred years that end in twenty years."""
    shift = _YEARS.get(said)
    if shift is not None:
        return today.year + shift
    year = int(said.removesuffix("年").strip().translate(_HAN_YEAR))
    if year < 100:
        year += 2000 if year <= today.year % 100 + 20 else 1900
    return year


def month_iso(year: int, month: int) -> str:
    """A month as `2026-11`."""
    return f"{year}-{month:02}"


def _year(match: re.Match[str], today: date) -> str | None:
    return f"{year_of(match['y'], today)}"


def _month(match: re.Match[str], today: date) -> str | None:
    month = whole_number(match["m"])
    if month is None or not 1 <= month <= 12:
        return None
    if match["y"]:
        return month_iso(year_of(match["y"], today), month)
    day = nearest_month_day(month, 1, today)
    return None if day is None else day.isoformat()[:7]


def _month_end(match: re.Match[str], today: date) -> str | None:
    """The first, the fifteenth or the last of a month."""
    if match["m"]:
        named = _month(match, today)
        if named is None:
            return None
        year, month = int(named[:4]), int(named[5:])
    else:
        shift = (match["which"] or "").count("下") - (match["which"] or "").count("上")
        first = add_months(today.replace(day=1), shift)
        year, month = first.year, first.month
    last = calendar.monthrange(year, month)[1]
    return date(year, month, {"初": 1, "中": 15}.get(match["end"], last)).isoformat()


def _year_end(match: re.Match[str], today: date) -> str | None:
    year = year_of(match["y"], today) if match["y"] else today.year
    return f"{year}-01-01" if match["end"] == "初" else f"{year}-12-31"


PERIODS: Final[tuple[tuple[re.Pattern[str], _Read], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            r"(?<![0-9a-z./一二三四五六七八九])(?<![^年月日]-)(?P<y>(?:19|20)[0-9]{2} ?年|0[0-9]年"
            r"|[5-9][0-9]年(?![前后以之多来内的])|[零九八][零一二三四五六七八九]年|[一二][零〇九][零〇一二三四五六七八九]{2}年"
            r"|大前年|[上下]一年|[前去今本明后]年)(?!以?[前后]?[0-9一二三四五六七八九十]+个?月)(?!级|货|会)",
            _year,
        ),
        (
            rf"{_FREE}(?:(?P<y>{YEAR})的? ?)?(?P<m>{_D2})月份?(?!{_D2}|饼|[0-9廿])",
            _month,
        ),
        (rf"(?P<y>{YEAR})的?第(?P<m>{_D2})个月", _month),
        (
            r"(?<![0-9a-z.\-/])(?P<y>(?:19|20)[0-9]{2})[\-/.](?P<m>0[1-9]|1[0-2])(?![0-9a-z\-/.元块])",
            _month,
        ),
        (
            rf"{_FREE}(?:(?:(?P<y>{YEAR})的?)?(?P<m>{_D2})月份?|(?P<which>上上|下下|[上下这本])?个?月)"
            r"(?P<end>初(?![一二三四五六七八九十])|底|末|中(?!旬|秋|午))",
            _month_end,
        ),
        (
            r"(?:(?P<y>(?:19|20)[0-9]{2} ?年|[去今本明]年)的?|(?<![本今去明前])年)"
            r"(?P<end>初|底|末)",
            _year_end,
        ),
    )
)
"""What a period looks like, and how to read a match of it on a given day, as reduced ISO 8601."""

_HALF: Final = re.compile(rf"(?:(?P<y>{YEAR})的?)?(?P<which>上|下)(?P<one>个)?半(?P<unit>年|个?月)")
_QUARTER: Final = re.compile(
    rf"(?:(?P<y>{YEAR})的?)?(?:第?(?P<n>[一二三四1-4])(?:个)?季(?:度|(?<=年.季)|(?<=年第.季))|q(?P<q>[1-4])(?![0-9a-z])|(?P<which>[上下本这])个?季度)"
)
_DECADE: Final = re.compile(
    r"(?:(?P<c>十九|二十|19|20|上)个?世纪)?(?P<d>[一二三四五六七八九]十|[1-9]0)年代"
)
_WEEK_OF_YEAR: Final = re.compile(
    rf"(?P<y>{YEAR})的?第(?P<n>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})个?(?:周|星期)(?![一二三四五六日天])"
)
_TEN_DAYS: Final = re.compile(
    rf"{_FREE}(?:(?:(?P<y>{YEAR})的?)?(?P<m>{_D2})月|(?P<which>上|下|这|本)?个?月)(?P<part>[上中下])旬"
)
_SOME_WEEKS: Final = re.compile(
    rf"(?P<y>{YEAR})的?(?P<side>前|最后|头) ?(?P<n>[0-9]{{1,2}}"
    rf"|[一二两三四五六七八九十]) ?个?(?P<unit>周|星期|月|天)"
)


_WEEKEND: Final = re.compile(r"(?P<which>上上|下下|[上下这本])?个?(?:周|星期|礼拜)末")
_TO: Final = r" ?[\-—\u2013~到至] ?"
_DAYS: Final = re.compile(
    rf"(?<![0-9a-z.\-/第一二三四五六七八九十月])(?:(?:(?P<y>{YEAR})的?)?(?P<m>{_D2})月)?(?P<a>[0-9]{{1,2}}|[一二三四五六七八九十廿]{{1,3}})[日号]?{_TO}"
    r"(?P<b>[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})(?:日|号(?!线|楼|店|柜|门|库|码|院|房|机|工))"
)
_MONTHS: Final = re.compile(
    rf"(?:(?P<y>{YEAR})的?)?(?<![0-9a-z.\-/第一二三四五六七八九十])(?P<a>{_D2}){_TO}(?P<b>{_D2})月(?!{_D2}|[0-9])"
)


_SLASHED: Final = re.compile(
    rf"(?<![0-9a-z.\-/])(?P<m>1[0-2]|0?[1-9])/(?P<d>[0-3]?[0-9]){_TO}"
    r"(?P<m2>1[0-2]|0?[1-9])/(?P<d2>[0-3]?[0-9])(?![0-9/%])"
)


def stretches(text: str, today: date) -> list[tuple[str, int, int]]:
    """Halves, quarters, weekends and the like, as ISO 8601 intervals with their span."""
    found: list[tuple[str, int, int]] = []
    for pattern, read in (
        (_HALF, _half), (_QUARTER, _quarter), (_DECADE, _decade), (_TEN_DAYS, _ten_days),
        (_SOME_WEEKS, _some_weeks), (_WEEK_OF_YEAR, _week_of_year),
        (_WEEKEND, _weekend), (_DAYS, _days), (_SLASHED, _slashed), (_MONTHS, _months),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            days = read(match, today)
            if days is not None:
                last = days[1] - timedelta(days=1)
                whole = pattern is _MONTHS
                value = f"{days[0]:%Y-%m}/{days[1]:%Y-%m}" if whole else f"{days[0]}/{last}"
                found.append((value, *match.span()))
    return found


def _half(match: re.Match[str], today: date) -> tuple[date, date] | None:
    second = match["which"] == "下"
    if match["unit"] != "年":
        first = today.replace(day=16 if second else 1)
        return first, add_months(first.replace(day=1), 1) if second else first.replace(day=16)
    year = year_of(match["y"], today) if match["y"] else today.year
    first = date(year, 7 if second else 1, 1)
    return first, add_months(first, 6)


def _quarter(match: re.Match[str], today: date) -> tuple[date, date] | None:
    year = year_of(match["y"], today) if match["y"] else today.year
    if match["which"]:
        shift = {"上": -3, "下": 3}.get(match["which"], 0)
        first = add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), shift)
    else:
        number = whole_number(match["n"] or match["q"])
        if number is None:
            return None
        first = date(year, number * 3 - 2, 1)
    return first, add_months(first, 3)


def _decade(match: re.Match[str], today: date) -> tuple[date, date] | None:
    tens = whole_number(match["d"])
    if tens is None:
        return None
    century = 1800 if match["c"] in {"十九", "19"} else 1900
    first = date(century + tens, 1, 1)
    return first, first.replace(year=first.year + 10)


def _ten_days(match: re.Match[str], today: date) -> tuple[date, date] | None:
    if match["m"]:
        named = _month(match, today)
        first = None if named is None else date.fromisoformat(f"{named}-01")
    else:
        shift = {"上": -1, "下": 1}.get(match["which"] or "", 0)
        first = add_months(today.replace(day=1), shift)
    if first is None:
        return None
    begin, end = {"上": (1, 11), "中": (11, 21), "下": (21, 0)}[match["part"]]
    return first.replace(day=begin), first.replace(day=end) if end else add_months(first, 1)


def _some_weeks(match: re.Match[str], today: date) -> tuple[date, date] | None:
    count, year = whole_number(match["n"]), year_of(match["y"], today)
    if count is None:
        return None
    if match["unit"] in {"周", "星期"}:
        weeks = date(year, 12, 28).isocalendar().week
        begin = weeks - count + 1 if match["side"] == "最后" else 1
        if not 1 <= begin <= weeks:
            return None
        first = date.fromisocalendar(year, begin, 1)
        return first, date.fromordinal(first.toordinal() + 7 * count)
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    if match["unit"] == "月":
        return (
            (add_months(end, -count), end)
            if match["side"] == "最后"
            else (first, add_months(first, count))
        )
    days = (
        (end.toordinal() - count, end.toordinal())
        if match["side"] == "最后"
        else (first.toordinal(), first.toordinal() + count)
    )
    return date.fromordinal(days[0]), date.fromordinal(days[1])


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
    named = _month(match, today) if match["m"] else today.isoformat()[:7]
    month = None if named is None else date.fromisoformat(f"{named}-01")
    if month is None or first is None or last is None or first > last:
        return None
    begin, end = real_day(month.year, month.month, first), real_day(month.year, month.month, last)
    return None if begin is None or end is None else (begin, end + timedelta(days=1))


def _slashed(match: re.Match[str], today: date) -> tuple[date, date] | None:
    first = nearest_month_day(int(match["m"]), int(match["d"]), today)
    if first is None:
        return None
    last = real_day(first.year, int(match["m2"]), int(match["d2"]))
    return None if last is None or last < first else (first, last + timedelta(days=1))


def _months(match: re.Match[str], today: date) -> tuple[date, date] | None:
    first, last = whole_number(match["a"]), whole_number(match["b"])
    if first is None or last is None or not 1 <= first < last <= 12:
        return None
    year = year_of(match["y"], today) if match["y"] else today.year
    return date(year, first, 1), date(year, last, 1)
