"""Find what a sentence claims in a form that can be compared: amounts, times, shares, and no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

_HALF_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_CHINESE = "零\u3007一二两三四五六七八九十百千万半"
_DIGITS = {c: v for v, c in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty"
)
_ENGLISH = {word: value for value, word in enumerate(_UP_TO_TWENTY.split())}
_ENGLISH |= {"thirty": 30, "sixty": 60, "ninety": 90}

_NUMERALS = frozenset(_CHINESE) - {"万"} | frozenset("0123456789")
_N = rf"(?:\d[\d,]*(?:\.\d+)?|[{_CHINESE}]+)"
_W = rf"(?:\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_ENGLISH)})\b)"
_TO = r"\s?(?:-|\u2013|~|至|到|to)\s?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class FactKind(StrEnum):
    """What a claim is about."""

    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim in a text: `text[start:end]`. Two of one kind and `unit` may be compared by
    `values`, which are the same however it is written (七天, 7 日, 168 小时): one, or the two ends
    of a range.
    """

    kind: FactKind
    unit: str
    values: tuple[str, ...]
    start: int
    end: int

    def agrees_with(self, other: Fact) -> bool:
        """Whether both may be true of the same thing: 3-5 天 and 5 天 are not far enough apart."""
        return bool(set(self.values) & set(other.values))


class _Form(NamedTuple):
    kind: FactKind
    pattern: re.Pattern[str]


_DURATIONS = {
    "工作日": ("workday", 1), "个工作日": ("workday", 1), "business day": ("workday", 1),
    "working day": ("workday", 1), "自然日": ("second", 86400), "天": ("second", 86400),
    "日": ("second", 86400), "day": ("second", 86400), "小时": ("second", 3600),
    "个小时": ("second", 3600), "钟头": ("second", 3600), "hour": ("second", 3600),
    "周": ("second", 604800), "星期": ("second", 604800), "个星期": ("second", 604800),
    "week": ("second", 604800), "分钟": ("second", 60), "minute": ("second", 60),
    "秒": ("second", 1), "second": ("second", 1), "个月": ("month", 1), "月": ("month", 1),
    "month": ("month", 1), "年": ("month", 12), "year": ("month", 12),
}  # fmt: skip
_CHINESE_SPANS = "|".join(sorted((u for u in _DURATIONS if u[0] > "z"), key=len, reverse=True))
_ENGLISH_SPANS = "business day|working day|day|hour|week|minute|second|month|year"
_COUNTERS = (
    "人次|次|件|台|张|份|人|名|位|条|倍|笔|封|公里|千米|公斤|千克|克|毫升|升|厘米|毫米|米|积分|分"
    "|mAh|GB|MB|TB|kg|km|cm|mm|ml|Wh|Hz|dB|Pa|times|items|pieces|people|users|seats|members|points"
)

_FORMS = (
    _Form(FactKind.PHONE, re.compile(r"(?<!\d)(?:400|800)-?\d{3,4}-?\d{3,4}(?!\d)")),
    _Form(
        FactKind.DATE,
        re.compile(
            rf"(?:(\d{{4}})\s?[年/-])\s?(\d{{1,2}})\s?[月/-]\s?(\d{{1,2}})\s?[日号]?"
            rf"|()(\d{{1,2}})\s?月\s?(\d{{1,2}})\s?[日号]"
            rf"|()\b({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}})\b",
            re.I,
        ),
    ),
    _Form(
        FactKind.TIME,
        re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)()|\b(\d{1,2})()\s?([ap]m)\b", re.I),
    ),
    _Form(FactKind.PERCENT, re.compile(rf"({_N})\s?(%)|(?:百分之)({_N})()|({_N})\s?(折)")),
    _Form(
        FactKind.MONEY,
        re.compile(
            rf"[¥$]\s?({_N})\s?(万)?|({_N})\s?(万)?\s?(?:元|块钱|块|yuan|RMB|CNY|dollars)", re.I
        ),
    ),
    _Form(
        FactKind.DURATION,
        re.compile(
            rf"(?:({_N}){_TO})?({_N})\s?({_CHINESE_SPANS})(?![份日号底初供度检报])"
            rf"|(?:({_W}){_TO})?({_W})[\s-]?({_ENGLISH_SPANS})s?\b",
            re.I,
        ),
    ),
    _Form(FactKind.COUNT, re.compile(rf"({_N})\s?({_COUNTERS})(?![A-Za-z])")),
)

