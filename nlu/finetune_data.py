"""What fine-tuning learns from: pairs of texts that mean the same, and a part held out to judge."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nlu.errors import BadTrainingData
from nlu.perturb import PERTURBATIONS
from nlu.pipeline import shorten
from nlu.text import canonical
from nlu.training_data import Example

HELD_OUT: Final = 0.2
"""The share of labelled texts that only judge."""

MOST_TEXTS: Final = 100_000
"""Labelled texts, and as many of the logs, that one training draws from."""

_SLIPS: Final = ("homophone", "pinyin", "missing", "doubled", "swapped", "wrong_key", "filler")
_TEXT_HEADERS: Final = ("text", "message", "utterance", "query", "sentence", "example")
_MOST_LONERS_SHARE: Final = 0.25

Pair = tuple[str, str]
"""Two texts that mean the same."""


@dataclass(frozen=True, slots=True)
class Material:
    """Labelled texts in normal form by intent, and texts that mean only themselves.

    `held` are the examples that nothing is learnt from; `learn` are the others as they were given.
    """

    learn: tuple[Example, ...]
    held: tuple[Example, ...]
    by_intent: tuple[tuple[str, ...], ...]
    loners: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """A digest of all that is learnt from and judged on."""
        digest = hashlib.sha256()
        for part in (self.by_intent, self.loners, [[e.text, e.intent] for e in self.held]):
            digest.update(json.dumps(part, ensure_ascii=False).encode("utf-8", "replace"))
        return digest.hexdigest()


def prepare(
    examples: Sequence[Example], logs: Sequence[str] = (), *, held_out: float = HELD_OUT
) -> Material:
    """Divide examples that have no errors (`find_problems`); logs are texts without an intent.

    Which texts are held out is decided by their hash, a share of each intent: it stays so when the
    data grows, so that an encoder trained earlier has not seen the texts that judge it later. An
    intent keeps two texts to learn from. Raises BadTrainingData when too little is left to judge,
    unless nothing is to be held out.
    """
    distinct = _distinct(examples)[:MOST_TEXTS]
    learn, held = _divide(distinct, held_out)
    if held_out and len({e.intent for e in held if not e.is_contrast}) < 2:
        message = (
            f"{len(distinct)} different examples are too few to judge an encoder by: a fifth is"
            " held out, and it must hold two intents; write more examples for each intent"
        )
        raise BadTrainingData(message)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for example in learn:
        texts[example.intent if not example.is_contrast else ""].append(_normal(example.text))
    known = {_normal(e.text) for e in distinct}
    of_logs = dict.fromkeys(_normal(text) for text in logs)
    unlabelled = sorted((t for t in of_logs if t and t not in known), key=_place)[:MOST_TEXTS]
    return Material(
        learn=tuple(learn),
        held=tuple(held),
        by_intent=tuple(tuple(texts[name]) for name in sorted(texts) if name),
        loners=(*texts[""], *unlabelled),
    )


def draw_pairs(material: Material, *, pairs: int, seed: str) -> list[Pair]:
    """So many pairs of texts, no two pairs of one meaning; the same seed gives the same.

    A pair is two texts of an intent, or a text that stands for itself, twice; the second of them
    is spoilt as by typing, always where it would be the same text and else every other time.
    Intents with many examples are drawn more often, though not in proportion.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    loners = min(len(material.loners), round(pairs * _MOST_LONERS_SHARE))
    drawn = _draw_intents(material.by_intent, pairs - loners, chance)
    found = []
    for texts in drawn:
        first, second = chance.sample(texts, 2)
        found.append((first, spoil(second, chance) if chance.random() < 0.5 else second))
    for text in chance.sample(material.loners, loners):
        found.append((text, spoil(text, chance)))
    return found


def spoil(text: str, chance: random.Random) -> str:
    """The text in normal form with one slip of typing; unchanged when no slip fits it."""
    for kind in chance.sample(_SLIPS, len(_SLIPS)):
        spoilt = _normal(PERTURBATIONS[kind](text, chance))
        if spoilt and spoilt != text:
            return spoilt
    return text


def read_logs(path: Path) -> tuple[str, ...]:
    """Messages of a log: a text file with one a line, or CSV or TSV with a column `text`.

    Without a header the first column is taken. Raises BadTrainingData when it cannot be read or
    holds nothing.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadTrainingData(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadTrainingData(
            f"{path}: not UTF-8 (byte {error.start}): save the file as UTF-8"
        ) from error
    lines = content.replace("\0", "").splitlines()
    texts = lines if path.suffix.lower() not in {".csv", ".tsv"} else _column(lines, path)
    found = tuple(text for text in texts if text.strip())
    if not found:
        raise BadTrainingData(f"{path}: holds no message (one a line, or a column `text`)")
    return found


def _column(lines: Sequence[str], path: Path) -> list[str]:
    try:
        rows = list(csv.reader(lines, delimiter="\t" if path.suffix.lower() == ".tsv" else ","))
    except csv.Error as error:
        raise BadTrainingData(f"{path}: {error}") from error
    rows = [row for row in rows if row]
    header = [name.strip().lower() for name in rows[0]] if rows else []
    at = next((header.index(name) for name in _TEXT_HEADERS if name in header), None)
    if at is None:
        return [row[0] for row in rows]
    return [row[at] for row in rows[1:] if len(row) > at]


def _distinct(examples: Iterable[Example]) -> list[Example]:
    """Without repetitions and empty texts, in the order of their hash."""
    seen: dict[str, Example] = {}
    for example in examples:
        seen.setdefault(_normal(example.text), example)
    seen.pop("", None)
    return [seen[text] for text in sorted(seen, key=_place)]


def _divide(examples: Sequence[Example], held_out: float) -> tuple[list[Example], list[Example]]:
    sizes: defaultdict[str, int] = defaultdict(int)
    for example in examples:
        sizes[example.intent] += 1
    learn: list[Example] = []
    held: list[Example] = []
    for example in examples:
        if _place(_normal(example.text)) < held_out and sizes[example.intent] > 2:
            sizes[example.intent] -= 1
            held.append(example)
        else:
            learn.append(example)
    return learn, held


def _draw_intents(
    intents: Sequence[tuple[str, ...]], wanted: int, chance: random.Random
) -> list[tuple[str, ...]]:
    """Different ones, with chances like the square roots of their sizes (Efraimidis, Spirakis)."""
    fit = [texts for texts in intents if len(texts) > 1]
    keys = [chance.random() ** (1 / len(texts) ** 0.5) for texts in fit]
    order = sorted(range(len(fit)), key=keys.__getitem__, reverse=True)
    return [fit[i] for i in order[:wanted]]


def _place(text: str) -> float:
    """A number in [0, 1) that belongs to the text for good."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _normal(text: str) -> str:
    return canonical(shorten(text))
