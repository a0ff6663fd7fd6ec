"""Reads the names of intents as what they say: an example more for those that have few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE

_FEW: Final = 30
"""From more examples than this a name adds nothing (docs/adr/0008)."""

_WORD: Final = re.compile(r"[^\W\d_]{2}")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINT: Final = re.compile(r"[\W_]+")
_DIGITS: Final = re.compile(r"\d+")


def said_by_name(name: str) -> str:
    """The words of a name: those of `ask_refund`, `askRefund` and `faq/ask-refund` with spaces
    between them; `W06` and `q_1` have none."""
    words = _JOINT.sub(" ", _HUMP.sub(" ", name)).strip()
    return words.lower() if _WORD.search(words) else ""


def name_examples(labels: Sequence[str]) -> list[Example]:
    """What the names of intents say, as an example for each intent that has few.

    `labels` are those of all examples; texts out of scope get none, nor do names that differ in
    their numbers alone. People name an intent by what is meant, in words that its few examples may
    lack.
    """
    counts = Counter(labels)
    counts.pop(OUT_OF_SCOPE, None)
    named = {name: said_by_name(name) for name in sorted(counts)}
    alike = Counter(map(_unnumbered, named.values()))
    return [
        Example(said, name)
        for name, said in named.items()
        if said and counts[name] <= _FEW and alike[_unnumbered(said)] == 1
    ]


def _unnumbered(said: str) -> str:
    return _DIGITS.sub("", said).strip()
