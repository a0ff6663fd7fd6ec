"""Reads a customer's mood from one message, with the help of a word list in a data file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nlu.errors import BadTrainingData
from nlu.text import canonical
from nlu.understanding import Mood
from nlu.yaml_values import read_values

_LEVELS: Final = {"angry": 3, "heated": 2, "unhappy": 1}
_SECTIONS: Final = ("harmless", "negation", *_LEVELS, "pressing")
_ANGRY_FROM: Final = 3
_MOST_COUNTED: Final = 2  # matches of a level: who repeats himself is not angrier
_SHOUTED_LETTERS: Final = 8


@dataclass(frozen=True, slots=True)
class MoodLexicon:
    """Patterns over the normal form of a message; see the data file for what each level counts."""

    harmless: re.Pattern[str]
    levels: tuple[tuple[re.Pattern[str], int], ...]
    pressing: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Cues:
    """How often each level was found (the strongest first), and the mood that this makes."""

    counts: tuple[int, ...]
    pressing: bool
    shouted: bool
    mood: Mood

    @property
    def row(self) -> tuple[float, ...]:
        """The same as numbers in [0, 1]: what a classifier learns from."""
        shares = [count / _MOST_COUNTED for count in self.counts]
        return (*shares, float(self.pressing), float(self.shouted))


def read_mood_lexicon(text: str, *, file: str = "mood.yml") -> MoodLexicon:
    """The lexicon in the text of a data file.

    Raises BadTrainingData that lists every section that is missing and every broken pattern.
    """
    try:
        sections = read_values(text)
    except ValueError as error:
        raise BadTrainingData(f"{file}: not YAML: {error}") from error
    if not isinstance(sections, dict):
        raise BadTrainingData(f"{file}: expected the sections {', '.join(_SECTIONS)}")
    problems = [p for name in _SECTIONS for p in _problems(sections, name)]
    if problems:
        raise BadTrainingData("\n".join(f"{file}: {p}" for p in problems))
    negated = "".join(f"(?<!{re.escape(word)})" for word in _plain(sections["negation"]))
    return MoodLexicon(
        harmless=_either(sections["harmless"]),
        levels=tuple(
            (re.compile(negated + _either(sections[name]).pattern), weight)
            for name, weight in _LEVELS.items()
        ),
        pressing=_either(sections["pressing"]),
    )


def count_cues(text: str, lexicon: MoodLexicon) -> Cues:
    """What the words, the punctuation and the emoji of a message show."""
    normal = canonical(text)
    said = lexicon.harmless.sub(" ", normal)
    counts = []
    for pattern, _ in lexicon.levels:
        counts.append(min(len(pattern.findall(said)), _MOST_COUNTED))
        said = pattern.sub(" ", said)  # what counted as anger does not count as displeasure too
    weights = [weight for _, weight in lexicon.levels]
    score = sum(weight * count for weight, count in zip(weights, counts, strict=True))
    pressing = lexicon.pressing.search(normal) is not None
    shouted = _is_shouted(text)
    if score and (shouted or pressing):
        score += 1
    mood = Mood.UNHAPPY if score else Mood.CALM
    return Cues(tuple(counts), pressing, shouted, Mood.ANGRY if score >= _ANGRY_FROM else mood)


def detect_mood(text: str, lexicon: MoodLexicon) -> Mood:
    """Calm, unhappy or angry, as far as the words, the punctuation and the emoji show it."""
    return count_cues(text, lexicon).mood


def _problems(sections: Mapping[str, object], name: str) -> list[str]:
    entries = sections.get(name)
    if not isinstance(entries, list) or not all(isinstance(e, str) for e in entries):
        return [f"section {name!r} must be a list of patterns"]
    found = []
    for entry in entries:
        try:
            re.compile(entry)
        except re.error as error:
            found.append(f"{entry!r} in {name!r} is no regular expression: {error}")
    return found


def _plain(entries: Sequence[str]) -> list[str]:
    # A look-behind needs a fixed length: an optional last character makes two words.
    words: list[str] = []
    for entry in entries:
        words += [entry[:-1], entry[:-2]] if entry.endswith("?") else [entry]
    # English sets its negation apart by a space.
    return words + [word + " " for word in words if word.isascii()]


def _either(entries: Sequence[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(f"(?:{entry})" for entry in entries) + ")")


def _is_shouted(text: str) -> bool:
    letters = [c for c in text if c.isascii() and c.isalpha()]
    return len(letters) >= _SHOUTED_LETTERS and sum(c.isupper() for c in letters) > 0.8 * len(
        letters
    )
