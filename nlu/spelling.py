"""Reads what was meant where a text was mistyped: homophones, pinyin left standing, swaps."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from nlu.spelling_model import END, LONGEST, START, CharacterModel, count_ngrams
from nlu.spelling_words import WORD, LatinWords, learn_words
from nlu.text import character_frequencies, common_words

_HAN: Final = re.compile(r"[一-鿿]")
_HAN_PAIR: Final = re.compile(rf"[{START}一-鿿][{END}一-鿿]")
_MOST_MENDED: Final = 80  # characters; a longer text says what it wants more than once
_MOST_NGRAMS: Final = 200_000
_MOST_KEPT: Final = 16  # readings of the text so far that are followed at each character
_LONGEST_SYLLABLE: Final = 6  # zhuang
_VOWELS: Final = "aeo"  # the only letters that are syllables by themselves

# Logarithms of how often each happens to a character; chosen on training folds of the packs.
_HOMOPHONE: Final = math.log(1 / 1000)
_SWAP: Final = math.log(1 / 3000)
_DOUBLED: Final = math.log(1 / 1000)
_MOSTLY: Final = 0.7  # of the words of a text in Latin letters
_LETTER: Final = -2.0  # a letter that was meant as one, in a word that could be pinyin


class _Edge(NamedTuple):
    """From some character of a text, what may be meant by it and those up to `end`."""

    meant: str
    end: int
    cost: float


@dataclass(frozen=True, slots=True)
class Sounds:
    """Toneless syllables: how characters are read, and which of the training texts are so read.

    `reading` knows every common character; `typed_as` gives for a syllable the characters that it
    stands for when its letters were left standing (a character with two readings under both).
    """

    reading: Mapping[str, str]
    typed_as: Mapping[str, str]


class Speller:
    """Finds the likeliest reading of a text as the noisy channel has it.

    Every reading costs what its slips cost (a homophone, two characters swapped, one doubled) and
    gains what the characters' odds say (Kernighan, Church and Gale 1990, "A Spelling Correction
    Program Based on a Noisy Channel Model"). Only places where characters meet that never met in
    training or in a common word are doubted, so that what is well written is left as it is.
    """

    def __init__(self, model: CharacterModel, sounds: Sounds, words: LatinWords) -> None:
        self.model = model
        self.sounds = sounds
        self.words = words
        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        for gram in model.counts:
            if len(gram) == 1 and gram in sounds.reading:
                self._alike[sounds.reading[gram]].append(gram)

    def mend(self, text: str) -> str:
        """A text in normal form as it was probably meant; itself where nothing looks wrong."""
        if len(text) > _MOST_MENDED:
            return text
        if not self._is_spelt_out(text):
            # Beside characters a syllable is pinyin rather than a slip: shou is no shop.
            syllables = self.sounds.typed_as if _HAN.search(text) else ()
            text = self.words.mend(text, spare=syllables)
        letters = self._pinyin(text)
        doubted = self._doubted(text)
        if not any(letters) and not any(doubted):
            return text
        found = self._likeliest(text, letters, doubted)
        if any(letters) or self._doubts(found) < sum(doubted):
            return found
        return text

    def _pinyin(self, text: str) -> list[bool]:
        """Which characters are letters that were typed for Chinese characters."""
        result = [False] * len(text)
        runs = list(WORD.finditer(text))
        syllables = self.sounds.typed_as
        spelt_out = self._is_spelt_out(text)
        if spelt_out or _HAN.search(text) or all(_is_pinyin(run[0], syllables) for run in runs):
            for run in runs:
                strange = len(run[0]) > 1 and run[0] not in self.words.counts
                if (strange or spelt_out) and _is_pinyin(run[0], syllables):
                    result[run.start() : run.end()] = [True] * len(run[0])
        return result

    def _is_spelt_out(self, text: str) -> bool:
        """Whether most of it is pinyin, and half of its words nothing else, two or a long one: then
        others that could be, such as you, are pinyin as well."""
        if _HAN.search(text):
            return False
        runs = WORD.findall(text)
        spelt = [run for run in runs if _is_pinyin(run, self.sounds.typed_as)]
        strange = [run for run in spelt if len(run) > 1 and run not in self.words.counts]
        sure = len(strange) > 1 or any(self._is_no_slip(run) for run in strange)
        return sure and 2 * len(strange) >= len(runs) and len(spelt) >= _MOSTLY * len(runs)

    def _is_no_slip(self, run: str) -> bool:
        """Whether pinyin of several syllables is no known word with a slip in it."""
        return run not in self.sounds.typed_as and self.words.mend(run) == run

    def _doubted(self, text: str) -> list[bool]:
        """For each character, and the end, whether it never came after the one before it.

        Beside a comma, a letter or a digit anything may stand.
        """
        padded = START + text + END
        pairs = (padded[i : i + 2] for i in range(len(padded) - 1))
        return [bool(_HAN_PAIR.match(pair)) and not self.model.is_known(pair) for pair in pairs]

    def _doubts(self, text: str) -> int:
        return sum(self._doubted(text))

    def _likeliest(self, text: str, letters: list[bool], doubted: list[bool]) -> str:
        """Viterbi's algorithm over readings, those that end in the same two characters as one."""
        open_at: list[dict[str, tuple[float, str]]] = [{} for _ in range(len(text) + 1)]
        open_at[0][START] = (0.0, "")
        for place in range(len(text)):
            best = sorted(open_at[place].items(), key=lambda item: -item[1][0])[:_MOST_KEPT]
            edges = list(self._edges(text, place, letters, doubted))
            if len(best) == len(edges) == 1 and not open_at[place + 1]:
                # Every reading passes here with this character: what it costs decides nothing.
                before, (score, reading) = best[0]
                after = (before + edges[0].meant)[1 - LONGEST :]
                open_at[edges[0].end][after] = (score, reading + edges[0].meant)
                continue
            for before, (score, reading) in best:
                contexts, before_it = self.model.contexts(before), before[-1:]
                for meant, end, cost in edges:
                    after, total = before, score + cost
                    if meant:
                        total += self.model.log_odds_in(contexts, before_it, meant[0])
                        after = (after + meant[0])[1 - LONGEST :]
                    for character in meant[1:]:
                        total += self.model.log_odds(after, character)
                        after = (after + character)[1 - LONGEST :]
                    rival = open_at[end].get(after)
                    if rival is None or rival[0] < total:
                        open_at[end][after] = (total, reading + meant)
        last = open_at[-1].items()
        return max(
            (s + self.model.log_odds(before, END), reading) for before, (s, reading) in last
        )[1]

    def _edges(
        self, text: str, place: int, letters: list[bool], doubted: list[bool]
    ) -> Iterator[_Edge]:
        character = text[place]
        if letters[place]:
            yield _Edge(character, place + 1, _LETTER)
            yield from self._syllables(text, place, letters)
            return
        yield _Edge(character, place + 1, 0.0)
        if (
            character == " "
            and 0 < place < len(text) - 1
            and letters[place - 1]
            and letters[place + 1]
        ):
            yield _Edge("", place + 1, 0.0)
        if not (doubted[place] or doubted[place + 1]) or not _HAN.match(character):
            return
        for other in self._alike.get(self.sounds.reading.get(character, ""), ()):
            if other != character:
                yield _Edge(other, place + 1, _HOMOPHONE)
        following = text[place + 1 : place + 2]
        if following == character:
            yield _Edge(character, place + 2, _DOUBLED)
        elif _HAN.match(following):
            yield _Edge(following + character, place + 2, _SWAP)

    def _syllables(self, text: str, place: int, letters: list[bool]) -> Iterator[_Edge]:
        for end in range(place + 1, min(len(text), place + _LONGEST_SYLLABLE) + 1):
            if not letters[end - 1]:
                return
            for meant in self.sounds.typed_as.get(text[place:end], ""):
                yield _Edge(meant, end, 0.0)


