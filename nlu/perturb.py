"""Spoils utterances the way people do when they type, to measure how much understanding suffers."""

from __future__ import annotations

import functools
import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Protocol

from nlu.text import character_frequencies, words
from nlu.training_data import Example

_HAN: Final = re.compile(r"[一-鿿]")
_HAN_RUN: Final = re.compile(r" ?([一-鿿]+) ?")
_KEYBOARD: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS: Final = MappingProxyType(
    {
        key: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
        for row in _KEYBOARD
        for i, key in enumerate(row)
    }
)
_FILLERS: Final = ("啊", "那个", "呃", "就是", "嗯")
_ENGLISH_FILLERS: Final = ("um", "well", "so", "pls")
_EMOJI: Final = ("😭", "🙏", "😡", "😊", "~~~", "！！！", "？？？", "。。。")

Perturbation = Callable[[str, random.Random], str]


def perturb(examples: Sequence[Example], *, seed: int = 0) -> dict[str, tuple[Example, ...]]:
    """For each kind of slip the examples whose text it changes, spoilt, intents kept.

    The same seed gives the same texts.
    """
    spoilt: dict[str, tuple[Example, ...]] = {}
    for kind, change in PERTURBATIONS.items():
        chance = random.Random(f"{seed}/{kind}")  # noqa: S311 - no secret
        changed = ((example, change(example.text, chance)) for example in examples)
        spoilt[kind] = tuple(
            replace(example, text=text, annotations=())
            for example, text in changed
            if text != example.text and text.strip()
        )
    return spoilt


def homophone(text: str, chance: random.Random) -> str:
    """One character becomes another one, common too, that is typed with the same letters."""
    at = _places(text, lambda c: bool(_homophones(c)))
    return _exchange(text, at, chance, lambda c: chance.choice(_homophones(c)))


def pinyin(text: str, chance: random.Random) -> str:
    """One or two characters stay the letters that were typed for them."""
    from pypinyin import lazy_pinyin

    at = _places(text, lambda c: bool(_HAN.match(c)))
    if not at:
        return text
    start = chance.choice(at)
    end = start + 2 if start + 1 in at else start + 1
    return text[:start] + "".join(lazy_pinyin(text[start:end])) + text[end:]


def spelt_out(text: str, chance: random.Random) -> str:
    """Every Chinese character becomes letters, with a space behind each, or behind each word."""
    from pypinyin import lazy_pinyin

    by_word = chance.random() < 0.5

    def letters(match: re.Match[str]) -> str:
        syllables = iter(lazy_pinyin(match[1]))
        pieces = words(match[1]) if by_word else tuple(match[1])
        return "".join(f" {''.join(next(syllables) for _ in piece)}" for piece in pieces) + " "

    return _HAN_RUN.sub(letters, text).strip() if _HAN.search(text) else text


def traditional(text: str, chance: random.Random) -> str:
    """The whole text in traditional characters."""
    return _to_traditional().convert(text)


def full_width(text: str, chance: random.Random) -> str:
    """Letters, digits and signs in full width, as an input method gives them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def missing(text: str, chance: random.Random) -> str:
    """One character of several is not there."""
    if len(text) < 5:
        return text
    place = chance.randrange(len(text))
    return text[:place] + text[place + 1 :]


def doubled(text: str, chance: random.Random) -> str:
    """One character is there twice."""
    at = _places(text, str.isalpha)
    return _exchange(text, at, chance, lambda c: c + c)


def swapped(text: str, chance: random.Random) -> str:
    """Two neighbours have changed places."""
    at = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if len(text) < 4 or not at:
        return text
    place = chance.choice(at)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def wrong_key(text: str, chance: random.Random) -> str:
    """One Latin letter is that of the key beside it."""
    at = _places(text, lambda c: c.lower() in _NEIGHBOURS)
    return _exchange(text, at, chance, lambda c: chance.choice(_NEIGHBOURS[c.lower()]))


def filler(text: str, chance: random.Random) -> str:
    """A word before it that says nothing."""
    word = chance.choice(_FILLERS if _HAN.search(text) else _ENGLISH_FILLERS)
    return f"{word}，{text}" if _HAN.search(text) else f"{word}, {text}"


def emotion(text: str, chance: random.Random) -> str:
    """An emoji or many signs after it."""
    return text.rstrip("。.!！?？") + chance.choice(_EMOJI)


def unpunctuated(text: str, chance: random.Random) -> str:
    """Without any punctuation."""
    return re.sub(r"[，。！？、；：,.!?;:…~～]+", " ", text).strip()


PERTURBATIONS: Final[Mapping[str, Perturbation]] = MappingProxyType(
    {
        change.__name__: change
        for change in (
            *(homophone, pinyin, traditional, full_width, missing, doubled, swapped),
            *(wrong_key, filler, emotion, unpunctuated, spelt_out),
        )
    }
)
"""All ways of spoiling a text, by name; each but `spelt_out` changes little, as one slip would.

They take the text and a source of chance, and give the text back unchanged where it holds nothing
that can be spoilt in this way."""


def _places(text: str, fits: Callable[[str], bool]) -> list[int]:
    return [i for i, character in enumerate(text) if fits(character)]


def _exchange(
    text: str, at: Sequence[int], chance: random.Random, change: Callable[[str], str]
) -> str:
    if not at:
        return text
    place = chance.choice(at)
    return text[:place] + change(text[place]) + text[place + 1 :]


def _homophones(character: str) -> tuple[str, ...]:
    return _all_homophones().get(character, ())


@functools.lru_cache(maxsize=1)
def _all_homophones() -> Mapping[str, tuple[str, ...]]:
    """For each common character up to three others with its letters, the most frequent first."""
    from pypinyin import lazy_pinyin

    frequency = character_frequencies()
    common = sorted(frequency, key=lambda c: -frequency[c])[:3500]
    by_sound: defaultdict[str, list[str]] = defaultdict(list)
    for character in common:
        if _HAN.match(character):
            by_sound[lazy_pinyin(character)[0]].append(character)
    return {
        character: tuple(other for other in alike if other != character)[:3]
        for alike in by_sound.values()
        for character in alike
    }


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@functools.lru_cache(maxsize=1)
def _to_traditional() -> _Converter:
    import opencc

    return opencc.OpenCC("s2t")  # type: ignore[no-any-return]
