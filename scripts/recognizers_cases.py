"""The cases of microsoft/Recognizers-Text for benchmark_entities.py, with our values for theirs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from recognizers_units import UNITS, money_of

from nlu.understanding import Entity

HALVES: Final = ("develop", "reported")
ANY_DAY: Final = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CALENDAR: Final = frozenset(
    {"date", "date_range", "time", "time_range", "datetime", "duration", "recurrence"}
)

_KIND_OF_SPEC: Final = {
    "Choice/Chinese/BooleanModel.json": "boolean",
    "DateTime/Chinese/DateTimeModel.json": "datetimeV2.date",
    "Number/Chinese/NumberModel.json": "number",
    "Number/Chinese/NumberRangeModel.json": "numberrange",
    "Number/Chinese/OrdinalModel.json": "ordinal",
    "Number/Chinese/PercentModel.json": "percentage",
    "NumberWithUnit/Chinese/AgeModel.json": "age",
    "NumberWithUnit/Chinese/CurrencyModel.json": "currency",
    "NumberWithUnit/Chinese/DimensionModel.json": "dimension",
    "NumberWithUnit/Chinese/TemperatureModel.json": "temperature",
    "Sequence/Chinese/IpAddressModel.json": "ip",
    "Sequence/Chinese/PhoneNumberModel.json": "phonenumber",
    "Sequence/Chinese/QuotedTextModel.json": "quotedText",
    "Sequence/Chinese/URLModel.json": "url",
}
OURS: Final[dict[str, frozenset[str]]] = {
    "number": frozenset({"number"}),
    "percentage": frozenset({"percent"}),
    "ordinal": frozenset({"ordinal"}),
    "currency": frozenset({"money"}),
    "dimension": frozenset({"measure", "size"}),
    "temperature": frozenset({"measure", "size"}),
    "age": frozenset({"age"}),
    "phonenumber": frozenset({"phone"}),
    "url": frozenset({"url"}),
    "datetimeV2.date": CALENDAR,
    "datetimeV2.daterange": CALENDAR,
    "datetimeV2.time": CALENDAR,
    "datetimeV2.timerange": CALENDAR,
    "datetimeV2.datetime": CALENDAR,
    "datetimeV2.datetimerange": CALENDAR,
    "datetimeV2.duration": CALENDAR,
    "datetimeV2.set": CALENDAR,
}
"""Their kinds and ours; of those that are missing UNSUPPORTED says why."""

UNSUPPORTED: Final = {
    "boolean": "yes and no are intents (affirm, deny)",
    "numberrange": "no task or rule asks for a range of bare numbers",
    "ip": "no customer's detail",
    "quotedText": "no customer's detail",
}

MAPPING: Final = """\
theirs                  ours
number                  number: equal decimals (12 digits; theirs are floats)
percentage              percent: 75% as `75`, 七五折 and 七成五 alike
ordinal                 ordinal: 第三 as `3`
currency                money: `250` are yuan, others carry the ISO code: `5 USD`. Theirs without
                        one: `Dollar`, `Ruble` … have the code of the largest country, 5 `Jiao`
                        or `Fen` are 0.5 and 0.05 (scripts/recognizers_units.py)
dimension, temperature  measure, or size for what products come in: `1.5kg`, `50ml`, `20°C`
age                     age: ISO 8601 duration, 三周大 as `P3W`
phonenumber             phone: equal digits; `+` for a country's prefix (but 0 and the area code for
                        China's), `x` before an extension
url                     url: equal but for capitals
datetimeV2.date         date `2026-11-05`: one of their candidates; we say the nearest
datetimeV2.daterange    date of a whole month, week or year (`2026-11`, `2026-W45`, `2026`),
                        expanded to its first day and the day after its last; or date_range, an
                        ISO 8601 interval, an open end as `..`. We say the last day that belongs
                        to it, or month and year as they were said; they the first day of that,
                        or the day after it