def learn_spelling(texts: Sequence[str], *, language: Collection[str] = ()) -> Speller:
    """Learn how texts in normal form are written.

    `language` are words in Latin letters that are right although no training text has them; when
    there are none, Latin words are left alone.
    """
    counts = count_ngrams(texts, most=_MOST_NGRAMS)
    characters = [gram for gram in counts if len(gram) == 1 and _HAN.match(gram)]
    pairs = {word[i : i + 2] for word in common_words() for i in range(len(word) - 1)}
    return Speller(
        CharacterModel(counts, {pair for pair in pairs if pair not in counts}),
        _learn_sounds(characters),
        learn_words(texts, language),
    )


def write_speller(speller: Speller) -> str:
    """A speller as JSON; `read_speller` reads it."""
    content = {
        "counts": speller.model.counts,
        "pairs": "".join(sorted(speller.model.pairs)),
        "reading": _grouped(speller.sounds.reading),
        "typed_as": speller.sounds.typed_as,
        "words": speller.words.counts,
        "others": None if speller.words.others is None else sorted(speller.words.others),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def read_speller(text: str) -> Speller:
    """What `write_speller` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    content = json.loads(text)
    pairs = content["pairs"]
    reading = {c: sound for sound, alike in content["reading"].items() for c in alike}
    return Speller(
        CharacterModel(content["counts"], {pairs[i : i + 2] for i in range(0, len(pairs), 2)}),
        Sounds(reading, content["typed_as"]),
        LatinWords(content["words"], content["others"]),
    )


def _learn_sounds(characters: Collection[str]) -> Sounds:
    from pypinyin import Style, lazy_pinyin, pinyin  # a second and 60 MB that serving never needs

    known = {*character_frequencies(), *characters}
    reading = {c: sound for c in sorted(known) if (sound := lazy_pinyin(c)[0]).isascii()}
    typed_as: defaultdict[str, str] = defaultdict(str)
    for character in characters:
        every = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
        for sound in dict.fromkeys(every):
            if sound.isascii() and sound.isalpha():
                typed_as[sound] += character
    return Sounds(reading, dict(typed_as))


def _grouped(reading: Mapping[str, str]) -> dict[str, str]:
    result: defaultdict[str, str] = defaultdict(str)
    for character, sound in reading.items():
        result[sound] += character
    return dict(result)


def _is_pinyin(letters: str, syllables: Collection[str]) -> bool:
    """Whether the letters can be cut into syllables."""
    cut_to = {0}
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            piece = letters[start:end]
            if start in cut_to and piece in syllables and (len(piece) > 1 or piece in _VOWELS):
                cut_to.add(end)
                break
    return len(letters) in cut_to
