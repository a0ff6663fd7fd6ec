"""The ways to say a whole year or month, or the ends of one."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date
from typing import Final

from nlu.entity_calendar import add_months, nearest_month_day, whole_number

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
    "大后年": 3,
}
_HAN_YEAR: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")

_SPELT_OUT: Final = r"[两二]千零(?:[一二三四五六七八九]|[一二三]?十[一二三四五六七八九]?) ?年"
YEAR: Final = (
    r"(?:(?:1[5-9]|20)[0-9]{2} ?年|2100 ?年|[一二][零〇五六七八九][零〇一二三四五六七八九]{2} ?年"
    rf"|{_SPELT_OUT}|[0-9]{{2}} ?年"
    r"|[零〇一二九][零〇一二三四五六七八九]年|大[前后]年|[前去今本明后]年|[上下]一年)"
)
"""A year that is said: 2018年, 18年, 二零一八年, 去年."""

MONTH: Final = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元(?=月))"
"""The number of a month."""
YEAR_OF_MONTH: Final = rf"(?:{YEAR}|(?:19|20)[0-9]{{2}}(?= ?{MONTH} ?月))"
"""A year before its month, which may do without its 年: 2018五月."""
BARE_YEAR: Final = r"(?<![0-9a-z.\-/])(?:19|20)[0-9]{2} ?"
"""Four digits that are a year where what follows makes them one: 2018下半年."""
FREE: Final = r"(?<![0-9a-z./第一二三四五六七八九十零〇个])(?<![^年月日]-)"
"""Nothing to the left that a number, a code or a longer date would be."""


def year_of(said: str, today: date) -> int:
    """The year of a match of YEAR; two digits are of the hundred years that end in twenty years.

    Raises ValueError for anything else.
    """
    shift = _YEARS.get(said)
    if shift is not None:
        return today.year + shift
    written = said.removesuffix("年").strip()
    year = whole_number(written) if "千" in written else int(written.translate(_HAN_YEAR))
    if year is None:
        raise ValueError(f"no year: {said!r}")
    if year < 100:
        year += 2000 if year <= today.year % 100 + 20 else 1900
    return year


def month_iso(year: int, month: int) -> str:
    """A month as `2026-11`."""
    return f"{year}-{month:02}"


def _year(match: re.Match[str], today: date) -> str | None:
    return f"{year_of(match['y'], today)}"


def named_month(match: re.Match[str], today: date) -> str | None:
    """The month of a match with the groups `y` (maybe empty) and `m`, as `2026-11`."""
    month = whole_number(match["m"])
    if month is None or not 1 <= month <= 12:
        return None
    if match["y"]:
        return month_iso(year_of(match["y"], today), month)
    day = nearest_month_day(month, 1, today)
    return None if day is None else day.isoformat()[:7]


def _numeric_month(match: re.Match[str], today: date) -> str | None:
    """2018-03, 2018/3, 2018.3, 3/2018."""
    return month_iso(int(match["y"]), int(match["m"]))


def _month_end(match: re.Match[str], today: date) -> str | None:
    """The first, the fifteenth or the last of a month."""
    if match["m"]:
        named = named_month(match, today)
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
            r"(?<![0-9a-z./一二三四五六七八九])(?<![^年月日]-)(?P<y>(?:1[5-9]|20)[0-9]{2} ?年"
            r"|2100 ?年|0[0-9]年"
            r"|[5-9][0-9]年(?![前后以之多来内的])|[零九八][零一二三四五六七八九]年|一[零〇三四五六七八九]年|二[零〇一二四五六七八九]年"
            r"|[一二][零〇五六七八九][零〇一二三四五六七八九]{2} ?年|大[前后]年|[上下]一年"
            rf"|{_SPELT_OUT}"
            r"|[前去今本明后]年)(?!以?[前后]?[0-9一二三四五六七八九十]+个?月)(?!级|货|会|费|卡|薪|租)",
            _year,
        ),
        (
            rf"{FREE}(?:(?P<y>{YEAR_OF_MONTH}) ?的? ?)?(?P<m>{MONTH}) ?月份?"
            rf"(?!(?!一直){MONTH}|饼|[0-9廿])",
            named_month,
        ),
        (rf"(?P<y>{YEAR})的?第(?P<m>{MONTH})个月", named_month),
        (
            r"(?<![0-9a-z.\-/])(?P<y>(?:19|20)[0-9]{2})[\-/.](?P<m>0[1-9]|1[0-2]|[1-9])"
            r"(?![0-9a-z\-/.元块%分号室~版万千百])",
            _numeric_month,
        ),
        (
            r"(?<![0-9a-z.\-/])(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|20)[0-9]{2})(?![0-9a-z\-/.元块%])",
            _numeric_month,
        ),
        (r"(?<![0-9a-z./\-])(?P<y>(?:19|20)[0-9]{2})(?: ?全年|(?= ?(?:至今|以来|到现在)))", _year),
        (r"(?<![0-9a-z./\-])(?P<y>[0-2][0-9]年)(?= ?(?:至今|到现在))", _year),
        (
            rf"{FREE}(?:(?:(?P<y>{YEAR})的?)?(?P<m>{MONTH})月份?(?:的?月)?"
            r"|(?P<which>上上|下下|[上下这本])个?月(?:的?月)?|个?月)"
            r"(?P<end>初(?![一二三四五六七八九十])|底|末|中(?!旬|秋|午))",
            _month_end,
        ),
        (
            r"(?:(?P<y>(?:(?:19|20)[0-9]{2} ?|(?<![0-9.])[0-2][0-9])年|[去今本明前后]年)的?年?"
            r"|(?<![本今去明前大后])年)"
            r"(?P<end>初(?![一二三四五六七八九十])|底|末)",
            _year_end,
        ),
    )
)
"""What a period looks like, and how to read a match of it on a given day, as reduced ISO 8601."""
