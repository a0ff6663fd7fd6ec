"""Finds times of day, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlu.entity_calendar import whole_number
from nlu.entity_found import Found, Rank
from nlu.entity_numerals import numeral

_PART: Final = (
    r"(?P<part>凌晨|清晨|早上|早晨|早间|上午|中午|下午|午后|傍晚|晚上|晚间|半夜|深夜|午夜"
    r"|夜里|夜间|夜晚|晨|早|晚|夜)?"
)
_LEFT: Final = (
    r"(?:(?<=周[一二三四五六日])|(?<=[期拜][一二三四五六日天])"
    r"|(?<![0-9.:一二三四五六七八九十百千万亿第]))"
)
_N: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十两]{1,3}|[零〇])"
_CLOCK: Final = re.compile(
    rf"{_PART} ?{_LEFT}(?P<h>[0-9]{{1,2}})[:：](?P<m>[0-5][0-9])"
    r"(?::(?P<s>[0-5][0-9]))?(?![0-9:])"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))?"
)
_SAID: Final = re.compile(
    rf"{_PART} ?{_LEFT} ?(?P<h>{_N}) ?点(?!击|开(?![始门会业播售抢奖放车场工学盘市演卖营馆])|赞"
    rf"|评|我|了)"
    r"(?:(?P<sharp>整|钟(?!过?半|[一二两三1-3]刻|[过又][0-9一二三四五六七八九十]))"
    r"|钟?(?:(?P<half>过?半)|(?P<quarter>[一二两三1-3]刻)钟?)"
    r"|(?:钟?[过又])?(?P<m>[0-9]{1,2}(?![0-9%])|(?!一直)[零一二三四五六七八九十]{1,4})"
    r"(?:分(?!之)钟?(?: ?(?P<s>[0-9]{1,2}|[零一二三四五六七八九十]{1,4})秒)?)?)?"
)
_HOUR: Final = re.compile(
    rf"{_PART} ?{_LEFT} ?(?P<h>[0-9]{{1,2}}|(?:二?十[一二三四五六七八九]?|[二三五六七八九零]))"
    r" ?时(?![间候常装代刻限效差空髦光尚令])"
    r"(?:(?P<m>[0-9]{1,2}|[零一二三四五六七八九十]{1,3}) ?分"
    r"(?:(?P<s>[0-9]{1,2}|[零一二三四五六七八九十]{1,3}) ?秒)?)?(?P<sharp>整)?(?P<half>半)?"
    r"(?:(?P<quarter>[一二两三1-3]刻)钟?)?"
)
_MINUTES: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_TO_THE_HOUR: Final = re.compile(
    rf"{_PART} ?(?:差(?P<m>{_MINUTES}分?|一刻)(?:钟)?(?:到)?(?P<h>{_N})点"
    rf"|(?P<h2>{_N})点(?P<word>差|过)(?P<m2>{_MINUTES}分|一刻))"
)
_NAMED: Final = re.compile(r"(?P<part>)(?:正午|午夜|半夜零点|零时)")
_ENGLISH: Final = re.compile(
    r"(?<![0-9a-z.:])(?P<h>[0-9]{1,2}) ?(?P<half>am|pm|a\.m\.|p\.m\.|o'clock)(?![a-z])"
)
_TO: Final = r" ?[\-—\u2013~到至] ?"
_HOURS: Final = re.compile(
    rf"{_PART} ?{_LEFT}(?P<a>{_N}){_TO}(?P<b>{_N})(?:点|:(?P<m>[0-5][0-9])(?![0-9:]))"
    r"(?!击|开(?![始门会业播售放])|赞|评|我|了|[0-9一二三四五六七八九十半])"
    rf"|早上?(?P<early>{_N})(?:点(?:到|至)?)? ?晚上?(?P<late>{_N})点?"
)
_PARTS: Final = {
    "凌晨": "00:00/06:00", "清晨": "06:00/09:00", "早上": "06:00/09:00", "早晨": "06:00/09:00",
    "早": "06:00/09:00", "上午": "08:00/12:00", "中午": "11:00/13:00", "下午": "12:00/18:00",
    "傍晚": "17:00/19:00", "晚上": "18:00/24:00", "晚": "18:00/24:00",
}  # fmt: skip
_PART_ALONE: Final = re.compile(
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|(?<=[昨今明后前])[早晚](?![点些几一]))(?!好|安|茶|饭|餐|班)"
)
_NIGHT: Final = frozenset(
    ["凌晨", "半夜", "深夜", "午夜", "夜里", "夜间", "夜晚", "晚上", "晚间", "晚", "夜"]
)
_AFTERNOON: Final = frozenset(["下午", "午后", "傍晚", "晚上", "晚间", "晚", "夜"])


def times(text: str) -> Iterator[Found]:
    """The times of day in a text in normal form as `HH:MM` or `HH:MM:SS`; finds may overlap."""
    yield from _around_the_hour(text)
    for match in _CLOCK.finditer(text):
        half = match["half"] or match["part"]
        yield from _found(match, int(match["h"]), int(match["m"]), half, second=match["s"])
    for match in _SAID.finditer(text):
        if _is_a_clock(match):
            hour = numeral(match["h"])
            minute = _minute(match)
            yield from _found(match, int(hour or 99), minute, match["part"], second=match["s"])
    for match in _HOUR.finditer(text):
        hour = numeral(match["h"])
        yield from _found(match, int(hour or 99), _minute(match), match["part"], second=match["s"])
    for match in _NAMED.finditer(text):
        yield from _found(match, 12 if match.group() == "正午" else 0, 0, None)
    for match in _ENGLISH.finditer(text):
        yield from _found(match, int(match["h"]), 0, match["half"])


def parts_of_days(text: str) -> Iterator[Found]:
    """Hours given by their ends (9-18点, 早9晚6) and parts of a day (下午) as `HH:MM/HH:MM`."""
    for match in _HOURS.finditer(text):
        value = _hours(match)
        if value is not None:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield Found("time_range", value, start, match.end(), Rank.PHRASE)
    for match in _PART_ALONE.finditer(text):
        yield Found("time_range", _PARTS[match["part"]], *match.span(), Rank.PHRASE)


def _hours(match: re.Match[str]) -> str | None:
    first = whole_number(match["a"] or match["early"])
    last = whole_number(match["b"] or match["late"])
    if first is None or last is None:
        return None
    if match["part"] in _AFTERNOON and first < 12:
        first, last = first + 12, last + 12 if last <= 12 else last
    if last <= first and last <= 12:  # 九点到六点, 早9晚6
        last += 12
    if not first < last <= 24:
        return None
    end = f"{last:02}:{match['m'] or '00'}"
    return f"{first:02}:00/{end if end <= '24:00' else end.replace('24', '00', 1)}"


def _around_the_hour(text: str) -> Iterator[Found]:
    """差五分三点 and 九点过五分."""
    for match in _TO_THE_HOUR.finditer(text):
        hour, past = numeral(match["h"] or match["h2"]), match["word"] == "过"
        written = (match["m"] or match["m2"]).removesuffix("分")
        minute = 15 if written == "一刻" else int(numeral(written) or 99)
        if hour is not None and hour.isdigit() and 0 < minute < 60:
            total = int(hour) * 60 + (minute if past else -minute)
            yield from _found(match, total // 60 % 24, total % 60, match["part"])


def _is_a_clock(match: re.Match[str]) -> bool:
    """Whether 点 is a clock's: 便宜一点 and 一点都不 are not, 一点半 and 下午一点 are."""
    if (
        len(match["m"] or "") == 1
        and not match["part"]
        and not match.group().endswith(("分", "秒"))
    ):
        return False  # 三点五 is a decimal
    said_more = match["part"] or match["sharp"] or match["half"] or match["quarter"] or match["m"]
    return match["h"] != "一" or bool(said_more)


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 * (whole_number(match["quarter"][0]) or 0)
    if match["m"]:
        value = numeral(match["m"].lstrip("零") or "0")
        return int(value) if value is not None and value.isdigit() else 99
    return 0


def _found(
    match: re.Match[str], hour: int, minute: int, part: str | None, *, second: str | None = None
) -> Iterator[Found]:
    night = part in {"夜里", "夜间", "夜晚", "半夜", "深夜", "午夜"} and hour >= 6
    noon = part == "中午" and hour <= 3
    afternoon = part in _AFTERNOON or (part or "").startswith("p") or night or noon
    if afternoon and hour < 12:
        hour += 12
    elif hour == 12 and (part in _NIGHT or (part or "").startswith("a")):
        hour = 0
    if hour <= 24 and minute <= 59:
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        value = f"{hour % 24:02}:{minute:02}"
        if second:
            value += f":{int(numeral(second.lstrip('零') or '0') or 0):02}"
        yield Found("time", value, start, match.end(), Rank.PHRASE)
