"""Reads numbers as people write them: 1,200.50, 3万5, 二百五, 壹仟零壹, 十几万, six."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation, localcontext
from functools import lru_cache
from typing import Final

_FORMAL: Final = str.maketrans(
    dict(
        zip("〇壹贰貮叁肆伍陆柒捌玖拾佰仟俩仨幺", "零一二二三四五六七八九十百千两三一", strict=True)
    )
    | {"廿": "二十", "卅": "三十", "卌": "四十"}
)
_VALUES: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_MYRIADS: Final = (("兆", 10**12), ("亿", 10**8), ("万", 10**4))
_WORDS: Final = {
    "zero": "0", "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "twenty": "20", "thirty": "30", "fifty": "50",
}  # fmt: skip

HAN_DIGITS: Final = "零〇一二三四五六七八九两俩仨廿卅卌壹贰貮叁肆伍陆柒捌玖"
HAN_UNITS: Final = "十百千万亿兆拾佰仟"
DIGITS: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9])|[0-9]{1,16})(?:\.[0-9]{1,8})?"
"""A number in digits, for use inside other patterns."""

WORD: Final = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty)"
)
"""A number as an English word."""

_POINT: Final = HAN_DIGITS.replace("两", "").replace("俩", "").replace("仨", "")
# 三十两 and 八两 are so many of a measure: 两 counts only at the beginning and before a unit.
_NEXT: Final = rf"(?:[{HAN_DIGITS.replace('两', '')}]|两(?= ?[{HAN_UNITS}]))"
_ONES: Final = rf"(?:零?{DIGITS}|[{HAN_DIGITS}]{_NEXT}{{0,19}})"
PIECES: Final = "[个件台位次斤套条张盒瓶份人只双平箱包袋罐支本]"
"""What a price is for one of, as one character."""
# 二百五一斤 are 250 for a pound.
_GO_ON: Final = rf"(?:(?:(?<=[零〇])|(?!一 ?{PIECES})){_NEXT})"
_MORE: Final = rf"(?:零? ?{DIGITS}|零 {_NEXT}{{1,19}}|{_NEXT}{_GO_ON}{{0,19}})"

ONE_STRETCH: Final = (
    r"[一二两三四五六七八九] ?"
    r"(?:年(?![终薪货前底初级度费])|个月|天(?![河津猫气然])|周(?![岁边围])|个?小时|个?星期|分钟|晚)"
)
"""A digit that counts a stretch of time and nothing before it: 20万一年 are 200,000 in a year."""

# One unit a turn and atomic groups: nothing can be cut in two ways, so the search stays linear.
_STEP: Final = (
    rf"(?: ?[多几余来] ?(?=[万亿]))?(?> ?[{HAN_UNITS}])(?: ?零?几(?=[万亿]))?"
    rf"(?:(?:(?<=[十拾])|(?! ?(?:{ONE_STRETCH}|一 ?{PIECES})))(?> ?{_MORE}))?"
)
_SCALE: Final = r"(?:万亿|[百千]?[万亿])"  # 一点五万 are 15,000
# What follows the point stands together, or every digit apart; 两千3点1 has one digit alone.
_TAIL: Final = (
    rf"(?>(?: ?点 ?|(?<=[{HAN_DIGITS}])\.(?=[{_POINT}]))"
    rf"(?:[{_POINT}](?:(?: [{_POINT}]){{1,12}}|[{_POINT}]{{0,11}})"
    rf"(?:(?! ?[{HAN_UNITS}])| ?{_SCALE})|[0-9](?![0-9分:])(?: ?{_SCALE})?))"
)
NUMERAL: Final = (
    rf"(?:(?>(?:{_ONES}|(?=[十百千万拾佰仟]))(?:{_STEP}){{0,16}})"
    rf"(?: ?[kmw](?![a-z])|{_TAIL})?"
    r"|半[百千万亿佰仟]|半(?![百千万亿]))"
)
"""A number in digits or Chinese numerals, for use inside other patterns."""

_TOKEN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?|.")
_APPROXIMATE: Final = re.compile(r"[一二三四五六七八九两]{2,}")  # 两三天 is not 23
_SPELT: Final = re.compile(r"[零一二三四五六七八九]{4,}")  # digit by digit, as codes are read out
_SCALED: Final = re.compile(rf"(.*?)({_SCALE}?)")
_LATIN_SCALE: Final = {"k": 1000, "w": 10_000, "m": 1_000_000}
_HALVED: Final = {
    "": Decimal(1), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10**4),
    "亿": Decimal(10**8),
}  # fmt: skip
_LONGEST: Final = 80


@lru_cache(maxsize=4096)
def numeral(written: str) -> str | None:
    """The value of a number written in digits, Chinese or English as a decimal string, or None.

    二百五十, 1,200.50, 3万, 1.5k, 两, 壹仟零壹 and six are understood; 两三 has no value, and
    neither have 千万 and 万亿, which are written like numbers.
    """
    value = decimal_of(written)
    return None if value is None else plain(value)


def decimal_of(written: str) -> Decimal | None:
    """The value of a number as `numeral` reads it."""
    if len(written) > _LONGEST:
        return None
    simple = _WORDS.get(written, written).replace(",", "").replace(" ", "").translate(_FORMAL)
    simple = re.sub(r"零?几(?=[万亿])|[多余来](?=[万亿])", "", simple).replace("亿万", "兆")
    simple = re.sub(r"(?<=[零一二三四五六七八九])\.", "点", simple)
    if simple[:1] == "半" and len(simple) <= 2:
        times = _HALVED.get(simple[1:])
        return None if times is None else times / 2
    if simple[-1:] in _LATIN_SCALE:
        whole = decimal_of(simple[:-1])
        return None if whole is None else whole * _LATIN_SCALE[simple[-1]]
    try:
        return Decimal(simple) if simple.isascii() else _chinese(simple)
    except InvalidOperation:
        return None


def plain(value: Decimal) -> str:
    """A decimal without exponent and superfluous zeros; what does not end has twelve digits."""
    with localcontext() as context:
        context.prec = 40
        places = 11 - min(value.adjusted(), -1)
        text = format(round(value, places) if value.as_tuple().exponent < -12 else value, "f")  # type: ignore[operator]
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if text not in {"", "-0"} else "0"


def _chinese(simple: str) -> Decimal | None:
    whole, point, rest = simple.partition("点")
    if not point and _SPELT.fullmatch(whole):
        return Decimal("".join(str(_VALUES[c]) for c in whole))
    if _APPROXIMATE.search(whole) or not whole:
        return None
    if not any(c in _VALUES or c.isdigit() for c in whole) and not whole.startswith("十"):
        return None  # 千万, 万亿
    if point:
        rest, scale = _SCALED.fullmatch(rest).groups()  # type: ignore[union-attr]
        if not rest or any(c not in _VALUES and not c.isdigit() for c in rest):
            return None
        front, times = _large(whole, 1), _large(f"一{scale}", 1) if scale else Decimal(1)
        tail = "".join(str(_VALUES.get(c, c)) for c in rest)
        return None if front is None or times is None else (front + Decimal(f"0.{tail}")) * times
    return _large(whole, 1)


def _large(written: str, unit_before: int) -> Decimal | None:
    """A number with 万, 亿, 兆; a last single digit counts tenths of the unit before: 三万五."""
    if not written:
        return Decimal(0)
    if unit_before > 1 and len(written) == 1 and written != "零":
        digit = _VALUES.get(written, int(written) if written.isdigit() else None)
        return None if digit is None else Decimal(digit * (unit_before // 10))
    for name, unit in _MYRIADS:
        if name in written:
            left, _, right = written.rpartition(name)
            if name in left.removesuffix(name):
                return None  # 三万五万 are two numbers
            front, back = _large(left, 1) if left else Decimal(1), _large(right, unit)
            return None if front is None or back is None else front * unit + back
    return _small(written)


def _small(written: str) -> Decimal | None:
    """A number below ten thousand, or in digits."""
    total, digit, unit, gap = Decimal(0), None, 10**5, False
    for piece in _TOKEN.findall(written):
        if piece in _UNITS:
            if _UNITS[piece] >= unit:
                return None
            unit = _UNITS[piece]
            total += (Decimal(1) if digit is None else digit) * unit
            digit, gap = None, False
        elif piece == "零":
            gap = True
        elif digit is not None or not (piece in _VALUES or piece[0].isdigit()):
            return None
        else:
            digit = Decimal(_VALUES[piece]) if piece in _VALUES else Decimal(piece)
    if digit is not None:
        tenths = 100 <= unit <= 1000 and not gap and digit < 10
        total += digit * (unit // 10) if tenths else digit
    elif unit == 10**5 and not gap:
        return None
    return total
