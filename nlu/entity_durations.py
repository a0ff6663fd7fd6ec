"""Finds how long something takes (三天, 两个半小时), and moments and stretches counted from now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from nlu.entity_calendar import add_months
from nlu.entity_found import Found, Rank
from nlu.entity_numerals import HAN_DIGITS, HAN_UNITS, ONE_STRETCH, decimal_of, plain

_N: Final = (
    r"(?:(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,6}(?:\.[0-9]{1,2})?)(?![0-9])(?: ?[百千万])?"
    rf"|(?![{HAN_DIGITS}十百千万]{{1,6}}[百千万]{ONE_STRETCH})"
    rf"[{HAN_DIGITS}十百千万]{{1,7}}(?:点[{HAN_DIGITS}]{{1,2}})?|半)"
)
_LETTERS: Final = {
    "年": "Y", "月": "M", "周": "W", "星期": "W", "礼拜": "W", "天": "D", "日": "D", "昼夜": "D",
    "小时": "H", "钟头": "H", "钟": "H", "刻钟": "Q",
    "世纪": "C", "分半钟": "m", "分钟": "m", "分": "m", "秒钟": "S", "秒": "S",
    "季度": "T", "工作日": "B", "year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H",
    "hr": "H", "minute": "m", "min": "m", "second": "S", "sec": "S",
}  # fmt: skip
_ORDER: Final = "YMWBDHmS"
_UNIT: Final = (
    r"(?:年(?!份|代|级|货|纪|龄|费|会|卡|糕|终|初|底|末|前的)|(?<=个)(?:半)?月"
    r"|(?<=个[半多整来])月|(?<=[俩仨])月|(?:个)?工作日|(?<=个)世纪|(?<=个半)世纪"
    r"|周(?!年|一|二|三|四|五|六|日|末|边|围|转)"
    r"|(?:个)?(?:星期|礼拜)(?![一二三四五六日天](?!小时|天|个|分钟))|天(?!猫|气|然|津|线)|昼夜|(?:个)?小时(?!候)|(?:个)?钟头|(?<=个)钟(?![头表楼])|刻钟|分半?钟|日(?![元本币期记用])|分(?=[0-9一二三四五六七八九十]{1,3}秒)|秒钟?(?!杀)|季度)"
)
_LOOSE: Final = r"|分(?!之|期|别|手|数|开|享)|日"
_MORE: Final = r"多(?![少久大长])"
_AND_MORE: Final = re.compile(_MORE)
_JOIN: Final = r" ?[又零余、,和加]? ?"


def _part(i: int, loose: str = "") -> str:
    # A bare 分 or 日 means time only after another part: 8小时5分.
    unit = _UNIT if not loose else f"(?:{_UNIT}{loose})"
    return (
        rf"(?P<n{i}>{_N}) ?[多来余几]? ?(?P<more{i}>个半多|个[半多整来]|个|整)? ?(?P<u{i}>{unit})"
        rf"(?P<half{i}>半(?![个年天小]))?(?:{_MORE})?"
    )


_YEAR_SAID: Final = re.compile(
    r"0.*|[12][0-9]{3}|[一二][零〇九][零〇一二三四五六七八九]{2}|[两二]千(?:零.{1,3})?"
)
_PARTS: Final = 7
_CHAIN: Final = _part(0) + "".join(
    f"(?:{_JOIN}{_part(i, _LOOSE)}" for i in range(1, _PARTS)
) + ")?" * (_PARTS - 1)  # fmt: skip
_FREE: Final = (
    rf"(?<![那几数])(?<!这(?=一))(?<!最后(?=一天))(?:(?<![0-9a-z.第{HAN_DIGITS}{HAN_UNITS}])|(?<=[0-9百千万亿])(?={ONE_STRETCH}))"
    r"(?<![0-9][\-~到至])"
)
_DURATION: Final = re.compile(_FREE + _CHAIN)
_AROUND: Final = re.compile(
    r"(?P<lead>过去|最近|未来|接下来|今后|往后|之后|此前|之前|还剩下?|剩余|近|(?<!最)后|前"
    rf"|(?<![早晚马])[上下](?= ?[0-9两二三四五六七八九十]))?(?:的)? ?{_FREE}{_CHAIN}"
    r"(?: ?(?:左右|钟)?)?(?P<side>以前|之前|前(?!台|面)|以后|之后|后(?!面|台|天))?"
)
_LAST_HOUR: Final = re.compile(r"(?P<which>[上下])(?:一)?个?小时")
_ENGLISH: Final = re.compile(
    r"(?<![a-z0-9.])(?P<n>(?:[0-9]{1,3}(?:\.[0-9])?|an?|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|half an) |[0-9]{1,3}(?:\.[0-9])?)"
    r"(?P<unit>year|month|week|day|hour|hr|minute|min|second|sec)s?"
    r"(?![a-z])(?! ago)"
)
_SHORT: Final = re.compile(
    r"(?<![a-z0-9.])(?P<h>[0-9]{1,3}(?:\.[0-9])?) ?h"
    r"(?:(?:rs?|ours?)?(?P<m>[0-9]{1,2}) ?m(?:ins?)?)?(?![a-z0-9])"
)
_TO: Final = r" ?(?:到|至|[~\-—\u2013]) ?"
_SPAN: Final = re.compile(
    rf"{_FREE}(?P<a>{_N}) ?(?:个半|个)?(?P<ua>{_UNIT})?{_TO}(?P<b>{_N})"
    rf" ?(?P<more>个半|个)?(?P<u>{_UNIT})"
    r"(?!大(?![概约学]))"
)
# 近7日 and 7日内 are seven days, 7日 is the seventh.
_WITHIN: Final = re.compile(r"[之以]?内|无理由|游(?!戏|客)")
_LEADS_TO_DAYS: Final = frozenset({"过去", "最近", "近", "前", "未来", "接下来", "今后"})
_LEFT: Final = frozenset({"还剩", "还剩下", "剩余"})
_BACK: Final = frozenset({"过去", "最近", "近", "此前", "之前", "前", "以前", "上"})


def durations(text: str, *, now: datetime) -> Iterator[Found]:
    """Durations in a text in normal form, and what is counted from `now` in hours and less.

    A duration is ISO 8601 as it was said (`P3D`, `PT2.5H`, `P1.5Y`); 两小时前 is a `datetime`,
    最近三天 a `date_range`. Finds may overlap.
    """
    position = 0
    while (match := _AROUND.search(text, position)) is not None:
        parts = _parts(match)
        if parts:
            # What lies beyond the calendar (9999年前) is no moment.
            with suppress(ValueError, OverflowError):
                yield from _said(match, parts, now)
        # 三天、五天 are two durations: what does not fall begins anew.
        whole = not parts or len(parts) > _last(match)
        position = match.end() if whole else match.end(f"u{len(parts) - 1}")
    for match in _LAST_HOUR.finditer(text):
        value = _stretch(now, [("H", Decimal(1))], back=match["which"] == "上")
        yield Found("date_range", value, match.start(), match.end(), Rank.PHRASE)
    for match in _ENGLISH.finditer(text):
        said = match["n"].strip()
        amount = Decimal("0.5") if said == "half an" else decimal_of(said)
        if amount is not None:
            value = _iso([(_LETTERS[match["unit"]], amount)])
            yield Found("duration", value, match.start(), match.end(), Rank.PHRASE)

    for match in _SHORT.finditer(text):
        parts = [("H", Decimal(match["h"]))]
        parts += [("m", Decimal(match["m"]))] if match["m"] else []
        yield Found("duration", _iso(parts), *match.span(), Rank.PHRASE)
    yield from _spans(text)


def _spans(text: str) -> Iterator[Found]:
    """3到5天, 半小时到一小时: the shortest and the longest."""
    for match in _SPAN.finditer(text):
        unit = match["u"].removeprefix("个")
        first, last = decimal_of(match["a"]), decimal_of(match["b"])
        if (
            first is None
            or last is None
            or (unit == "年" and (first >= 10 or match["a"].startswith("0")))
        ):
            continue  # 18到19年 are years
        last += Decimal("0.5") if match["more"] == "个半" else 0
        ends = [
            _scaled(_LETTERS[(said or unit).removeprefix("个").removeprefix("半")], amount)
            for said, amount in ((match["ua"], first), (unit, last))
        ]
        if match["ua"] or first < last:
            value = "/".join(_iso([end]) for end in ends)
            yield Found("duration_range", value, *match.span(), Rank.PHRASE)


def _scaled(letter: str, amount: Decimal) -> tuple[str, Decimal]:
    """Quarters of an hour in minutes, of a year in months; centuries in years."""
    if letter == "C":
        return "Y", amount * 100
    if letter in "QT":
        return ("m", amount * 15) if letter == "Q" else ("M", amount * 3)
    return letter, amount


def _said(match: re.Match[str], parts: list[tuple[str, Decimal]], now: datetime) -> Iterator[Found]:
    """A duration, or with a word before or after it what is counted from now."""
    last = len(parts) - 1
    whole = last == _last(match)
    end = max(match.end(f"half{last}"), match.end(f"u{last}"))
    end += _AND_MORE.match(match.string, end) is not None
    start = match.start("n0")
    if not (whole and match["side"]):
        yield Found("duration", _iso(parts), start, end, Rank.PHRASE)
        days = len(parts) > 1 or parts[0][0] not in "HmS"
        left = match["lead"] in _LEFT and days  # 还剩三天 is no more than a duration
        if match["lead"] and not left and not any(letter == "B" for letter, _ in parts):
            value = _stretch(now, parts, back=match["lead"] in _BACK)
            yield Found("date_range", value, match.start(), end, Rank.PHRASE)
    elif not any(letter == "B" for letter, _ in parts):
        moment = _moved(now, parts, -1 if match["side"] in _BACK else 1)
        exact = any(letter in "HmS" for letter, _ in parts)
        value = moment.strftime("%Y-%m-%dT%H:%M:%S") if exact else f"{moment:%Y-%m-%d}"
        yield Found("datetime" if exact else "date", value, start, match.end(), Rank.PHRASE)


def _last(match: re.Match[str]) -> int:
    return max(i for i in range(_PARTS) if match[f"n{i}"])


def _parts(match: re.Match[str]) -> list[tuple[str, Decimal]]:
    """Letters of ISO 8601 (m for minutes) with their amounts, as far as they fall."""
    parts: list[tuple[str, Decimal]] = []
    for i in range(_last(match) + 1):
        written, unit = match[f"n{i}"], match[f"u{i}"]
        if unit == "年" and _YEAR_SAID.fullmatch(written):
            break  # 08年 is a year
        amount = decimal_of(written)
        few = unit == "日" and not parts and amount is not None and amount <= 31 and written != "两"
        few = few and _WITHIN.match(match.string, match.end(f"u{i}")) is None
        if amount is None or (few and match["lead"] not in _LEADS_TO_DAYS):
            break
        if (
            unit == "分半钟"
            or match[f"half{i}"]
            or "半" in (match[f"more{i}"] or "")
            or unit.startswith("半")
        ):
            amount += Decimal("0.5")
        letter, amount = _scaled(_LETTERS[unit.removeprefix("个").removeprefix("半")], amount)
        if parts and _ORDER.index(letter) <= _ORDER.index(parts[-1][0]):
            break
        parts.append((letter, amount))
    return parts


def _iso(parts: list[tuple[str, Decimal]]) -> str:
    days = "".join(plain(n) + letter.replace("B", "BD") for letter, n in parts if letter in "YMWBD")
    clock = "".join(plain(n) + letter.upper() for letter, n in parts if letter in "HmS")
    return f"P{days}T{clock}" if clock else f"P{days}"


def _moved(now: datetime, parts: list[tuple[str, Decimal]], sign: int) -> datetime:
    moment, seconds = now, Decimal(0)
    each = {"W": 604_800, "D": 86_400, "H": 3600, "m": 60, "S": 1}
    for letter, amount in parts:
        if letter in "YM":
            months = amount * (12 if letter == "Y" else 1)
            day = add_months(moment.date(), sign * int(months))
            moment = datetime.combine(day, moment.timetz())
            seconds += (months - int(months)) * 30 * 86_400
        else:
            seconds += amount * each[letter]
    return moment + timedelta(seconds=sign * float(seconds))


def _stretch(now: datetime, parts: list[tuple[str, Decimal]], *, back: bool) -> str:
    """The days, or the hours, until now or from now on; whole days ahead begin tomorrow."""
    if any(letter in "HmS" for letter, _ in parts):
        ends = sorted((now, _moved(now, parts, -1 if back else 1)))
        return "/".join(end.strftime("%Y-%m-%dT%H:%M:%S") for end in ends)
    start = now if back else now + timedelta(days=1)
    end = _moved(start, parts, -1) if back else _moved(start, parts, 1) - timedelta(days=1)
    days = sorted((start, end))
    return "/".join(day.date().isoformat() for day in days)
