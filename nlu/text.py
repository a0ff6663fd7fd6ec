"""Brings a message into one written form, knows its language, and cuts it into words."""

from __future__ import annotations

import functools
import logging
import re
import threading
import unicodedata
import warnings
from bisect import bisect_left
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final, Protocol

from nlu.understanding import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003FFFF]")
_LATIN_WORD: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_CODE: Final = re.compile(r"\S*(?:[0-9@/_.]\S*[A-Za-z]|[A-Za-z]\S*[0-9@/_])\S*")
# Words that Chinese writers type as they are; alone they say nothing about the language.
_BORROWED: Final = frozenset(
    [
        *("ok", "okay", "bye", "vip", "app", "api", "fob", "cif", "pc", "sku", "qq", "usb"),
        *("s", "m", "l", "xs", "xl", "xxl"),
    ]
)

_COMMON: Final = 200  # occurrences in the corpus that the dictionary was counted in
_HESITATION: Final = re.compile(
    r"^(?:(?:[啊呃额嗯哦噢诶欸哎唉喂那]|那个|这个|就是|然后|um+|uh+|er+|hm+|well|so|pls|please)[,、.~…\s]+)+"
)
_EXCLAIMED: Final = re.compile(r"[\s~^\U0001F000-\U0001FAFF☀-➿❤]+$")
_SIGNS: Final = re.compile(r"([!?。.,、~…;:])\1+")


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text in its normal form, and where each of its characters came from.

    Character `i` of `text` was written in the original as `original[offsets[i]:ends[i]]`.
    Both tuples are as long as `text`.
    """

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's slice for the non-empty slice `[start, end)` of the normal form."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no such slice: [{start}, {end}) of {len(self.text)} characters")
        return self.offsets[start], self.ends[end - 1]

    def position(self, original: int) -> int:
        """The index in `text` of the first character that begins at or after an original offset."""
        return bisect_left(self.offsets, original)


def normalise(text: str, *, squeeze: bool = False) -> NormalisedText:
    """The one written form of a message, with the way back to what was typed.

    Full width becomes half width (NFKC), capitals small, traditional characters simplified;
    runs of white space become one space and none stands at either end; control characters become
    spaces, invisible ones (zero width, variation selectors, skin tones) disappear; emoji stay.

    With `squeeze` a character other than a digit repeated three times or more is kept twice and
    spaces between Chinese characters go: good for classifying, wrong for finding numbers.
    """
    characters: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for character in _simplest(text[start:end]):
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            offsets.append(start)
            ends.append(end)
    if characters and characters[-1] == " ":
        characters.pop()
    kept = _squeezed(characters) if squeeze else range(len(characters))
    return NormalisedText(
        text="".join(characters[i] for i in kept),
        offsets=tuple(offsets[i] for i in kept),
        ends=tuple(ends[i] for i in kept),
    )


def canonical(text: str) -> str:
    """The normal form that classifiers see: `normalise(text, squeeze=True)` without its map."""
    return normalise(text, squeeze=True).text


def gist(text: str) -> str:
    """The normal form that intents are learnt from and read in: what is said, not how.

    `canonical` without words of hesitation before it and emoji after it, and with each run of one
    sign as a single one. A text that is nothing else stays.
    """
    said = _SIGNS.sub(r"\1", canonical(text))
    return _EXCLAIMED.sub("", _HESITATION.sub("", said)) or said


def bare(text: str) -> str:
    """The letters and digits of a text in its normal form; of a text without any, all of it."""
    normal = canonical(text)
    return "".join(filter(str.isalnum, normal)) or normal


def detect_language(text: str) -> Language:
    """Chinese or English, by which of the two carries more words; Chinese when neither does.

    Codes such as `SF100` or an address are no words of a language, nor are the English words that
    are at home in Chinese chat (ok, vip, app).
    """
    simple = unicodedata.normalize("NFKC", text)
    han = len(_HAN.findall(simple))
    words = [w.lower() for w in _LATIN_WORD.findall(_CODE.sub(" ", simple))]
    english = sum(1 for w in words if w not in _BORROWED)
    # A Chinese word has about one and a half characters, and a sentence with a Chinese frame
    # around English nouns is Chinese: hence two characters outweigh three English words.
    return Language.ENGLISH if english > 1.5 * han else Language.CHINESE


def words(text: str) -> tuple[str, ...]:
    """The words of a text in normal form, without white space; the cutter loads on first use."""
    cutter = _cutter()
    return tuple(word for word in cutter.lcut(canonical(text)) if not word.isspace())


def character_frequencies() -> dict[str, int]:
    """How often each Chinese character stands alone in the word cutter's dictionary."""
    known = _cutter().FREQ
    return {word: count for word, count in known.items() if len(word) == 1 and _HAN.match(word)}


def common_words() -> list[str]:
    """The Chinese words of several characters that are common in the word cutter's dictionary."""
    known = _cutter().FREQ
    return [w for w, n in known.items() if n >= _COMMON and len(w) > 1 and _HAN.match(w)]


class _Cutter(Protocol):
    FREQ: dict[str, int]

    def lcut(self, sentence: str) -> list[str]: ...


_cutter_lock = threading.Lock()


def _cutter() -> _Cutter:
    with _cutter_lock:
        return _load_cutter()


@functools.lru_cache(maxsize=1)
def _load_cutter() -> _Cutter:
    # jieba 0.42 imports pkg_resources (deprecated), has invalid escapes in its source and logs to
    # stderr at DEBUG.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba  # 0.3 s and 60 MB that serving may never need
    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    # Its own initialisation unmarshals a cache from the shared temporary folder, where anybody may
    # have put one; the dictionary itself takes about a second.
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter  # type: ignore[no-any-return]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Slices of one character with the marks that combine with it."""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not unicodedata.combining(text[i]):
            yield start, i
            start = i


@functools.lru_cache(maxsize=20_000)
def _simplest(cluster: str) -> str:
    """What one cluster is written as; may be empty or longer than one character."""
    table = _simplified()
    return "".join(
        table.get(character, character)
        for raw in unicodedata.normalize("NFKC", cluster).lower()
        for character in _visible(raw)
    )


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    invisible = category in {"Cf", "Cs", "Co"} or character in "︎️"
    skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return "" if invisible or skin_tone else character


@functools.lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Traditional character to simplified, from OpenCC's table (its first choice for each).

    Character by character, since a phrase table could change the length and so lose the map.
    """
    lines = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text("utf-8")
    pairs = (line.split() for line in lines.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) > 1 and len(pair[1]) == 1}


def _squeezed(characters: list[str]) -> list[int]:
    """Which characters stay when long repetitions and spaces between Chinese characters go."""
    kept: list[int] = []
    for i, character in enumerate(characters):
        if character == " " and _HAN.match(characters[i - 1]) and _HAN.match(characters[i + 1]):
            continue
        repeated = len(kept) > 1 and characters[kept[-1]] == characters[kept[-2]] == character
        if repeated and not character.isdigit():
            continue
        kept.append(i)
    return kept
