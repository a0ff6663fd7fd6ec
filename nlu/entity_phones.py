"""Finds telephone numbers: Chinese mobiles and landlines, and others after a word that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlu.entity_found import Found, Rank

# Every repetition below is bounded, so that each search is linear in the text.
_START: Final = r"(?<![0-9a-z#_])(?<![0-9][\-./])(?<![a-z][\-./])"
# No bytes either: 00 10 00 31 46 d9.
_END: Final = (
    r"(?![0-9])(?![\-./][0-9a-z])(?![a-z_])(?!(?: [0-9]{2}){0,4} (?=[0-9]?[a-f])[0-9a-f]{2} )"
)
_EXTENSION: Final = (
    r"(?: ?(?:ext\.?|x|转|(?:, ?)?(?:转接|转?分机))(?:号码?)?是? ?:? ?(?P<ext>[0-9]{1,6}))?"
)
_GAP: Final = r"(?: ?[\-\u2013\u2014] ?| |\.)?"
_HOME: Final = r"(?:\+? ?86|\(\+?86\)|0086)"
_MOBILE: Final = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)(?:{_HOME}{_GAP})?"
    rf"(?P<number>1[3-9][0-9](?:{_GAP}[0-9]{{4}}){{2}}|1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"
    r"|\( ?1[3-9][0-9] ?\) ?[0-9]{4}[ \-]?[0-9]{4})"
    r"(?:(?: ?(?:转(?:接|分机)?|分机)|, ?分机)(?:号码?)?是? ?:? ?(?P<ext>[0-9]{1,6})"
    r"|-(?P<desk>[0-9]{3,4}))?(?![0-9])(?!\.[0-9])"
)
_HAN_DIGIT: Final = r"[0-9零〇一二三四五六七八九幺]"  # noqa: RUF001 - the zero people type
_SPOKEN: Final = re.compile(
    rf"(?<!{_HAN_DIGIT})(?=[0-9]{{0,10}}[零〇一二三四五六七八九幺])[1一幺](?:{_GAP}{_HAN_DIGIT}){{10}}"
    rf"(?!{_HAN_DIGIT}|[十百千万亿])"
)
_SPOKEN_DIGITS: Final = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_AREA: Final = r"(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL: Final = r"[1-9][0-9]{2,3}(?:[ \-][0-9]{4}|[0-9]{4})"
_LANDLINE: Final = re.compile(
    rf"{_START}(?:(?:{_HOME}[ \-]?)?\( ?0{_AREA} ?\)[ \-]?{_LOCAL}"
    rf"|(?:(?:\+ ?86|0086|\(\+?86\))[ \-]?|86[ \-])0?{_AREA}[ \-]?{_LOCAL}|0{_AREA}[ \-]{_LOCAL}"
    r"|[48]00[ \-]?[0-9]{3}[ \-]?[0-9]{4}|[48]00[ \-][0-9]{4}[ \-]?[0-9]{3}|400-[0-9]{2}-[0-9]{5}"
    rf"|0(?:10|2[0-9])[2-8][0-9]{{3}} ?[0-9]{{4}}|0[3-9][0-9]{{2}}[2-8][0-9]{{2,3}} ?[0-9]{{4}})"
    r"(?:-(?P<desk>[0-9]{1,5}))?"
    rf"{_EXTENSION}(?![0-9])(?![\-.][0-9a-z])(?![a-z_])"
)
_SERVICE: Final = re.compile(
    r"(?:电话|热线|致电|拨打?|打(?:给|到)?|联系|call|dial)(?: ?(?:是|为|就是))? ?[:：]? ?"
    r"(?P<number>1[0126][0-9]{3}|11[0249]|12[02]|9[56][0-9]{3,4})"
    r"(?![0-9.\-/年月日号天元块个件分折%])"
)
_FOREIGN: Final = re.compile(
    rf"{_START}(?:\( ?(?:\+ ?|00)[1-9][0-9]{{0,2}} ?\)|\((?:85[23]|886)\)(?=(?:[ \-]?[0-9]){{8}})"
    r"|\+ ?[1-9][0-9]{0,2}|(?<![0-9] )00 ?[1-9])"
    r"(?:[ \-\u2013./]{0,3}(?:\( ?[0-9]{1,5} ?\)|[0-9])){5,16}"
    rf"{_EXTENSION}{_END}"
)
_SAID: Final = re.compile(
    r"(?:电话(?:会议)?|手机|号码|座机|联系方式|联系我?|热线|致电|回电|呼叫|拨打?|请打|打给我?|打到"
    r"|打(?=\+?[0-9(][0-9 \-()]{6})"
    r"|打电话[到给]|客服(?!单)|联系人|传真|短信(?:发[到给])?|whatsapp|tel|phone"
    r"|call me (?:at|on)|call|mobile|fax|number|(?<![a-z0-9])@)(?:号码?| number)?"
    r"(?: ?(?:不?是|为|就是|改成|改为|换成|打|is|no\.?))? ?[:：，,]? ?(?:是 ?)?[\"'“「(]?"
    r"(?P<number>\+?(?:\( ?\+? ?[0-9]{1,5} ?\)|(?:1[ \-]?)?[0-9]{2,4}\)[ \-]?(?=[0-9])|[0-9])"
    r"(?:[ \-\u2013./]{0,3}(?:\( ?[0-9]{1,5} ?\)|[0-9])){5,17})"
    rf"{_EXTENSION}{_END}"
)
_TOLD_AFTER: Final = re.compile(
    rf"{_START}(?<![0-9()] )(?<![()\-])(?P<number>[0-9]{{2,5}}(?:[ \-]?[0-9]{{2,8}}){{1,3}})"
    r" ?(?:(?:这个?|才|就)?是(?:我|本人|他|她|家里|公司)?的?[新旧]?"
    r"(?:手机|电话|联系|座机|固话)(?:号码?|方式)?"
    r"|是我的?[新旧]?号码?(?![a-z0-9]))"
)
_GROUPED: Final = re.compile(
    rf"{_START}(?:\+?1[ \-.]?)?(?:\([0-9]{{3}}\)[ .\-]?[0-9]{{3}}[\-. ]?"
    rf"|[1-9][0-9]{{2}}[\-.][0-9]{{3}}[\-.]"
    rf"|(?<![0-9] )[2-9][0-9]{{2}} [2-9][0-9]{{2}}[ \-])[0-9]{{4}}"
    rf"{_EXTENSION}{_END}"
)
# As people outside of the mainland write theirs at home: with a 0 or an area in parentheses.
_AT_HOME: Final = re.compile(
    rf"{_START}(?<![0-9] )(?<![+)])"
    r"(?:0[0-9]{1,4}[ \-/](?:[0-9]{3,4}[ \-][0-9]{3,4}|[0-9]{6,8})"
    r"|0[0-9](?:[ \-][0-9]{2}){4}|(?:85[23]|886)[ \-](?:[0-9][ \-])?[0-9]{4}[ \-]?[0-9]{4}"
    r"|1 [2-9][0-9]{2} [2-9][0-9]{2}[ \-][0-9]{4}|\( ?0[0-9]{1,4} ?\)[ \-/]?[0-9]{5,9}"
    r"|\( ?(?!(?:19|20)[0-9]{2} ?\))[0-9]{2,5} ?\)[ \-]?"
    r"(?:[0-9]{3,5}[ \-][0-9]{3,5}|[0-9]{5,9})"
    r"|\(0\)[0-9]{1,4}[ \-]?[0-9]{3,4}[ \-]?[0-9]{3,4}|[1-9][0-9] [0-9]{4,5}-[0-9]{4}"
    r"|(?!(?:19|20)[0-9]{2}-)[1-9][0-9]{2,3}-[1-9][0-9]{6,7}"
    r"|(?:1-?)?[2-9][0-9]{2}\)[ \-]?[2-9][0-9]{2}-[0-9]{4})"
    rf"{_EXTENSION}{_END}"
)


_ABROAD: Final = re.compile(
    r"(?:\+ ?|(?<![0-9])00 ?)(?!86)[1-9][0-9]{0,2} ?\)?[ \-/.]{0,2}(?:\(0\) ?)?$|\+$"
)


def phones(text: str) -> Iterator[Found]:
    """The telephone numbers in a text in normal form; finds may overlap.

    A value has digits alone: a Chinese mobile its eleven (`13800000001`), a Chinese landline its
    area code (`02011111111`), others `+` and the country's prefix where that was said, and
    `x` before an extension. Numbers of any other form need a word before them: 电话是632139823.
    """
    yield from _mobiles(text)
    for match in _LANDLINE.finditer(text):
        end = match.start("desk") - 1 if match["desk"] else match.start("ext")
        number = match.group() if end < 0 else text[match.start() : end]
        value = _with_extension(_landline(_digits(number)), match["desk"] or match["ext"])
        yield Found("phone", value, match.start(), match.end(), Rank.SAID)
    for pattern in (_FOREIGN, _GROUPED, _AT_HOME):
        for match in pattern.finditer(text):
            yield Found("phone", _value(match.group()), match.start(), match.end(), Rank.SAID)
    for match in _SERVICE.finditer(text):
        yield Found("phone", match["number"], *match.span("number"), Rank.SAID)
    yield from _said(text)


def _said(text: str) -> Iterator[Found]:
    """Numbers of any form beside a word that says what they are."""
    for match in _TOLD_AFTER.finditer(text):
        if 7 <= len(_digits(match["number"])) <= 12:
            yield Found("phone", _digits(match["number"]), *match.span("number"), Rank.SAID)
    for match in _SAID.finditer(text):
        start, end = match.start("number"), match.end()
        if " " in match["number"] and len(_digits(match["number"])) < 7:
            continue
        yield Found("phone", _value(text[start:end]), start, end, Rank.SAID)


def is_mobile(digits: str) -> bool:
    """Whether this is a Chinese mobile number and nothing else."""
    return _MOBILE.fullmatch(digits) is not None


def _mobiles(text: str) -> Iterator[Found]:
    for match in _MOBILE.finditer(text):
        if _ABROAD.search(text, max(0, match.start() - 9), match.start()):
            continue
        number = _with_extension(_digits(match["number"]), match["desk"] or match["ext"])
        yield Found("phone", number, match.start(), match.end(), Rank.CODE)
    for match in _SPOKEN.finditer(text):
        number = _digits(match.group().translate(_SPOKEN_DIGITS))
        if is_mobile(number):
            yield Found("phone", number, match.start(), match.end(), Rank.CODE)


def _digits(written: str) -> str:
    return re.sub(r"[^0-9]", "", written)


def _landline(digits: str) -> str:
    """A landline of China with its area code's 0, without the country's prefix."""
    home = digits.removeprefix("00") if digits.startswith("0086") else digits
    home = home.removeprefix("86")
    return home if home.startswith(("0", "400", "800")) else f"0{home}"


def _with_extension(number: str, extension: str | None) -> str:
    return f"{number}x{extension}" if extension else number


def _value(written: str) -> str:
    number, _, extension = re.sub(r",? ?(?:ext\.?|转|分机)", "x", written, count=1).partition("x")
    abroad = re.match(
        r"\(? ?(?:\+|00 ?[1-9])|\(?(?:85[23]|886)[) \-](?=[^0-9]{0,2}(?:[0-9][^0-9]?){8})", number
    )
    if abroad:
        digits = _digits(re.sub(r"\( ?0 ?\)", "", number)).removeprefix("00")
        number = f"+{digits}"
        if digits.startswith("86"):
            home = digits.removeprefix("86")
            number = home if home.startswith(("0", "400", "800")) or is_mobile(home) else f"0{home}"
    else:
        number = _digits(number)
    return f"{number}x{_digits(extension)}" if extension else number
