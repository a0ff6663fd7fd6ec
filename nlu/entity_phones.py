"""Finds telephone numbers: Chinese mobiles and landlines, and others after a word that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlu.entity_found import Found, Rank

# Every repetition below is bounded, so that each search is linear in the text.
_START: Final = r"(?<![0-9a-z#_])(?<![0-9][\-./])(?<![a-z][\-./])"
_END: Final = r"(?![0-9])(?![\-./][0-9a-z])(?![a-z_])"
_MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9]\.)"
    r"(?:\+? ?86[ \-]?|\(\+?86\) ?|0086[ \-]?)?"
    r"(1[3-9][0-9](?:[ \-]?[0-9]{4}){2}|1[3-9][0-9]{2}[ \-]?[0-9]{3}[ \-]?[0-9]{4})"
    r"(?![0-9])"
)
_EXTENSION: Final = r"(?: ?(?:ext\.?|x|转|分机) ?(?P<ext>[0-9]{1,6}))?"
_LANDLINE: Final = re.compile(
    rf"{_START}(?:(?:\+ ?86|0086|\(\+86\))[ \-]?)?"
    r"(?:\(0(?:10|2[0-9]|[3-9][0-9]{2})\) ?[2-8][0-9]{6,7}|0?(?:(?<=0)|(?<=86[ \-])|(?<=86))"
    r"(?:10|2[0-9]|[3-9][0-9]{2})[ \-][2-8][0-9]{6,7}"
    r"|[48]00[ \-]?[0-9]{3}[ \-]?[0-9]{4}|[48]00[ \-][0-9]{4}[ \-]?[0-9]{3}|0(?:10"
    r"|2[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7})"
    rf"{_EXTENSION}{_END}"
)
_FOREIGN: Final = re.compile(
    rf"{_START}(?:\((?:\+|00)[1-9][0-9]{{0,2}}\)|\+ ?[1-9][0-9]{{0,2}}|00 ?[1-9])"
    r"(?:[ \-\u2013./]{0,3}(?:\(0?[0-9]{0,4}\)|[0-9])){5,16}"
    rf"{_EXTENSION}{_END}"
)
_SAID: Final = re.compile(
    r"(?:电话|手机|号码|座机|联系方式|联系我|热线|致电|拨打?|传真|短信|whatsapp|tel|phone"
    r"|call me (?:at|on)|call|mobile|fax|(?<![a-z0-9])@)(?:号码?| number)?"
    r"(?: ?(?:是|为|就是|改成|改为|换成|打|is|no\.?))? ?[:：，,]? ?(?:是 ?)?"
    r"(?P<number>\+?(?:\( ?\+?[0-9]{1,5}\)|[0-9])(?:[ \-\u2013./]{0,3}(?:\([0-9]{1,5}\)"
    r"|[0-9])){5,17})"
    rf"{_EXTENSION}{_END}"
)
_GROUPED: Final = re.compile(
    rf"{_START}(?:\+?1[ \-.]?)?(?:\([0-9]{{3}}\)[ .\-]?"
    rf"|[1-9][0-9]{{2}}[\-.])[0-9]{{3}}[\-.][0-9]{{4}}"
    rf"{_EXTENSION}{_END}"
)


_ABROAD: Final = re.compile(r"(?:\+ ?|(?<![0-9])00 ?)(?!86)[1-9][0-9]{0,2}\)?[ \-/.]{0,2}$")


def phones(text: str) -> Iterator[Found]:
    """The telephone numbers in a text in normal form; finds may overlap.

    A value has digits alone: a Chinese mobile its eleven (`13800000001`), a Chinese landline its
    area code (`02011111111`), others `+` and the country's prefix where that was said, and
    `x` before an extension. Numbers of any other form need a word before them: 电话是632139823.
    """
    for match in _MOBILE.finditer(text):
        if _ABROAD.search(text, max(0, match.start() - 9), match.start()):
            continue
        yield Found("phone", _digits(match.group(1)), match.start(), match.end(), Rank.CODE)
    for pattern in (_LANDLINE, _FOREIGN, _GROUPED):
        for match in pattern.finditer(text):
            yield Found("phone", _value(match.group()), match.start(), match.end(), Rank.SAID)
    for match in _SAID.finditer(text):
        start, end = match.start("number"), match.end()
        if " " in match["number"] and len(_digits(match["number"])) < 7:
            continue
        yield Found("phone", _value(text[start:end]), start, end, Rank.SAID)


def is_mobile(digits: str) -> bool:
    """Whether this is a Chinese mobile number and nothing else."""
    return _MOBILE.fullmatch(digits) is not None


def _digits(written: str) -> str:
    return re.sub(r"[^0-9]", "", written)


def _value(written: str) -> str:
    number, _, extension = re.sub(r" ?(?:ext\.?|转|分机) ?", "x", written).partition("x")
    abroad = re.match(r"\(?(?:\+|00 ?[1-9])", number)
    if abroad:
        digits = _digits(number.replace("(0)", "")).removeprefix("00")
        number = f"+{digits}"
        if digits.startswith("86"):
            home = digits.removeprefix("86")
            number = home if home.startswith(("0", "400", "800")) or is_mobile(home) else f"0{home}"
    else:
        number = _digits(number)
    return f"{number}x{_digits(extension)}" if extension else number