datetimeV2.time         time `15:30`, with seconds where they were said: one of their candidates
datetimeV2.timerange    time_range `17:15/18:00`
datetimeV2.datetime     date and time beside each other, or datetime for 两小时后
datetimeV2.datetimerange  date_range with times
datetimeV2.duration     duration, ISO 8601: 两年 as `P2Y`; compared in seconds as theirs are
datetimeV2.set          recurrence: `P1D`, `XXXX-WXX-3`, `T08:00`; compared with their TIMEX
"""

_AGE_LETTER: Final = {"Year": "Y", "Month": "M", "Week": "W", "Day": "D"}
_SECONDS: Final = {"Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400}
_CLOCK_SECONDS: Final = {"H": 3600, "M": 60, "S": 1}
_DURATION: Final = re.compile(r"P(?=.)((?:[0-9.]+[YMWD])*)(?:T((?:[0-9.]+[HMS])+))?")
_REIGN: Final = re.compile(
    r"农历|大年|正月|[初]一|初[一二三四五六七八九十]|腊月|除夕|公元前"
    r"|(?:康熙|雍正|乾隆|嘉庆|道光|咸丰|同治|光绪|宣统|民国|神龙|贞观|开元|永乐|万历|崇祯|洪武|令和|昭和|平成|大正|明治)"
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case wants: its place in the text, if it says one, and the values that are right."""

    kind: str
    values: frozenset[str]
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `excluded` says why it is not counted, if it is not."""

    text: str
    now: datetime
    kind: str
    expected: tuple[Expected, ...]
    excluded: str = ""

    @property
    def half(self) -> str:
        """Where the hash of its text puts it."""
        return HALVES[int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 2]


def read_case(raw: dict[str, Any]) -> Case:
    """One line of the file."""
    when = datetime.fromisoformat(raw["ref"]).replace(tzinfo=UTC) if raw["ref"] else ANY_DAY
    first = raw["results"][0]["TypeName"] if raw["results"] else _KIND_OF_SPEC[raw["spec"]]
    expected, excluded = [], UNSUPPORTED.get(first, "")
    for result in raw["results"]:
        kind = result["TypeName"]
        reason = UNSUPPORTED.get(kind) or _beyond(kind, result)
        if reason:
            excluded = excluded or reason
            continue
        span = (result["Start"], result["End"] + 1) if "Start" in result else None
        expected.append(Expected(kind, frozenset(_their_values(kind, result)), span))
    return Case(raw["text"], when, first, tuple(expected), excluded)


def _beyond(kind: str, result: dict[str, Any]) -> str:
    """Why a single expectation of a supported kind is none of ours; empty when it is."""
    resolution = result["Resolution"]
    if kind in {"currency", "temperature", "dimension"} and resolution.get("value") is None:
        return "a unit without an amount is no value"
    if not kind.startswith("datetimeV2"):
        return ""
    if _REIGN.search(result["Text"]):
        return "lunar dates and years of reigns"
    values = resolution["values"]
    if any(v["timex"].endswith("_REF") for v in values):
        return "now, soon, lately are no moment"
    if any(re.search(r"-(SP|SU|FA|WI)|T(MO|AF|EV|NI|DT)", v["timex"]) for v in values):
        return "seasons and parts of a day have no agreed limits"
    if all(not _their_values(kind, {"Resolution": {"values": [v]}}) for v in values):
        return "not resolved by them either"
    return ""


def _their_values(kind: str, result: dict[str, Any]) -> list[str]:
    resolution = result["Resolution"]
    if kind.startswith("datetimeV2"):
        return [v for one in resolution["values"] if (v := _their_moment(kind, one))]
    value, unit = str(resolution["value"]), resolution.get("unit", "")
    if kind == "phonenumber":
        return [_phone(value)]
    if kind == "url":
        return [value.lower()]
    value = _decimal(value.removesuffix("%"))
    if kind == "currency":
        amount, code = money_of(value, unit, resolution.get("isoCurrency") or "")
        return [_decimal(str(amount)) if code == "CNY" else f"{_decimal(str(amount))} {code}"]
    if kind in {"dimension", "temperature"}:
        return [value + UNITS.get(unit, f" {unit}")]
    return [f"P{value}{_AGE_LETTER[unit]}" if kind == "age" else value]


def _their_moment(kind: str, value: dict[str, str]) -> str:
    """One of their candidates; empty when it is not resolved."""
    if kind == "datetimeV2.set":
        return value["timex"]
    if kind == "datetimeV2.duration":
        return f"{float(value['value']):.6g}"
    if kind.endswith("range"):
        known = "start" in value or "end" in value
        return f"{value.get('start', '..')}/{value.get('end', '..')}" if known else ""
    return value.get("value", "").replace("not resolved", "")


def our_value(kind: str, group: Sequence[Entity]) -> frozenset[str]:
    """What our find says in their terms; empty for another kind of thing."""
    names, value = tuple(e.name for e in group), group[0].value
    if len(group) > 1:
        if kind == "datetimeV2.datetime" and names == ("date", "time"):
            return frozenset({f"{value} {_with_seconds(group[1].value)}"})
        return frozenset()
    name = names[0]
    if kind.startswith("datetimeV2"):
        return frozenset(_our_moments(kind.removeprefix("datetimeV2."), name, value))
    if kind == "phonenumber":
        return frozenset({_phone(value)})
    if kind == "url":
        return frozenset({value.lower()})
    if kind in {"number", "percentage", "ordinal"}:
        return frozenset({_decimal(value)})
    if kind in {"currency", "dimension", "temperature"}:
        amount = re.match(r"-?[0-9.]+", value)
        rest = value[amount.end() :] if amount else value
        return frozenset({(_decimal(amount[0]) if amount else "") + rest})
    return frozenset({value})


def _our_moments(kind: str, name: str, value: str) -> set[str]:
    """A find of the calendar in the terms of their kind."""
    if kind == "set" and name == "recurrence":
        return {re.sub(r":00(?=$)", "", value)}
    if kind == "daterange" and name in {"date", "date_range"}:
        return {_expanded(value)} if name == "date" else _ends(value)
    if kind in {"timerange", "datetimerange"} and name in {"time_range", "date_range"}:
        return {"/".join(_with_seconds(end.replace("T", " ")) for end in value.split("/"))}
    if kind != name:
        return set()
    return {
        f"{_seconds(value):.6g}" if name == "duration" else _with_seconds(value.replace("T", " "))
    }


def _expanded(value: str) -> str:
    """An ISO year, month or week as its first day and the day after its last."""
    if re.fullmatch(r"[0-9]{4}", value):
        return f"{value}-01-01/{int(value) + 1}-01-01"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
        year, month = int(value[:4]), int(value[5:])
        return f"{value}-01/{year + month // 12}-{month % 12 + 1:02}-01"
    if "-W" in value:
        monday = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        return f"{monday}/{monday + timedelta(days=7)}"
    return ""


def _ends(value: str) -> set[str]:
    """An interval from its first day to the first of what was said as its end, or the day after."""
    first, last = ((_expanded(end) or f"{end}/{_next(end)}").split("/") for end in value.split("/"))
    return {f"{first[0]}/{last[0]}", f"{first[0]}/{last[1]}"} if ".." not in value else {value}


def _next(day: str) -> str:
    try:
        return str(date.fromisoformat(day) + timedelta(days=1))
    except ValueError:
        return day


def _seconds(value: str) -> float:
    match = _DURATION.fullmatch(value)
    if match is None:
        return -1.0
    days = re.findall(r"([0-9.]+)(.)", match[1] or "")
    clock = re.findall(r"([0-9.]+)(.)", match[2] or "")
    return sum(float(n) * _SECONDS[unit] for n, unit in days) + sum(
        float(n) * _CLOCK_SECONDS[unit] for n, unit in clock
    )


def _with_seconds(value: str) -> str:
    return f"{value}:00" if re.search(r"(?:^|[ T])[0-9]{2}:[0-9]{2}$", value) else value


def _decimal(value: str) -> str:
    try:
        return f"{Decimal(value):.12g}".replace("E+", "e+")
    except InvalidOperation:
        return value


def _phone(value: str) -> str:
    plain = re.sub(r"ext\.?|转", "x", value.lower().strip())
    abroad = re.match(r"\(? ?(?:\+|00 ?[1-9])", plain)
    plain = re.sub(r"[^0-9x]", "", plain.replace("(0)", "") if abroad else plain)
    if abroad:
        plain = f"+{plain.removeprefix('00')}"
    mobile = re.fullmatch(r"(?:\+?86)?(1[3-9][0-9]{9})", plain)
    landline = re.fullmatch(r"\+860?([1-9][0-9]{8,10})", plain)
    return mobile[1] if mobile else f"0{landline[1]}" if landline else plain
