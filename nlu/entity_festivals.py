"""Finds festivals, solar terms and days of the lunar calendar: 国庆, 清明, 除夕, 正月十五."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from nlu.entity_calendar import iso, nearest, real_day, whole_number
from nlu.entity_lunar import lunar_day
from nlu.entity_periods import BARE_YEAR, YEAR, year_of

_Read = Callable[[re.Match[str], date], str | None]

_FESTIVALS: Final = {
    "元旦": (1, 1), "情人": (2, 14), "妇女": (3, 8), "三八": (3, 8), "劳动": (5, 1), "五一": (5, 1),
    "儿童": (6, 1), "六一": (6, 1), "国庆": (10, 1), "双十一": (11, 11), "双11": (11, 11),
    "双十二": (12, 12), "双12": (12, 12), "圣诞": (12, 25), "圣诞前": (12, 24), "平安夜": (12, 24),
    "618": (6, 18), "愚人": (4, 1), "青年": (5, 4), "建党": (7, 1),
    "建军": (8, 1), "十一": (10, 1), "教师": (9, 10), "光棍": (11, 11), "万圣": (10, 31),
    "植树": (3, 12),
}  # fmt: skip
_WEEKDAY_FESTIVALS: Final = {"母亲": (5, 6, 2), "父亲": (6, 6, 3), "感恩": (11, 3, 4)}
_LUNAR_FESTIVALS: Final = {
    "春": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中元": (7, 15), "中秋": (8, 15),
    "重阳": (9, 9), "腊八": (12, 8), "小年": (12, 23), "除夕": (12, 30), "年三十": (12, 30),
}  # fmt: skip
# Of the years 2001 to 2099; a day off once or twice in the century.
_SOLAR_TERMS: Final = {"清明": (4, 4.81), "冬至": (12, 21.94)}
_LUNAR_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}
_NAMES: Final = (
    r"元旦节?|(?:情人|妇女|三八|劳动|儿童|春|愚人|青年|建党|建军|教师|光棍|万圣|植树|母亲|父亲|感恩"
    r"|元宵|七夕|中元|重阳|清明|腊八)节|国庆节?|端午节?|中秋节?|(?<![0-9十百千万零点])[五六]一(?!十|[八百千万])节?|(?<=五一[到至和、~-])十一(?![0-9月日号点个件天岁年分])|双十[一二]|双1[12]|圣诞(?:前夜|节)?"
    r"|平安夜|除夕夜?|大?年三十|七夕|重阳|清明(?!上河)|冬至|腊八(?!粥|蒜)"
    r"|(?<![0-9])618(?=大促|活动|购物节|期间|当天|那天)"
)
_LUNAR_D: Final = (
    r"(?:初[一二三四五六七八九十]|[12][0-9]|30|[1-9]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|[一二三四五六七八九])"
)


def _festival(match: re.Match[str], today: date) -> str | None:
    name = match["name"].removeprefix("大").removesuffix("节").removesuffix("夜")
    name = "平安夜" if name == "平安" else name
    return iso(_near(lambda year: _in_year(name, year), match["y"], today))


def _in_year(name: str, year: int) -> date | None:
    if name in _LUNAR_FESTIVALS:
        return lunar_day(year, *_LUNAR_FESTIVALS[name])
    if name in _SOLAR_TERMS:
        month, shift = _SOLAR_TERMS[name]
        return real_day(year, month, int(year % 100 * 0.2422 + shift) - year % 100 // 4)
    if name in _WEEKDAY_FESTIVALS:
        return _nth(year, *_WEEKDAY_FESTIVALS[name])
    return real_day(year, *_FESTIVALS[name])


def _lunar(match: re.Match[str], today: date) -> str | None:
    """农历八月十五, 正月初一, 大年初六."""
    said = match["m"] or match["alone"] or "正"
    month = _LUNAR_MONTHS.get(said) or whole_number(said)
    day = whole_number(match["d"].removeprefix("初"))
    if month is None or day is None:
        return None
    return iso(_near(lambda year: lunar_day(year, month, day), match["y"] or match["y2"], today))


def _near(day_of: Callable[[int], date | None], said: str | None, today: date) -> date | None:
    """A day of every year in the year that was said, or else in the nearest."""
    years = [year_of(said, today)] if said else [today.year + shift for shift in (-1, 0, 1)]
    return nearest([day_of(year) for year in years], today)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


FESTIVAL_READERS: Final[tuple[tuple[re.Pattern[str], _Read], ...]] = (
    (
        re.compile(rf"(?P<y>{YEAR}|{BARE_YEAR})?的?(?:六一|五一|三八|十一)?(?P<name>{_NAMES})"),
        _festival,
    ),
    (
        re.compile(
            rf"(?:(?P<y>{YEAR})的?)?(?:(?:农历|阴历|旧历)的? ?(?:(?P<y2>{YEAR})的?)?"
            rf"(?P<m>[正冬腊]|{_LUNAR_D})月|(?P<alone>[正腊])月|大年(?=初))(?P<d>{_LUNAR_D})(?:日|号)?"
        ),
        _lunar,
    ),
)
"""How days of every year are named, and how to read a match on a given day."""
