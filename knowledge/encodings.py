"""The text of a file whose encoding nobody has told: UTF-8, UTF-16, GB18030 or Big5."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES: Final = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16", "gb18030": "GBK (GB18030)", "cp950": "Big5",
}  # fmt: skip
"""What an encoding is called where people read it."""

_PLAUSIBLE = 0.55
# Of the characters of a text, in which block of the standard they stand says in which standard it
# was written: what is in daily use comes first in both (GB 2312 level 1: rows 16 to 55; Big5 level
# 1: A440 to C67E). A text read in the other one's table falls out of these blocks.
_GB_LEVEL_1: Final = (0xB0, 0xD7)
_BIG5_LEVEL_1: Final = (0xA4, 0xC6)
_PUNCTUATION: Final = frozenset("，。、；：？！“”‘’（）《》「」『』【】…—·～　￥％＋－／")  # noqa: RUF001
# The most frequent characters decide between two readings of a few words.
_FREQUENT: Final = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小"
    "么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
    "這個國說們為時過學對裡後麼無開經頭長兩動發還沒當來買賣費貨幾請問題單訂電話號碼確認換"
    "买卖费货几请问题单订电话号码确认换退款商品店客服发票物流快递支付密码账户帳戶手机手機什么什麼怎如何您"
)


class Undecodable(Exception):
    """A file that is no text in any encoding we read; kept inside this package."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the name of Python's codec that read it."""

    text: str
    encoding: str


def decode_text(data: bytes) -> Decoded:
    """The text of a file. What is valid UTF-8 is UTF-8; else the reading that looks like Chinese
    as it is written is taken, and none when none does.

    Raises Undecodable with what to do.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked is not None:
        return _strict(data, marked)
    if b"\0" in data:
        return _without_mark(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    _refuse_mixture(data)
    return _most_plausible(data, ("gb18030", "cp950"), line)


def decode_name(data: bytes) -> str:
    """The name of a file in an archive that does not say its encoding.

    Raises Undecodable.
    """
    return decode_text(data).text


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        message = f"it begins as {NAMES[encoding]} but is damaged; save it as UTF-8."
        raise Undecodable(message, data.count(b"\n", 0, error.start + 3) + 1) from error


def _without_mark(data: bytes) -> Decoded:
    line = data.count(b"\n", 0, data.index(b"\0")) + 1
    try:
        return _most_plausible(data, ("utf-16-le", "utf-16-be"), line)
    except Undecodable:
        message = "there is a NUL character in it, so it is not a text; save it as UTF-8 Markdown."
        raise Undecodable(message, line) from None


def _most_plausible(data: bytes, encodings: tuple[str, ...], line: int) -> Decoded:
    readings = []
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((_plausibility(text, encoding), Decoded(text, encoding)))
    best = max(readings, key=lambda reading: reading[0], default=None)
    if best is None or best[0] < _PLAUSIBLE:
        raise Undecodable(
            "it is neither UTF-8 nor readable as GBK, Big5 or UTF-16; save it as UTF-8 and import"
            " it again.",
            line,
        )
    return best[1]


def _plausibility(text: str, encoding: str) -> float:
    """How much a text looks like one that somebody wrote, at most 1.5."""
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        return 0.0
    if encoding.startswith("utf-16") and not any(map(str.isascii, text)):
        return 0.0  # the zero bytes that brought us here are those of ASCII, if it is UTF-16
    foreign = [character for character in text if ord(character) > 127]
    if not foreign:
        return 1.0
    weigh = _weigher(encoding)
    frequent = sum(character in _FREQUENT for character in foreign)
    return (sum(map(weigh, foreign)) + frequent / 2) / len(foreign)


@cache
def _weigher(encoding: str) -> Callable[[str], float]:
    codec, (first, last) = (
        ("cp950", _BIG5_LEVEL_1) if encoding == "cp950" else ("gb18030", _GB_LEVEL_1)
    )

    @cache
    def weigh(character: str) -> float:
        if character in _PUNCTUATION:
            return 0.8
        if not "\u4e00" <= character <= "\u9fff":
            return -0.5
        raw = character.encode(codec, "ignore")
        if len(raw) != 2:
            return -0.5
        ours = first <= raw[0] <= last and (codec == "cp950" or raw[1] >= 0xA1)
        if ours or encoding.startswith("utf-16"):
            return 1.0 if ours else 0.6
        return 0.3 if codec == "cp950" or raw[1] >= 0xA1 else 0.0

    return weigh


def _refuse_mixture(data: bytes) -> None:
    """Refuse a file of which some lines are Chinese in UTF-8 and others are something else."""
    strange, chinese = 0, False
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            strange = strange or number
        else:
            chinese = chinese or any("\u4e00" <= character <= "\u9fff" for character in text)
    if strange and chinese:
        message = "this line is not UTF-8, while others are; write it anew and save as UTF-8."
        raise Undecodable(message, strange)
