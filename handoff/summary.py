"""Summary: what the person who takes over must know, chosen from what was said (no generation)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_SENTENCE_END = re.compile(r"[。！？!?；;\n]+")
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d{4,}")

MAX_SENTENCES = 3
"""So many of the customer's own sentences are quoted; more is not read by a busy agent."""


@dataclass(frozen=True, slots=True)
class SummaryWording:
    """The labels of a summary, from the wording file. Each is a template with one variable."""

    reason: str
    wants: str
    facts: str
    tried: str
    said: str
    mood: str
    joiner: str
    quote: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What the bot knows when it gives up the turn, already in the agents' words.

    `wants` are titles of intents, oldest first; `facts` pairs of label and value; `articles` the
    titles that the customer was shown; `mood` is empty when the customer is calm.
    """

    words: SummaryWording
    reason: str = ""
    wants: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    articles: tuple[str, ...] = ()
    mood: str = ""
    trivial: frozenset[str] = field(default_factory=frozenset)


def summarise(brief: Brief, sentences: Sequence[str]) -> str:
    """Write the summary of a hand-off, one line for each thing that is known.

    `sentences` are the customer's messages, oldest first. Phone numbers are masked.
    """
    words = brief.words
    facts = words.joiner.join(f"{label} {value}" for label, value in brief.facts)
    quotes = words.joiner.join(
        words.quote.format(text=s) for s in informative(sentences, trivial=brief.trivial)
    )
    lines = (
        (words.reason, brief.reason),
        (words.wants, words.joiner.join(dict.fromkeys(brief.wants))),
        (words.facts, facts),
        (words.tried, words.joiner.join(dict.fromkeys(brief.articles))),
        (words.said, quotes),
        (words.mood, brief.mood),
    )
    return "\n".join(mask_phones(label.format(text=text)) for label, text in lines if text)


def informative(
    messages: Sequence[str], *, trivial: frozenset[str] = frozenset(), limit: int = MAX_SENTENCES
) -> tuple[str, ...]:
    """Choose the sentences that say most, in the order they were said.

    A sentence scores by its rare words (1 / number of sentences with the word), by long numbers
    in it and by how late it came; texts in `trivial` (ok, 转人工 …) never count. This is the
    frequency idea of Luhn (1958), turned round because a customer repeats what is not new.
    """
    sentences = _sentences(messages, trivial)
    spread = Counter(word for s in sentences for word in _words(s))
    scored = [
        (
            sum(1 / spread[word] for word in _words(sentence))
            + 3 * len(_NUMBER.findall(sentence))
            + position / max(1, len(sentences)),
            position,
        )
        for position, sentence in enumerate(sentences)
    ]
    best = sorted(sorted(scored, reverse=True)[:limit], key=lambda pair: pair[1])
    return tuple(sentences[position] for _, position in best)


def mask_phones(text: str) -> str:
    """Hide the middle of every mobile number: 13800000001 becomes 138****0001."""
    return _PHONE.sub(r"\1****\2", text)


def _sentences(messages: Sequence[str], trivial: frozenset[str]) -> list[str]:
    parts = (part.strip() for message in messages for part in _SENTENCE_END.split(message))
    worth = [p for p in dict.fromkeys(parts) if len(p) > 1 and p.lower() not in trivial]
    # A bare number is already among the facts, unless nothing else was said at all.
    return [part for part in worth if _LETTER.search(part)] or worth


def _words(sentence: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(sentence)}
