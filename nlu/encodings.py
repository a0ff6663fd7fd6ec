"""Reads files in the encodings that spreadsheets save in, and knows text that was read wrongly."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from nlu.training_data import Place, Problem, Severity

_HAN: Final = re.compile(r"[㐀-鿿]")
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]{2,}")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REMEDY: Final = "save the file as UTF-8"


def decode_file(content: bytes, *, file: str) -> tuple[str, list[Problem]]:
    """The text of a file, its lines ended by `\\n`, and what is wrong with its encoding.

    UTF-8, UTF-16 with its mark, and GB18030 (so GBK and GB2312) are read. Files of several
    encodings are not: each line that differs is an error, and the text is empty.
    """
    zero = content.find(b"\0")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    if zero >= 0 and encoding != "utf-16":
        message = f"no text file, or UTF-16 without its mark (a zero byte): {_REMEDY}"
        return "", [Problem("encoding", message, Place(file, content.count(b"\n", 0, zero) + 1))]
    try:
        return _lines(content.decode(encoding)), []
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            return "", [_unreadable(file, content, error)]
    strange = _not_utf8(content)
    if strange is not None:
        message = f"this line is not UTF-8, while others are: {_REMEDY}"
        return "", [Problem("encoding", message, Place(file, number)) for number in strange]
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        return "", [_unreadable(file, content, error)]
    message = f"read as GB18030, as it is not UTF-8: {_REMEDY}"
    return _lines(text), [Problem("encoding", message, Place(file), Severity.WARNING)]


def doubts(text: str) -> str | None:
    """What shows that a text was damaged before it was saved; None when nothing does."""
    if "�" in text:
        return "has a replacement character (U+FFFD) where a character was lost: write it anew"
    meant = _misread(text)
    if meant:
        return f"reads like {meant!r} in a wrong encoding: write it anew"
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Co":
            return f"has a private character (U+{ord(character):04X}) that others cannot see"
        if kind == "Cc" and character not in "\t\n\r":
            return f"has a control character (U+{ord(character):04X}): remove it"
    return None


def _unreadable(file: str, content: bytes, error: UnicodeDecodeError) -> Problem:
    line = content[: error.start].count(b"\n") + 1
    message = f"not UTF-8 nor GB18030 (byte {error.start}): {_REMEDY}"
    return Problem("encoding", message, Place(file, line))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(content: bytes) -> list[int] | None:
    """The lines that are not UTF-8, if others are Chinese in UTF-8; else None."""
    strange, chinese = [], False
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            strange.append(number)
        else:
            chinese = chinese or _HAN.search(text) is not None
    return strange if chinese else None


def _misread(text: str) -> str | None:
    """What a text must have been before UTF-8 was taken for GBK (浣犲ソ) or Latin (ä½ å¥½)."""
    for match in _FOREIGN.finditer(text):
        for wrong in ("gb18030", "cp1252", "latin-1"):
            meant = _again(match[0], wrong)
            if meant and _HAN.search(meant):
                return meant
    return None


def _again(text: str, wrong: str) -> str | None:
    try:
        content = text.encode(wrong)
    except UnicodeEncodeError:
        return None
    for lost in range(3):  # of the last character a byte or two may have gone
        try:
            meant = content[: len(content) - lost].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return meant if len(meant) > 1 else None
    return None
