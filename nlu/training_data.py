"""The vocabulary of training data, and what can be wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nlu.errors import BadTrainingData
from nlu.text import canonical
from nlu.understanding import OUT_OF_SCOPE

RESERVED: Final = frozenset(["accuracy", "micro avg", "macro avg", "weighted avg"])
"""Rows of an `intent_report.json` that stand for no intent."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; line 0 means the file as a whole, or made in a program."""

    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Annotation:
    """An entity marked in an example; `start` and `end` index the example's plain text."""

    entity: str
    value: str
    start: int
    end: int
    role: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance with its intent; the intent `out_of_scope` marks a contrast example.

    `metadata` and `intent_metadata` are what a Rasa file says beside the example and beside its
    intent, as one line of YAML; nothing here reads them, they are only kept.
    """

    text: str
    intent: str
    annotations: tuple[Annotation, ...] = ()
    place: Place = Place()
    metadata: str = ""
    intent_metadata: str = ""

    @property
    def is_contrast(self) -> bool:
        """Whether this shows what is not ours to answer."""
        return self.intent == OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class WordList:
    """A named list from the training files: the variants of a synonym, a regex, a lookup table."""

    name: str
    values: tuple[str, ...]
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a Rasa file that we have no use for (responses, stories …), as YAML to keep."""

    name: str
    yaml: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that was read from training files, in their order."""

    examples: tuple[Example, ...] = ()
    synonyms: tuple[WordList, ...] = ()
    regexes: tuple[WordList, ...] = ()
    lookups: tuple[WordList, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def intents(self) -> tuple[str, ...]:
        """The names of the intents, sorted, without `out_of_scope`."""
        return tuple(sorted({e.intent for e in self.examples if not e.is_contrast}))


class Severity(StrEnum):
    """Whether data with this problem is refused, should be mended, or may be meant so."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with training data, with its remedy in the message."""

    kind: str
    message: str
    place: Place
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = str(self.place)
        return f"{where}: {self.message}" if where else self.message


def find_problems(data: TrainingData, *, few: int = 5) -> tuple[Problem, ...]:
    """What is wrong with the data as a whole, in the order of the files.

    Errors: fewer than two intents, an intent with a single example, a text without a visible
    character, one text (in its normal form) in two intents, an intent named as a row of reports is.
    Warnings: a text twice in one intent, an intent with fewer than `few` examples, a word that two
    synonyms claim.
    """
    problems = [
        *_misnamed(data.examples),
        *_invisible(data.examples),
        *_counted(data, few=few),
        *_repeated([e for e in data.examples if canonical(e.text)]),
        *_claimed_twice(data.synonyms),
    ]
    return in_order(problems)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and line; several of one line by their kind."""
    return tuple(sorted(problems, key=lambda p: (p.place.file, p.place.line, p.kind)))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise BadTrainingData that lists every error among the problems; warnings pass."""
    errors = [str(p) for p in problems if p.severity is Severity.ERROR]
    if errors:
        raise BadTrainingData("\n".join(errors))


def _misnamed(examples: Sequence[Example]) -> Iterator[Problem]:
    first = {example.intent: example for example in reversed(examples)}
    for intent in sorted(first.keys() & RESERVED):
        message = f"an intent cannot be called {intent!r}, reports mean something else by it"
        yield Problem("reserved_intent", f"{message}: rename it", first[intent].place)


def _invisible(examples: Sequence[Example]) -> Iterator[Problem]:
    for example in examples:
        if not canonical(example.text):
            message = (
                f"an example of {example.intent!r} has no visible character: write it, or remove it"
            )
            yield Problem("empty_text", message, example.place)


def _counted(data: TrainingData, *, few: int) -> Iterator[Problem]:
    examples: defaultdict[str, list[Example]] = defaultdict(list)
    for example in data.examples:
        if not example.is_contrast:
            examples[example.intent].append(example)
    if len(examples) < 2:
        found = f"only {next(iter(examples))!r}" if examples else "none"
        message = f"two intents are needed, {found} was found: add examples of others"
        place = data.examples[0].place if data.examples else Place()
        yield Problem("one_intent", message, Place(place.file))
    for intent, own in examples.items():
        count = len({canonical(e.text) for e in own} - {""})
        if count < 2:
            found = "a single example" if count else "no example that can be read"
            message = f"intent {intent!r} has {found}: write at least {few}"
            yield Problem("too_few_examples", message, own[0].place)
        elif count < few:
            message = f"intent {intent!r} has only {count} different examples: write at least {few}"
            yield Problem("too_few_examples", message, own[0].place, Severity.WARNING)


def _claimed_twice(synonyms: Sequence[WordList]) -> Iterator[Problem]:
    claims: dict[str, WordList] = {}
    for synonym in synonyms:
        for word in synonym.values:
            earlier = claims.setdefault(canonical(word), synonym)
            if earlier.name != synonym.name:
                message = (
                    f"{word!r} means {synonym.name!r} here and {earlier.name!r} at"
                    f" {earlier.place}: keep one"
                )
                yield Problem("synonym_in_two", message, synonym.place, Severity.WARNING)


def _repeated(examples: Sequence[Example]) -> Iterator[Problem]:
    seen: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        key = canonical(example.text)
        for earlier in seen[key]:
            if earlier.intent != example.intent:
                message = (
                    f"{example.text!r} is an example of {example.intent!r} here and of"
                    f" {earlier.intent!r} at {earlier.place}: keep one"
                )
                yield Problem("text_in_two_intents", message, example.place)
                break
            if earlier.text == example.text:
                message = f"{example.text!r} was there already at {earlier.place}: remove one"
                yield Problem("duplicate", message, example.place, Severity.WARNING)
                break
        seen[key].append(example)
