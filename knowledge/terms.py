"""Terms: what the articles call a thing, and what customers call it instead.

A question that holds one of the other ways to say it is searched as if it held the term as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge.article import ReadTerm
from knowledge.errors import BadTerm, TermTaken
from knowledge.text import normalise, terms

MAX_WORD = 60
"""Characters of a term, and of each way to say it."""

MAX_SYNONYMS = 50
"""Ways to say one term."""

MAX_MEANING = 500
"""Characters of what a term means."""

MAX_TERMS = 5_000
"""Terms of an installation; every process holds all of them."""

MAX_BRAND = 64

BETWEEN_WORDS = "|;；、,，"
"""What parts words in files and forms; a word itself has none of it."""

_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_BETWEEN_CHINESE = re.compile(r"[\u3400-\u9fff] [\u3400-\u9fff]")
_BESIDE_CHINESE = re.compile(r" (?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term as the articles have it, with the other ways to say it.

    `meaning` is for people and not searched. `brand_id` None: it holds for every brand. `revision`
    counts its changes from 1; 0 and `id` None for one that is not kept yet.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    meaning: str = ""
    brand_id: str | None = None
    id: int | None = None
    revision: int = 0
    updated_at: datetime | None = None
    updated_by: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The term and every other way to say it."""
        return (self.name, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is searched: `text` normalised, with the terms put in that `read` names."""

    text: str
    read: tuple[ReadTerm, ...] = ()


class TermReader:
    """Finds the terms of a question; made once for many questions, by any number of threads."""

    def __init__(self, kept: Iterable[Term] = ()) -> None:
        self._by_brand: dict[str | None, dict[str, str]] = {}
        for term in kept:
            known = self._by_brand.setdefault(term.brand_id, {})
            known.update({form_of(word): term.name for word in term.words})
        self._lengths = sorted(
            {len(form) for known in self._by_brand.values() for form in known}, reverse=True
        )

    def read(self, question: str, *, brand_id: str = "default") -> Reading:
        """Put terms in the place of other ways to say them.

        The longest word wins, wherever it stands; what is within a longer one is left alone, and
        so is a Latin word within another. What was put in is not read again.
        """
        general, own = self._by_brand.get(None, {}), self._by_brand.get(brand_id, {})
        if not general and not own:
            return Reading(normalise(question))
        text = form_of(question)
        taken: dict[int, tuple[int, str]] = {}
        free = [True] * len(text)
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                piece = text[start : start + length]
                name = own.get(piece) or general.get(piece)
                end = start + length
                if name and all(free[start:end]) and _is_whole(text, start, end):
                    taken[start] = end, name
                    free[start:end] = [False] * length
        read = [
            (start, end, name)
            for start, (end, name) in sorted(taken.items())
            if form_of(name) != text[start:end]
        ]
        if not read:
            return Reading(normalise(question))
        return Reading(
            _put_in(text, read),
            tuple(dict.fromkeys(ReadTerm(text[start:end], name) for start, end, name in read)),
        )


def form_of(word: str) -> str:
    """A word as it is compared: normalised, one space between Latin words, none beside Chinese."""
    return _BESIDE_CHINESE.sub("", _SPACE.sub(" ", normalise(word).strip()))


def tidied(term: Term) -> Term:
    """The term without space around its words, and each way to say it once."""
    name = _bare(term.name)
    others = {form_of(word): _bare(word) for word in reversed(term.synonyms) if word.strip()}
    others.pop(form_of(name), None)
    return replace(
        term,
        name=name,
        synonyms=tuple(reversed(others.values())),
        meaning=term.meaning.strip(),
        brand_id=_bare(term.brand_id or "") or None,
    )


class TermBook:
    """Terms side by side, of which no two claim one word for the same brand."""

    def __init__(self, kept: Iterable[Term] = ()) -> None:
        self._owners: dict[str, list[Term]] = {}
        self._by_id: dict[int, Term] = {}
        self.count = 0
        for term in kept:
            self.put(term)

    def check(self, term: Term) -> Term:
        """The term, tidied, if it can stand beside the others; the one with its id is itself.

        Raises BadTerm with everything that is wrong and what to do, and TermTaken when a word is
        another term's already: a question would be read in two ways, or again and again.
        """
        term = tidied(term)
        problems = _problems(term)
        if term.id is None and self.count >= MAX_TERMS:
            problems.append(f"There are {MAX_TERMS} terms already; remove what nobody says.")
        if problems:
            raise BadTerm(*problems)
        for word in term.words:
            for owner in self._owners.get(form_of(word), ()):
                if _meet(term, owner):
                    raise TermTaken(
                        f"`{word}` belongs to the term `{owner.name}` already; take it out there,"
                        " or add these ways to say it to that term."
                    )
        return term

    def put(self, term: Term) -> None:
        """Take a checked term in, instead of the one with its id."""
        before = self._by_id.get(term.id) if term.id is not None else None
        if before is not None:
            for word in before.words:
                self._owners[form_of(word)].remove(before)
        else:
            self.count += 1
        if term.id is not None:
            self._by_id[term.id] = term
        for word in term.words:
            self._owners.setdefault(form_of(word), []).append(term)


def _meet(one: Term, other: Term) -> bool:
    """Whether two different terms hold for one brand."""
    if one.id is not None and one.id == other.id:
        return False
    return None in (one.brand_id, other.brand_id) or one.brand_id == other.brand_id


def _problems(term: Term) -> list[str]:
    problems = []
    if not term.name:
        problems.append("The term is empty; write the word that the articles use.")
    elif not term.synonyms and not term.meaning:
        problems.append("There is only the term; add other ways to say it, or what it means.")
    if len(term.synonyms) > MAX_SYNONYMS:
        problems.append(f"There are more than {MAX_SYNONYMS} ways to say it; keep the usual ones.")
    if len(term.meaning) > MAX_MEANING:
        problems.append(f"The meaning has more than {MAX_MEANING} characters; shorten it.")
    if len(term.brand_id or "") > MAX_BRAND:
        problems.append(f"The brand has more than {MAX_BRAND} characters; write its id.")
    return problems + [problem for word in term.words if (problem := _wrong_with(word))]


def _wrong_with(word: str) -> str | None:
    if len(word) > MAX_WORD:
        return f"`{word[:20]}…` has more than {MAX_WORD} characters; write the words alone."
    if any(mark in word for mark in BETWEEN_WORDS) or _BETWEEN_CHINESE.search(word):
        return f"`{word}` are several words; write each for itself."
    form = form_of(word)
    if word and len(form) < 2:
        return f"`{word}` is a single character and part of many other words; write a longer one."
    if word and form.replace(" ", "").isalpha() and not terms(form):
        return f"`{word}` is in questions of every kind; write a word of the matter."
    return None


def _bare(word: str) -> str:
    return _SPACE.sub(" ", word).strip()


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a piece does not begin or end within a Latin word or a number."""
    begins_within = _joined(text[start - 1 : start], text[start])
    return not begins_within and not _joined(text[end - 1], text[end : end + 1])


def _joined(before: str, after: str) -> bool:
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _put_in(text: str, read: Sequence[tuple[int, int, str]]) -> str:
    parts, done = "", 0
    for start, end, name in read:
        for part in (text[done:start], normalise(name)):
            parts += f" {part}" if _joined(parts[-1:], part[:1]) else part
        done = end
    rest = text[done:]
    return parts + (f" {rest}" if _joined(parts[-1:], rest[:1]) else rest)
