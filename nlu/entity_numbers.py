"""Finds bare numbers, fractions, percentages and ordinals, in digits and Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from nlu.entity_counted import stands_for_number
from nlu.entity_found import Found, Rank
from nlu.entity_numerals import HAN_DIGITS, HAN_UNITS, NUMERAL, decimal_of, plain

_MINUS: Final = (
    r"(?:(?<![0-9a-z\-)%年月日号点时])-(?! )"
    r"|(?<=[\u4e00-\u9fff])(?<![年月日号点时])- (?=[0-9.])|负 ?)"
)
NOT_INSIDE: Final = rf"(?<![0-9a-z.{HAN_DIGITS}{HAN_UNITS}第])"
"""No number, code or ordinal goes on to the left of here."""

_NUMBER: Final = rf"(?:{NUMERAL}|(?<![0-9])\.[0-9]{{1,12}})"
_UNIT: Final = r"(?:[kcm]m|[km]g|ml|[kmgt]b|[kmg]?hz|mah|kwh?|mins?|[ap]m)(?![a-z0-9])"
_PLAIN: Final = re.compile(
    rf"{NOT_INSIDE}(?P<minus>{_MINUS})?"
    rf"(?:(?:(?P<whole>{_NUMBER}) ?[又 ] ?)?(?P<below>"
    rf"(?![百千万佰仟]{{1,3}} ?[分份]){_NUMBER}) ?[分份] ?之 ?(?P<over>负?{_NUMBER})"
    r"|(?:(?P<mixed>[0-9]{1,6})(?: | ?又 ?))?(?P<above>(?<![0-9]/)[0-9]{1,6})/"
    r"(?P<under>[0-9]{1,6})(?![0-9/])"
    r"|(?P<base>[0-9]{1,9}(?:\.[0-9]{1,6})?) ?\^ ?(?P<exponent>[+\-]{0,3}[0-9]{1,2})"
    r"(?![0-9]|\.[0-9])"
    r"|(?P<whole_before>[0-9]{0,6}?)(?P<vulgar>[0-9])\u2044(?P<vulgar_under>[0-9]{1,2})"
    r"|(?P<power>[0-9]{1,8}(?:\.[0-9]{1,8})?e[+\-]?[0-9]{1,2})(?![0-9a-z])"
    rf"|(?P<number>{_NUMBER})(?: ?(?P<big>[gt])|(?P<dozen> ?打"
    rf"(?![折算电扰开包印断击听字车破球扮招])))?)"
    rf"(?![0-9])(?!(?!{_UNIT})[a-z])(?!\.[0-9])"
)
_PERCENT: Final = re.compile(
    rf"{NOT_INSIDE}(?<!%)(?:(?P<minus>{_MINUS})?(?P<number>{_NUMBER}) ?(?:%(?![0-9]|[a-f][0-9a-f])"
    rf"|(?P<mille>‰)|个? ?[百佰] ?分 ?点)"
    rf"|(?P<below>负)?(?P<scale>(?:[百千万亿佰仟]|十(?= ?[万亿]))"
    rf"(?: ?[百千万亿佰仟]){{0,2}}) ?[分份] ?之 ?"
    rf"(?P<part>[负-]?{_NUMBER}|[百佰](?![万千]))|百分(?P<whole>百)"
    rf"|(?P<tenths>{_NUMBER}) ?成(?![功员本为分果品交套立人长都色绩份了年就吗熟]|不变)"
    rf"(?: ?(?P<hundredths>[{HAN_DIGITS}0-9半])(?![{HAN_DIGITS}{HAN_UNITS}0-9成折]))?"
    r"|(?P<rest>[0-9]{1,2}(?:\.[0-9]{1,2})?|[0-9] [0-9](?= ?折)|"
    r"(?:[一二三四五六七八九两零壹贰叁肆伍陆柒捌玖]|半|对) ?"
    r"(?:点 ?)?[一二三四五六七八九零壹贰叁肆伍陆柒捌玖]?|[1-9]点[1-9]) ?"
    r"折(?![叠磨腾断痕旧])(?P<half>半(?!价))?)"
)
_ORDINAL: Final = re.compile(rf"第 ?(?P<number>{NUMERAL})(?![0-9a-z])")
_LONGEST: Final = 30
_TOO_MANY: Final = re.compile(r"[^ ]+[十百千]千")
_HALF_OF: Final = re.compile("半[百千万亿佰仟]")
_BIG: Final = {"g": 10**9, "t": 10**12}
_SHORT: Final = re.compile("百[二三四五六七八九]十?|万[二三四五六七八九]千?")


def numbers(text: str) -> Iterator[Found]:
    """Numbers, percentages and ordinals in a text in normal form; finds may overlap.

    Values are decimal strings without superfluous zeros; 七五折 and 七成五 are the percentage 75.
    """
    for match in _PERCENT.finditer(text):
        share = _percentage(match)
        if share is not None:
            yield Found("percent", plain(share), match.start(), match.end(), Rank.PHRASE)
    for match in _ORDINAL.finditer(text):
        place = decimal_of(match["number"])
        if place is not None:
            yield Found("ordinal", plain(place), match.start(), match.end(), Rank.PHRASE)
            yield Found("number", plain(place), *match.span("number"), Rank.BARE)
    for match in _PLAIN.finditer(text):
        value = _value(match, text)
        if value is not None:
            value = -value if match["minus"] else value
            yield Found("number", plain(value), match.start(), match.end(), Rank.BARE)
        elif match["number"]:
            yield from _apart(match)


def _apart(match: re.Match[str]) -> Iterator[Found]:
    """一百 二百: what is no number together is one by one; 五十千 has fifty in it."""
    start, written = match.start("number"), match["number"]
    for part in [written[:-1]] if _TOO_MANY.fullmatch(written) else written.split(" "):
        value = decimal_of(part) if len(part) > 1 and says_number(part) else None
        if value is not None and part != written:
            yield Found("number", plain(value), start, start + len(part), Rank.BARE)
        start += len(part) + 1


def says_number(written: str) -> bool:
    """Whether a bare numeral means a number: 千万别 and 两三天 do not."""
    if written[0].isdigit():
        return True
    if written[0] in "百万":  # 百八十, 万五
        return _SHORT.fullmatch(written) is not None
    return len(written) > 1 and written[0] not in "亿半" and "半" not in written


def _value(match: re.Match[str], text: str) -> Decimal | None:
    if match["over"]:
        return _fraction(match["whole"], match["over"], match["below"])
    if match["above"]:
        return _fraction(match["mixed"], match["above"], match["under"])
    if match["power"]:
        return Decimal(match["power"])
    if match["exponent"]:
        return _raised(match["base"], match["exponent"])
    if match["vulgar"]:  # half of one as a single character
        return _fraction(match["whole_before"] or None, match["vulgar"], match["vulgar_under"])
    return _said(match, match["number"], text)


def _said(match: re.Match[str], written: str, text: str) -> Decimal | None:
    """A numeral, with dozens and 10^9 and 10^12 behind it."""
    if written.startswith("."):
        return Decimal(f"0{written}")
    sure = match["minus"] or match["dozen"] or _HALF_OF.match(written) or says_number(written)
    if not (sure or stands_for_number(text, *match.span("number"))):
        return None
    value = decimal_of(written)
    if value is None:
        return None
    return value * _BIG[match["big"]] if match["big"] else value * (12 if match["dozen"] else 1)


def _fraction(whole: str | None, over: str, below: str) -> Decimal | None:
    front = Decimal(0) if whole is None else decimal_of(whole)
    above, under = decimal_of(over.removeprefix("负")), decimal_of(below)
    if front is None or above is None or not under:
        return None
    return front + above / under * (-1 if over.startswith("负") else 1)


def _raised(base: str, exponent: str) -> Decimal | None:
    """2^10; None for what has no value or more digits than anybody means."""
    foot = Decimal(base)
    if not foot:
        return None
    power = int(exponent.lstrip("+-")) * (-1) ** exponent.count("-")
    value = foot**power
    return value if value.adjusted() < _LONGEST else None


def _percentage(match: re.Match[str]) -> Decimal | None:
    if match["number"]:
        value = decimal_of(match["number"])
        value = value / 10 if value is not None and match["mille"] else value
        return -value if value is not None and match["minus"] else value
    if match["part"]:
        value = _of_scale(match["scale"].replace(" ", ""), match["part"])
        return -value if value is not None and match["below"] else value
    if match["whole"]:
        return Decimal(100)
    if match["tenths"]:
        tenths = decimal_of(match["tenths"])
        small = {"半": Decimal(5)}.get(
            match["hundredths"] or "", decimal_of(match["hundredths"] or "零")
        )
        return None if tenths is None or small is None else tenths * 10 + small
    return _discount(match["rest"].replace(" ", ""), half=bool(match["half"]))


def _of_scale(scale: str, part: str) -> Decimal | None:
    """百分之三, 万分之三, 百万分之三."""
    below = Decimal(1)
    for unit in scale:
        below *= {
            "十": 10,
            "百": 100,
            "佰": 100,
            "千": 1000,
            "仟": 1000,
            "万": 10_000,
            "亿": 10**8,
        }[unit]
    above = Decimal(100) if part in {"百", "佰"} else decimal_of(part.lstrip("负-"))
    if above is None:
        return None
    return above * 100 / below * (-1 if part[0] in "负-" else 1)


def _discount(rest: str, *, half: bool) -> Decimal | None:
    """What is left to pay in percent: 八折, 75折, 七五折, 8.5折, 对折."""
    if rest in {"对", "半"}:
        return Decimal(50)
    digits = "".join(str(decimal_of(c) or 0) if c not in "点.0123456789" else c for c in rest)
    value = Decimal(digits.replace("点", "."))
    value = value * 10 if value < 10 or "." in digits else value
    return value + 5 if half else value