# What reads like a denial and is none.
_NO_DENIAL = re.compile(
    "无理由|无论|不论|不管|不锈钢|不同|不仅|不只|不但|不过|不超过|不少于|不低于|不高于|不多于"
    "|不大于|不小于|不足|不满|不如|不久|不断|不良|不便|不适|不合适|不喜欢|不想|不到|不影响|差不多"
    "|无线|无人|非常|未来|没收到|没有收到|未收到|未支付|未付款|未发货|未签收|未使用|未拆|不符|不清"
    "|no later than|no more than|no less than|not only|no matter|no-reason|without reason"
    "|no reason"
)
_DENIAL = re.compile(
    r"不|没|无|未|勿"
    r"|\b(?:not|no|never|without|cannot|can't|won't|don't|doesn't|isn't|aren't)\b",
    re.I,
)


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, each in its place."""
    return text.translate(_HALF_WIDTH)


def find_facts(text: str) -> tuple[Fact, ...]:
    """The claims of a text in reading order; where two forms fit, the earlier form wins."""
    plain = half_width(text)
    taken = [False] * len(plain)
    found: list[Fact] = []
    for form in _FORMS:
        for match in form.pattern.finditer(plain):
            if any(taken[match.start() : match.end()]):
                continue
            fact = _fact(form.kind, match)
            if fact is not None:
                found.append(fact)
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
    return tuple(sorted(found, key=lambda fact: fact.start))


def denials(text: str) -> tuple[tuple[int, int], ...]:
    """Where the text says no (不支持, cannot); 不超过 and its like are not counted."""
    plain = half_width(text)
    quiet = [match.span() for match in _NO_DENIAL.finditer(plain)]
    return tuple(
        match.span()
        for match in _DENIAL.finditer(plain)
        if not any(start <= match.start() < end for start, end in quiet)
    )


def without(text: str, spans: Iterator[tuple[int, int]] | tuple[tuple[int, int], ...]) -> str:
    """The text with `#` in the place of each stretch."""
    pieces, end = [], 0
    for start, stop in sorted(spans):
        pieces += [text[end:start], "#"]
        end = max(end, stop)
    return "".join([*pieces, text[end:]])


def _fact(kind: FactKind, match: re.Match[str]) -> Fact | None:
    groups = [group for group in match.groups() if group is not None]
    start, end = match.span()
    if kind is FactKind.PHONE:
        return Fact(kind, "", (re.sub(r"\D", "", match.group()),), start, end)
    if kind is FactKind.DATE:
        year, month, day = groups
        number = _MONTHS.index(month.lower()) + 1 if month.isalpha() else int(month)
        return Fact(kind, "year" if year else "", (f"{year}-{number}-{int(day)}",), start, end)
    if kind is FactKind.TIME:
        hour, minute, half = groups
        shift = 12 if half.lower() == "pm" and int(hour) < 12 else 0
        return Fact(kind, "", (f"{int(hour) + shift}:{int(minute or 0):02}",), start, end)
    return _measured(kind, [group for group in groups if group], start, end)


def _measured(kind: FactKind, groups: list[str], start: int, end: int) -> Fact | None:
    counted = [_number(group) for group in groups if group[0] in _NUMERALS or group in _ENGLISH]
    unit = groups[-1].lower() if len(groups) > len(counted) else ""
    factor = 1
    if kind is FactKind.DURATION:
        unit, factor = _DURATIONS[unit]
    elif kind is FactKind.MONEY:
        unit, factor = "", 10_000 if unit else 1
    elif kind is FactKind.PERCENT:
        unit = unit.replace("%", "")
    values = tuple(f"{value * factor:g}" for value in counted if value is not None)
    return Fact(kind, unit, values, start, end) if values else None


def _number(text: str) -> float | None:
    """The number that is written in digits, in Chinese or in English words; None for none."""
    if text[0].isdigit():
        return float(text.replace(",", ""))
    if text.lower() in _ENGLISH:
        return float(_ENGLISH[text.lower()])
    if text == "半":
        return 0.5
    total, part, digit = 0, 0, 0
    for character in text:
        if character == "半":
            return None
        if character == "万":
            total, part, digit = (total + part + digit) * 10_000, 0, 0
        elif character in _TENS:
            part += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return float(total + part + digit)
