"""Mends Latin words that differ in one slip of a finger from a word of the training texts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from typing import Final

WORD: Final = re.compile(r"[a-z]+")
_SHORTEST: Final = 4  # shorter words are too near one another


class LatinWords:
    """The words of the training texts, and those of the language that look much like them.

    `counts` has every word of the training texts and how many of them hold it; `others` are words
    that are right although one letter would make them one of those (`safe`, where `sale` is
    known). Without any dictionary `others` is None, and no word is touched.
    """

    def __init__(self, counts: Mapping[str, int], others: Collection[str] | None) -> None:
        self.counts = counts
        self.others = None if others is None else frozenset(others)
        self._by_remains: defaultdict[str, list[str]] = defaultdict(list)
        for word, count in counts.items():
            if len(word) >= _SHORTEST and count > 1 and others is not None:
                for remains in _remains(word):
                    self._by_remains[remains].append(word)

    def mend(self, text: str, *, spare: Container[str] = ()) -> str:
        """The text with each unknown word replaced by the most frequent one a slip away, but those
        to `spare`."""
        return WORD.sub(
            lambda match: match[0] if match[0] in spare else self._mended(match[0]), text
        )

    def _mended(self, word: str) -> str:
        if len(word) < _SHORTEST or self.others is None:
            return word
        if word in self.counts or word in self.others:
            return word
        near = {
            known
            for remains in _remains(word)
            for known in self._by_remains.get(remains, ())
            if _is_one_slip(word, known)
        }
        return max(near, key=lambda known: (self.counts[known], known), default=word)


def learn_words(texts: Sequence[str], language: Collection[str]) -> LatinWords:
    """The words of texts in normal form; of `language`, a dictionary, what is near to them."""
    found = Counter(word for text in texts for word in set(WORD.findall(text)))
    counts = dict(sorted(found.items()))  # sets give no order that another process would repeat
    if not language:
        return LatinWords(counts, None)
    remains = {part for word in counts if len(word) >= _SHORTEST for part in _remains(word)}
    near = (word for word in language if len(word) >= _SHORTEST and word not in counts)
    return LatinWords(counts, [word for word in near if not remains.isdisjoint(_remains(word))])


def _remains(word: str) -> set[str]:
    """The word, and what is left of it without one letter: words one slip apart share some."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter was missed, doubled, added or wrong, or two changed places."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    return (
        a[1:] == b
        or a == b[1:]
        or a[1:] == b[1:]
        or (len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
    )
