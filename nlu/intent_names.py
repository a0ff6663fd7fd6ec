"""Reads what intents are called as what they say: more examples for those that have few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
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


def name_examples(
    labels: Sequence[str], titles: Mapping[str, Sequence[str]] | None = None
) -> list[Example]:
    """What the names and the titles of intents say, as examples for each intent that has few.

    `labels` are those of all examples; texts out of scope get none, nor do names that differ in
    their numbers alone. `titles` are what people are shown in the place of a name, in any language.
    An intent is named by what is meant, in words that its few examples may lack.
    """
    counts = Counter(labels)
    counts.pop(OUT_OF_SCOPE, None)
    named = {name: said_by_name(name) for name in sorted(counts)}
    alike = Counter(map(_unnumbered, named.values()))
    found = []
    for name, said in named.items():
        if counts[name] <= _FEW:
            telling = [said] if said and alike[_unnumbered(said)] == 1 else []
            telling += titles.get(name, ()) if titles else ()
            found += [Example(text, name) for text in dict.fromkeys(telling)]
    return found


def _unnumbered(said: str) -> str:
    return _DIGITS.sub("", said).strip()
