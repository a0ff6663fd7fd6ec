"""Finds dates and times of day, said exactly or counted from today, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import (
    add_months,
    iso,
    nearest,
    nearest_month_day,
    real_day,
    shifted_iso,
    whole_number,
)
from nlu.entity_dates_english import ENGLISH_READERS
from nlu.entity_festivals import FESTIVAL_READERS
from nlu.entity_found import Found, Rank
from nlu.entity_periods import (
    FREE,
    MONTH,
    PERIODS,
    YEAR,
    YEAR_OF_MONTH,
    named_month,
    year_of,
)

_Read = Callable[[re.Match[str], date], str | None]

_N: Final = r"(?:[0-9]{1,4}|[一二三四五六七八九十百千两半零]{1,6}|俩|仨)"
_D2: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_FREE: Final = r"(?<![0-9a-z.\-/第一二三四五六七八九十])"
_END: Final = r"(?![0-9])"
_DAY_END: Final = r"(?:日|号(?!线|楼|店|柜|门|库|码|院|房|机|工))"
_WEEKDAYS: Final = {c: i for i, c in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_DIGIT_WEEKDAYS: Final = {str(i + 1): i for i in range(6)} | {"7": 6}
_DAYS: Final = {
    "大前": -3, "前": -2, "昨": -1, "昨儿": -1, "今": 0, "今儿": 0,
    "明": 1, "明儿": 1, "后": 2, "后儿": 2, "大后": 3, "前儿": -2,
}  # fmt: skip
_AHEAD: Final = re.compile(r"(?:最[迟晚早]|至迟|截[至止]到?|直到|赶在|不[晚迟]于)$")


def dates(text: str, *, today: date) -> Iterator[Found]:
    """The dates in a text in normal form, counted from `today`; finds may overlap.

    Values are ISO 8601: a day `2026-11-05`, or as much as was said: `2026-11`, `2026`, `2026-W46`.
    A day without its year or month is the one nearest to today, rather behind than ahead.
    """
    for pattern, read in (*_READERS, *PERIODS, *FESTIVAL_READERS, *ENGLISH_READERS):
        for match in pattern.finditer(text):
            value = read(match, today)
            if value is not None:
                yield Found("date", value, match.start(), match.end(), Rank.PHRASE)


def _full(match: re.Match[str], today: date) -> str | None:
    return iso(real_day(int(match["y"]), int(match["m"]), int(match["d"])))


def _year_last(match: re.Match[str], today: date) -> str | None:
    """25/12/2018, and 12/25/2018 where only that is a day."""
    year, first, second = int(match["y"]), int(match["d"]), int(match["m"])
    return iso(real_day(year, second, first) or real_day(year, first, second))


def _month_first(match: re.Match[str], today: date) -> str | None:
    """8/13 2018, and 13/8 2018 where only that is a day."""
    year, first, second = int(match["y"]), int(match["d"]), int(match["m"])
    return iso(real_day(year, first, second) or real_day(year, second, first))


def _year_month_day(match: re.Match[str], today: date) -> str | None:
    month, day = whole_number(match["m"]), whole_number(match["d"])
    if not match["y"] or month is None or day is None:
        return iso(nearest_month_day(month, day, today))
    return iso(real_day(year_of(match["y"], today), month, day))


def _short_year(match: re.Match[str], today: date) -> str | None:
    return iso(real_day(2000 + int(match["y"]), int(match["m"]), int(match["d"])))


def _slashed(match: re.Match[str], today: date) -> str | None:
    month, day = int(match["m"]), int(match["d"])
    if month > 12 and match["sep"] == "/":  # 25/12
        month, day = day, month
    return iso(nearest_month_day(month, day, today))


def _day_of_month(match: re.Match[str], today: date) -> str | None:
    day = whole_number(match["d"])
    if day is None:
        return None
    shift = {"上": -1, "这": 0, "本": 0, "当": 0, "下": 1}.get(match["which"] or "")
    months = (shift,) if shift is not None else (-1, 0, 1)
    firsts = [add_months(today.replace(day=1), step) for step in months]
    return iso(nearest([real_day(first.year, first.month, day) for first in firsts], today))


def _month_only(match: re.Match[str], today: date) -> str | None:
    shift = match["which"].count("下") - match["which"].count("上")
    return add_months(today, shift).isoformat()[:7]


def _day_word(match: re.Match[str], today: date) -> str | None:
    return iso(today + timedelta(days=_DAYS[match["which"]]))


def _same_day(match: re.Match[str], today: date) -> str | None:
    """去年的今天, 下个月的明天."""
    if match["y"]:
        months = 12 * (year_of(match["y"], today) - today.year)
    else:
        months = match["month"].count("下") - match["month"].count("上")
    return iso(add_months(today + timedelta(days=_DAYS[match["which"]]), months))


def _counted(match: re.Match[str], today: date) -> str | None:
    sign = -1 if match["side"] in {"前", "以前", "之前"} else 1
    if match["n"].startswith("半"):
        days = {"月": 15, "年": 182}.get(match["unit"].removeprefix("个"))
        return None if days is None else iso(today + timedelta(days=sign * days))
    count = whole_number(match["n"])
    if match["unit"] == "年" and (count is None or count >= 1000):
        return None  # 2018年之后 is after a year
    try:
        return shifted_iso(count, match["unit"].removeprefix("个"), sign, today)
    except (OverflowError, ValueError):  # beyond the calendar
        return None


def _weekday(match: re.Match[str], today: date) -> str | None:
    which = match["which"] or ""
    weekday = _WEEKDAYS.get(match["d"], _DIGIT_WEEKDAYS.get(match["d"]))
    if weekday is None:
        return None
    weeks = which.count("下") - which.count("上")
    days = weekday - today.weekday() + 7 * weeks
    ahead = match["ahead"] is not None or _AHEAD.search(
        match.string, max(0, match.start() - 4), match.start()
    )
    if not which and ahead:  # 周五能到吗: never a Friday that is over
        days %= 7
    return iso(today + timedelta(days=days))


def _week_only(match: re.Match[str], today: date) -> str | None:
    weeks = match["which"].count("下") - match["which"].count("上")
    year, week, _ = (today + timedelta(weeks=weeks)).isocalendar()
    return f"{year}-W{week:02}"


def _weekday_of_month(match: re.Match[str], today: date) -> str | None:
    """十月的第二个星期五, 本月最后一个周日."""
    if match["m"]:
        named = named_month(match, today)
        first = None if named is None else date.fromisoformat(f"{named}-01")
    else:
        shift = match["which"].count("下") - match["which"].count("上")
        first = add_months(today.replace(day=1), shift)
    if first is None:
        return None
    weekday = _WEEKDAYS[match["d"]]
    end = add_months(first, 1)
    if match["n"] is None:
        last = end - timedelta(days=1)
        return iso(last - timedelta(days=(last.weekday() - weekday) % 7))
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    day += timedelta(weeks=(whole_number(match["n"]) or 1) - 1)
    return iso(day) if day < end else None


_WEEK_WORD: Final = r"(?:周|星期|礼拜)"
_READERS: Final[tuple[tuple[re.Pattern[str], _Read], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2}) ?[\-/.\\] ?(?P<m>[0-9]{1,2}) ?[\-/.\\] ?"
            r"(?P<d>[0-9]{1,2})" + _END,
            _full,
        ),
        (
            r"(?<![0-9a-z.\-/] )(?<![0-9a-z.\-/])(?P<y>(?:19|20)[0-9]{2}) "
            r"(?P<m>0[1-9]|1[0-2])[ \-/.](?P<d>[0-3][0-9])(?![0-9a-z.\-/%]| ?[0-9个件天块元])",
            _full,
        ),
        (r"(?<![0-9a-z\-])(?P<y>20[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?![0-9\-])", _full),
        (
            rf"(?<![0-9第])(?:(?P<y>{YEAR_OF_MONTH}) ?的?)?{_FREE}?"
            rf"(?P<m>{_D2}|元) ?月(?:份的?)? ?(?P<d>{_D2})"
            rf"(?:(?> ?{_DAY_END})|{_END}(?! ?[日周直]))(?!个|天|件|月|年|点)",
            _year_month_day,
        ),
        (
            r"(?<![0-9a-z./])(?P<d>[0-3]?[0-9])[/.\-\\](?P<m>[0-3]?[0-9])[/.\-\\](?P<y>(?:19|20)[0-9]{2})(?![0-9])",
            _year_last,
        ),
        (
            r"(?<![0-9a-z./\-])(?P<d>[0-3]?[0-9])/(?P<m>[0-3]?[0-9])(?:, ?| )"
            r"(?P<y>(?:19|20)[0-9]{2})(?![0-9a-z.\-/:,%个件块元])",
            _month_first,
        ),
        (
            r"(?<![0-9a-z.\-/])(?P<y>[0-9]{2})([\-/.])(?P<m>[01]?[0-9])\2(?P<d>[0-3]?[0-9])(?![0-9a-z.\-/])",
            _short_year,
        ),
        (
            r"(?<![0-9a-z.\-/又])(?P<m>[0-3]?[0-9])(?P<sep>[\-/])(?P<d>[0-3]?[0-9])(?![0-9\-/%]|\.[0-9]|"
            r" ?[天日个件块元周星礼月年小分人次位瓶岁码点])",
            _slashed,
        ),
        (
            rf"{_FREE}(?:(?P<which>[上下这本当])个?月的?|(?<![月大小]))(?P<d>{_D2}){_DAY_END}"
            r"(?(which)|(?!(?<=日)(?:[之以]?内|无理由|游(?!戏|客))))",
            _day_of_month,
        ),
        (
            r"(?<![早晚马])(?P<which>上上|下下|[上下这本当])一?个?月(?!份?[0-9一二三]|卡|饼|球|亮)",
            _month_only,
        ),
        (r"(?<!《)(?P<which>大前|大后|[前昨今明后])[天日](?!有|头条|报)", _day_word),
        (
            r"(?:(?P<y>大?[前去今明后]年)的?|(?P<month>上上|下下|[上下])个月的)"
            r"(?P<which>[今昨明])[天日]",
            _same_day,
        ),
        (r"(?P<which>昨儿|今儿|明儿|后儿|前儿)(?:个)?", _day_word),
        (
            r"(?P<which>[昨今明])(?=[晚早晨]|下午|上午|中午)",
            _day_word,
        ),
        (
            rf"{_FREE}(?<![上下])(?P<n>{_N})(?P<unit>天|日|周|个?星期|个?礼拜|个月|(?<=[俩仨])月|年)"
            r"(?:左右)?(?P<side>以前|之前|前|以后|之后|后)(?!天)(?:的今[天日])?",
            _counted,
        ),
        (
            rf"(?<![0-9一二三四五六七八九十几两半每]个)(?:(?<=[周期拜][一二三四五六日天])|(?<![一二三四五六七八九十几两半每0-9]))(?P<which>上上|下下|[上下这本](?:一(?=个|{_WEEK_WORD}))?)?(?:个的?)?{_WEEK_WORD}(?:的?{_WEEK_WORD})?(?P<d>[一二三四五六日天]|[1-7](?![0-9]))(?!年)"
            r"(?P<ahead>(?=(?:上午|中午|下午|晚上|早上)?(?:之前|以前|前|能|会|可以|上班|营业|开门|发货|休息|有人)))?",
            _weekday,
        ),
        (
            rf"(?:(?:(?P<y>{YEAR})的?)?{FREE}(?P<m>{MONTH})月份?|(?P<which>上上|下下|[上下这本当])个?月)"
            rf"的? ?(?:第(?P<n>[一二三四五1-5])|最后一)个?{_WEEK_WORD}(?P<d>[一二三四五六日天])",
            _weekday_of_month,
        ),
        (
            rf"(?<![早晚马])(?P<which>上上|下下|[上下这本])一?个?{_WEEK_WORD}(?![一二三四五六日天末1-7])",
            _week_only,
        ),
    )
)
