"""How likely a spelling is, by which characters followed one another in the training texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

START, END = "\x02", "\x03"  # cannot stand in a normal form
LONGEST: Final = 3
"""Characters in the longest n-gram counted."""

_ALPHABET: Final = 6000  # characters that a text may hold: what an unseen one shares its odds with
_IN_A_WORD: Final = 1e-3  # odds of a character that follows another within a common word
_DIGITS: Final = str.maketrans("123456789", "000000000")


class Context(NamedTuple):
    """Characters that another may follow: how many did in training, and how many different ones."""

    characters: str
    followers: int
    kinds: int


class CharacterModel:
    """Odds of characters after two others, as the training texts have them.

    Witten and Bell's interpolation (1991, "The zero-frequency problem", method C) of n-grams of one
    to three characters; digits count as one character. `counts` gives for each n-gram how many
    texts hold it. `pairs` are neighbours within words of the language that are common, so that no
    good word counts as strange only because training lacks it.
    """

    def __init__(self, counts: Mapping[str, int], pairs: Collection[str]) -> None:
        self.counts = counts
        self.pairs = frozenset(pairs)
        self._followers: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        for gram, count in counts.items():
            self._followers[gram[:-1]] += count
            self._kinds[gram[:-1]] += 1

    def is_known(self, pair: str) -> bool:
        """Whether two characters were neighbours in training or are so in a common word."""
        pair = pair.translate(_DIGITS)
        return pair in self.counts or pair in self.pairs

    def contexts(self, before: str) -> tuple[Context, ...]:
        """What followed the end of `before` in training, by ever more of its last characters."""
        before = before.translate(_DIGITS)
        found = []
        for length in range(min(LONGEST, len(before) + 1)):
            context = before[len(before) - length :]
            followers = self._followers.get(context, 0)
            if not followers:
                break
            found.append(Context(context, followers, self._kinds[context]))
        return tuple(found)

    def log_odds(self, before: str, character: str) -> float:
        """The logarithm of the probability that `character` follows the end of `before`."""
        return self.log_odds_in(self.contexts(before), before[-1:], character)

    def log_odds_in(self, contexts: tuple[Context, ...], last: str, character: str) -> float:
        """The same where the `contexts` of what is before are known, and its `last` character."""
        character = character.translate(_DIGITS)
        odds = 1 / _ALPHABET
        for context, followers, kinds in contexts:
            odds = (self.counts.get(context + character, 0) + kinds * odds) / (followers + kinds)
        if odds < _IN_A_WORD and last.translate(_DIGITS) + character in self.pairs:
            odds = _IN_A_WORD
        return math.log(odds)


def count_ngrams(texts: Sequence[str], *, most: int) -> dict[str, int]:
    """For each n-gram how many texts hold it; the rare ones are left out beyond `most`."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_ngrams(START + text.translate(_DIGITS) + END)))
        if len(counts) > 4 * most:  # a million texts must not fill the memory
            counts = Counter(dict(_most_common(counts, 2 * most)))
    return dict(_most_common(counts, most))


def _most_common(counts: Counter[str], most: int) -> list[tuple[str, int]]:
    """As Counter's, in an order that does not hang on the hashes of this process."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]


def _ngrams(text: str) -> Iterator[str]:
    for length in range(1, LONGEST + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
