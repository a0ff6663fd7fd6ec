"""Looks at training data more closely than training must: look-alikes, leaks, damaged texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.encodings import doubts
from nlu.pipeline import Encode
from nlu.text import bare, canonical
from nlu.training_data import Example, Problem, Severity, TrainingData

NEAR: Final = 0.97
"""From this cosine on two texts are worth a look: the shop has a pair like that per 100 texts."""

_AT_ONCE: Final = 1024  # rows of cosines in memory at once
_SHOWN: Final = 60  # so many characters of a text stand in a message


def find_damage(examples: Sequence[Example]) -> Iterator[Problem]:
    """Warnings for texts and intents that were damaged before they were saved."""
    for example in examples:
        for name, text in (("text", example.text), ("intent", example.intent)):
            doubt = doubts(text)
            if doubt:
                message = f"the {name} {text[:_SHOWN]!r} {doubt}"
                yield Problem("encoding", message, example.place, Severity.WARNING)


def find_look_alikes(
    examples: Sequence[Example], encode: Encode | None, *, near: float = NEAR
) -> Iterator[Problem]:
    """Texts of two intents that are nearly the same.

    Warnings for texts that differ in punctuation only; with an encoder also hints for each text
    whose nearest one of another intent has a cosine of `near` or more, the nearest first.
    """
    seen: dict[str, dict[str, Example]] = {}  # the first of each intent: texts may repeat often
    for example in examples:
        others = seen.setdefault(bare(example.text), {})
        for other in others.values():
            if other.intent != example.intent and not _same(other, example):
                yield _alike(example, other, "but for its punctuation", Severity.WARNING)
                break
        others.setdefault(example.intent, example)
    if encode is not None and examples:
        yield from _close(examples, encode, near=near)


def find_leaks(
    learn: TrainingData, tests: TrainingData, encode: Encode | None, *, near: float = NEAR
) -> Iterator[Problem]:
    """What makes a test easier than life, or impossible to pass.

    Errors: a test text that is in training too (in its normal form). Warnings: one that differs in
    punctuation only, an intent that training does not have. Hints with an encoder: a test text
    whose nearest training text has a cosine of `near` or more.
    """
    exact = {canonical(e.text): e for e in reversed(learn.examples)}
    loose = {bare(e.text): e for e in reversed(learn.examples)}
    missing = {e.intent for e in tests.examples} - {e.intent for e in learn.examples}
    fresh: list[Example] = []
    for test in tests.examples:
        same, alike = exact.get(canonical(test.text)), loose.get(bare(test.text))
        if same is not None:
            yield _leak(test, same, "is", Severity.ERROR)
        elif alike is not None:
            yield _leak(test, alike, "is, but for its punctuation,", Severity.WARNING)
        else:
            fresh.append(test)
        if test.intent in missing:
            missing.remove(test.intent)
            message = f"no training example has the intent {test.intent!r}: it counts as a stranger"
            yield Problem("unknown_intent", message, test.place, Severity.WARNING)
    if encode is not None and fresh and learn.examples:
        yield from _close_leaks(fresh, learn.examples, encode, near=near)


def _close(examples: Sequence[Example], encode: Encode, *, near: float) -> Iterator[Problem]:
    vectors = encode([canonical(e.text) for e in examples])
    names = sorted({e.intent for e in examples})
    labels = np.array([names.index(e.intent) for e in examples])
    found: dict[tuple[int, int], float] = {}
    for rows, cosines in _cosines(vectors, vectors):
        cosines[labels[rows][:, None] == labels[None, :]] = -1
        for row, other in zip(rows.tolist(), cosines.argmax(axis=1).tolist(), strict=True):
            cosine = float(cosines[row - rows[0], other])
            if cosine >= near:
                found[min(row, other), max(row, other)] = cosine
    for (first, second), cosine in sorted(found.items(), key=lambda pair: -pair[1]):
        earlier, example = examples[first], examples[second]
        if bare(earlier.text) != bare(example.text):
            yield _alike(example, earlier, f"with a cosine of {cosine:.3f}", Severity.HINT)


def _close_leaks(
    tests: Sequence[Example], learn: Sequence[Example], encode: Encode, *, near: float
) -> Iterator[Problem]:
    known = encode([canonical(e.text) for e in learn])
    asked = encode([canonical(e.text) for e in tests])
    for rows, cosines in _cosines(asked, known):
        for row, other in zip(rows.tolist(), cosines.argmax(axis=1).tolist(), strict=True):
            cosine = float(cosines[row - rows[0], other])
            if cosine >= near:
                how = f"is, with a cosine of {cosine:.3f},"
                yield _leak(tests[row], learn[other], how, Severity.HINT)


def _cosines(
    left: NDArray[np.float32], right: NDArray[np.float32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    for start in range(0, len(left), _AT_ONCE):
        part = left[start : start + _AT_ONCE]
        yield np.arange(start, start + len(part)), part @ right.T


def _same(a: Example, b: Example) -> bool:
    return canonical(a.text) == canonical(b.text)


def _alike(example: Example, other: Example, how: str, severity: Severity) -> Problem:
    message = (
        f"{example.text[:_SHOWN]!r} of {example.intent!r} is like {other.text[:_SHOWN]!r} of"
        f" {other.intent!r} at {other.place}, {how}: is that meant?"
    )
    kind = "near_duplicate" if severity is Severity.WARNING else "close_pair"
    return Problem(kind, message, example.place, severity)


def _leak(test: Example, learnt: Example, how: str, severity: Severity) -> Problem:
    message = (
        f"the test text {test.text[:_SHOWN]!r} {how} the training text {learnt.text[:_SHOWN]!r} at"
        f" {learnt.place}: write another"
    )
    kind = "leak" if severity is Severity.ERROR else "near_leak"
    return Problem(kind, message, test.place, severity)
