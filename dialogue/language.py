"""Which language to answer in: the customer's, but not because of an order number or an ok."""

from __future__ import annotations

import re

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z']+")
_NEUTRAL = frozenset(
    [
        *("ok", "okay", "yes", "no", "hi", "bye", "thx", "thanks", "app", "api", "vip", "pro"),
        *("fob", "cif", "pc", "sku", "qq", "usb"),
    ]
)
# Codes such as SF1000000000001, addresses of mail and pages are written by everybody.
_CODE = re.compile(
    r"https?://[!-~]+|[\w.+-]+@[\w.-]+|(?<![A-Za-z])[A-Za-z]*\d[A-Za-z0-9-]*", re.ASCII
)


def language_of(text: str, *, previous: str, first: bool) -> str:
    """The language to answer in (`zh` or `en`).

    Two Chinese characters or two English words are evidence; with less the previous language
    stays. In the first message one word is enough, since there is no habit to keep.
    """
    chinese, english = _evidence(text)
    needed = 1 if first else 2
    if chinese and chinese >= english:
        return "zh" if chinese >= needed or previous == "zh" else previous
    return "en" if english >= needed else previous


def language_meant(text: str, *, written_in: str, understood_as: str) -> str:
    """The language to answer in, once the text is understood: Chinese for what is typed in pinyin.

    `written_in` is what `language_of` says; `understood_as` the language of what was understood.
    """
    chinese, latin = _evidence(text)
    return "zh" if latin and not chinese and understood_as == "zh" else written_in


def _evidence(text: str) -> tuple[int, int]:
    """How many Chinese characters and how many Latin words that are not everybody's."""
    rest = _CODE.sub(" ", text)
    latin = sum(1 for word in _WORD.findall(rest) if word.lower() not in _NEUTRAL)
    return len(_CHINESE.findall(rest)), latin


def is_written_in(text: str, language: str) -> bool:
    """Whether a passage can be read by somebody who writes in this language."""
    chinese = len(_CHINESE.findall(text))
    english = sum(1 for word in _WORD.findall(text) if len(word) > 1)
    return chinese >= english if language == "zh" else english > chinese
