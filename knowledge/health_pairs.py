"""Find passages that say the same twice, or that cannot both be true.

Two passages are compared when they are near in meaning, may answer the same customer, and belong to
different matters only by their wording. Their clauses are laid side by side with nothing in the
place of what they claim: where the rest is the same and the claims are not, both cannot be true.
Where one clause has another word in the place of a word (手表 for 耳机), or a condition more, they
speak of different things. `tests/quality/health` has the pairs by which this was measured.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import faiss
import numpy as np

from knowledge.article import Article
from knowledge.facts import Fact, denials, find_facts, without
from knowledge.passages import Passage
from knowledge.text import is_chinese, normalise
from knowledge.vectors import Vectors

NEIGHBOURS = 12
"""How many passages around each are compared with it."""

NEAR = 0.45
"""Similarity of meaning (without the common part) from which two passages are compared."""

_LIKE = 0.7
"""Likeness of two clauses from which they are taken to speak of the same."""

_LIKE_DENIED = 0.85
"""The same where only a denial tells them apart: a small word, which must be the only one."""

_SHORT = 7
"""A clause of fewer pairs of letters (or words) says what it is about in those before it."""

_CLAUSE = re.compile(r"(?:(?!\. |\band\b|\bbut\b)[^。！？；;!?\n，,])+")
_SENTENCE_END = re.compile(r"[。！？!?\n]|\. ")
_TOKEN = re.compile(r"[a-z]+|[\u3400-\u9fff]")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ies|es|ed|s|y|e)$")
_EMPTY_CHINESE = (
    "的了是在可以请能会要都也自从内后前里将把按之有为即就起您你我们用与和及或到约共由于则才还需得"
    "期间日天时"
)
_EMPTY_ENGLISH = (
    "a an the of is are be been can may will you your we our it its and or for from to in on at by"
    " with within after before item items each every per take takes cost costs"
)
_EMPTY_WORDS = frozenset(_EMPTY_CHINESE) | frozenset(_EMPTY_ENGLISH.split())
_MOST_ADDED = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause of a passage with what it claims; `start` is its place in the passage's text.

    `context` is the sentence up to the clause's end. `frame` counts the pairs of letters of the
    clause with nothing in the place of what is claimed, `affirmed` those without denials too.
    """

    text: str
    start: int
    context: str
    facts: tuple[Fact, ...]
    denied: tuple[tuple[int, int], ...]
    frame: Counter[str]
    affirmed: Counter[str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two clauses that differ in what they claim; spans are places in the passages' texts."""

    first_spans: tuple[tuple[int, int], ...]
    second_spans: tuple[tuple[int, int], ...]
    likeness: float


def neighbours(vectors: Vectors, *, limit: int, least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows (the smaller place first) where one is among the other's `limit` nearest, with
    their similarity of at least `least`; each pair once. Unit rows; exact search, in blocks.
    """
    if len(vectors) < 2:
        return
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, np.float32))
    seen: set[tuple[int, int]] = set()
    for start in range(0, len(vectors), 1024):
        similar, places = index.search(vectors[start : start + 1024], min(limit + 1, len(vectors)))
        for row, (values, others) in enumerate(zip(similar, places, strict=True), start=start):
            for value, other in zip(values.tolist(), others.tolist(), strict=True):
                pair = (min(row, other), max(row, other))
                if other in (row, -1) or value < least or pair in seen:
                    continue
                seen.add(pair)
                yield *pair, float(value)


def may_meet(first: Article, second: Article) -> bool:
    """Whether some customer could be answered from either."""
    return (
        first.brand_id == second.brand_id
        and (first.product is None or second.product is None or first.product == second.product)
        and _overlap(first.versions, second.versions)
        and _overlap(first.channels, second.channels)
    )


def claims_of(passage: Passage) -> tuple[Claim, ...]:
    """The clauses of a passage, with what each claims."""
    found = []
    for match in _CLAUSE.finditer(passage.text):
        text = match.group()
        facts, denied = find_facts(text), denials(text)
        began = [end.end() for end in _SENTENCE_END.finditer(passage.text, 0, match.start())]
        context = passage.text[began[-1] if began else 0 : match.end()]
        spans = tuple((fact.start, fact.end) for fact in facts)
        frame = frame_of(without(text, spans))
        affirmed = frame_of(without(text, (*spans, *denied))) if denied else frame
        found.append(Claim(text, match.start(), context, facts, denied, frame, affirmed))
    return tuple(found)


def conflicts(first: Sequence[Claim], second: Sequence[Claim]) -> tuple[Conflict, ...]:
    """Where two passages that speak of the same claim something else; best likeness first."""
    found = [
        conflict
        for mine in first
        for theirs in second
        if (mine.facts or mine.denied or theirs.denied)
        and (conflict := _differing(mine, theirs) or _denying(mine, theirs)) is not None
        and not _agreed_elsewhere(mine, second)
        and not _agreed_elsewhere(theirs, first)
    ]
    return tuple(sorted(found, key=lambda conflict: -conflict.likeness))


def frame_of(text: str) -> Counter[str]:
    """Pairs of neighbouring Chinese letters, and words of other scripts, of a text."""
    bag: Counter[str] = Counter()
    for run in re.findall(r"[\u3400-\u9fff]+|[a-z]+", normalise(text)):
        if is_chinese(run):
            bag.update(run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        elif run not in _EMPTY_WORDS:
            bag[_ENDING.sub("", run)] += 1
    return bag


def likeness(first: Counter[str], second: Counter[str]) -> float:
    """The share that two frames have in common (Dice), in [0, 1]."""
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _differing(mine: Claim, theirs: Claim) -> Conflict | None:
    spans = [
        (a, b) for a in mine.facts for b in theirs.facts if (a.kind, a.unit) == (b.kind, b.unit)
    ]
    like = likeness(mine.frame, theirs.frame)
    if not spans or any(a.agrees_with(b) for a, b in spans) or like < _LIKE:
        return None
    if bool(mine.denied) != bool(theirs.denied) or _of_other_things(mine, theirs):
        return None
    return Conflict(
        _placed(mine, {(a.start, a.end) for a, _ in spans}),
        _placed(theirs, {(b.start, b.end) for _, b in spans}),
        like,
    )


def _denying(mine: Claim, theirs: Claim) -> Conflict | None:
    if bool(mine.denied) == bool(theirs.denied):
        return None
    like = likeness(mine.affirmed, theirs.affirmed)
    if like < _LIKE_DENIED or _of_other_things(mine, theirs, affirmed=True):
        return None
    whole = ((0, len(mine.text)), (0, len(theirs.text)))
    return Conflict(
        _placed(mine, set(mine.denied or whole[:1])),
        _placed(theirs, set(theirs.denied or whole[1:])),
        like,
    )


def _agreed_elsewhere(claim: Claim, others: Sequence[Claim]) -> bool:
    """Whether one of the other passage's clauses says the same, claims included."""
    if not claim.facts:
        return False
    return any(
        likeness(claim.frame, other.frame) >= _LIKE
        and all(
            any(a.agrees_with(b) and a.kind == b.kind for b in other.facts) for a in claim.facts
        )
        for other in others
    )


def _of_other_things(mine: Claim, theirs: Claim, *, affirmed: bool = False) -> bool:
    """Whether a word stands in the place of another, or one clause says much more."""
    short = min(mine.frame.total(), theirs.frame.total()) < _SHORT
    texts = [claim.context if short else claim.text for claim in (mine, theirs)]
    first, second = (_tokens(text, affirmed=affirmed) for text in texts)
    added = [0, 0]
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left, right = _weight(first[a:b]), _weight(second[c:d])
        if left and right:
            return True
        added[0] += left
        added[1] += right
    return max(added) > _MOST_ADDED


def _tokens(text: str, *, affirmed: bool) -> list[str]:
    masked = _masked(text)
    if affirmed:
        masked = without(masked, denials(masked))
    return [_ENDING.sub("", token) for token in _TOKEN.findall(normalise(masked))]


def _weight(tokens: Sequence[str]) -> int:
    return sum(token not in _EMPTY_WORDS for token in tokens)


def _masked(text: str) -> str:
    return without(text, tuple((fact.start, fact.end) for fact in find_facts(text)))


def _placed(claim: Claim, spans: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((claim.start + start, claim.start + end) for start, end in spans))


def _overlap(first: Sequence[str], second: Sequence[str]) -> bool:
    return not first or not second or bool(set(first) & set(second))
