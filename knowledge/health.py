"""What is wrong with a knowledge base, each finding with where it is and how grave it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.article import Article, ArticleStatus


class FindingKind(StrEnum):
    """What is wrong."""

    CONTRADICTION = "contradiction"
    SAME_QUESTION = "same_question"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    STALE = "stale"
    UNUSED = "unused"
    DISLIKED = "disliked"
    DEAD_LINK = "dead_link"
    ORPHAN_FILE = "orphan_file"
    NO_TESTS = "no_tests"
    FAILING_TEST = "failing_test"
    TOO_LONG = "too_long"


class Severity(StrEnum):
    """How grave: `high` gives customers a wrong answer, `medium` may, `low` is untidy."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITY = {
    FindingKind.CONTRADICTION: Severity.HIGH,
    FindingKind.FAILING_TEST: Severity.HIGH,
    FindingKind.DISLIKED: Severity.HIGH,
    FindingKind.SAME_QUESTION: Severity.MEDIUM,
    FindingKind.DUPLICATE: Severity.MEDIUM,
    FindingKind.EXPIRED: Severity.MEDIUM,
    FindingKind.EXPIRES_SOON: Severity.MEDIUM,
    FindingKind.DEAD_LINK: Severity.MEDIUM,
    FindingKind.STALE: Severity.LOW,
    FindingKind.UNUSED: Severity.LOW,
    FindingKind.ORPHAN_FILE: Severity.LOW,
    FindingKind.NO_TESTS: Severity.LOW,
    FindingKind.TOO_LONG: Severity.LOW,
}
"""How grave each kind is; the order of a report."""

GRAVEST_FIRST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of an article under a heading; `spans` are the places in `text` that matter."""

    article_id: str
    title: str
    heading: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. The first excerpt's article is the one to open; `detail` has the values
    that the words about it need (`{"days": "400"}`).
    """

    kind: FindingKind
    excerpts: tuple[Excerpt, ...]
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return SEVERITY[self.kind]

    @property
    def key(self) -> str:
        """The same for the same finding tomorrow, another once its words have changed."""
        words = [self.kind.value]
        for excerpt in sorted(self.excerpts, key=lambda e: (e.article_id, e.heading, e.text)):
            marked = [excerpt.text[start:end] for start, end in excerpt.spans]
            words += [excerpt.article_id, excerpt.heading, *(marked or [excerpt.text])]
        return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Use:
    """How an article served within a time: times it was the answer, and what customers thought."""

    answers: int = 0
    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known besides the articles; None where nothing is known, and nothing found then.

    `use` is by article over the last `use_days`. `files` maps the address under which articles
    name a stored file to the file's name. `failing` are the test questions that fail, by article.
    """

    use: Mapping[str, Use] | None = None
    use_days: int = 90
    files: Mapping[str, str] | None = None
    failing: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is worth a finding.

    Articles not changed for `stale_days` are stale; `soon_days` before the last valid day a
    warning begins; a passage longer than `most_characters` is too long to be an answer; an article
    is disliked from `least_votes` votes of which `unhelpful_share` say that it did not help.
    """

    stale_days: int = 365
    soon_days: int = 30
    most_characters: int = 1000
    least_votes: int = 5
    unhelpful_share: float = 0.5


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then by kind and article; each once."""
    kinds = list(SEVERITY)
    unique = {finding.key: finding for finding in findings}
    return tuple(
        sorted(
            unique.values(),
            key=lambda f: (
                GRAVEST_FIRST.index(f.severity),
                kinds.index(f.kind),
                [e.article_id for e in f.excerpts],
            ),
        )
    )


def in_service(articles: Sequence[Article], today: date) -> list[Article]:
    """The articles that customers are answered from today."""
    return [
        article
        for article in articles
        if article.status is ArticleStatus.PUBLISHED
        and (article.valid_until is None or article.valid_until >= today)
    ]
