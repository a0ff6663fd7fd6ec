"""What one article by itself shows: too old, unused, disliked, untested, too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from knowledge.article import Article, ArticleStatus
from knowledge.health import Evidence, Excerpt, Finding, FindingKind, Limits
from knowledge.passages import Passage

_SHOWN = 120


def examine_article(
    article: Article,
    passages: Sequence[Passage],
    *,
    evidence: Evidence,
    limits: Limits,
    now: datetime,
) -> Iterator[Finding]:
    """Everything that can be found without a look at other articles."""
    if article.status is not ArticleStatus.PUBLISHED:
        return
    yield from _ages(article, limits, now)
    yield from _serves(article, evidence, limits, now)
    yield from _is_tested(article, evidence)
    for passage in passages:
        if len(passage.text) > limits.most_characters:
            detail = {"characters": str(len(passage.text))}
            yield _finding(FindingKind.TOO_LONG, article, passage.heading, passage.text, detail)


def _ages(article: Article, limits: Limits, now: datetime) -> Iterator[Finding]:
    today = now.date()
    if article.valid_until is not None:
        until = {"date": article.valid_until.isoformat()}
        if article.valid_until < today:
            yield _finding(FindingKind.EXPIRED, article, detail=until)
            return
        if article.valid_until <= today + timedelta(days=limits.soon_days):
            days = str(_days(today, article.valid_until))
            yield _finding(FindingKind.EXPIRES_SOON, article, detail={**until, "days": days})
    if article.updated_at is not None:
        age = _days(article.updated_at.date(), today)
        if age >= limits.stale_days:
            yield _finding(FindingKind.STALE, article, detail={"days": str(age)})


def _serves(
    article: Article, evidence: Evidence, limits: Limits, now: datetime
) -> Iterator[Finding]:
    if evidence.use is None:
        return
    use = evidence.use.get(article.id)
    began = now - timedelta(days=evidence.use_days)
    if (use is None or not use.answers) and article.updated_at and article.updated_at <= began:
        yield _finding(FindingKind.UNUSED, article, detail={"days": str(evidence.use_days)})
    if use is None:
        return
    votes = use.helpful + use.unhelpful
    if votes >= limits.least_votes and use.unhelpful >= limits.unhelpful_share * votes:
        detail = {"unhelpful": str(use.unhelpful), "votes": str(votes)}
        yield _finding(FindingKind.DISLIKED, article, detail=detail)


def _is_tested(article: Article, evidence: Evidence) -> Iterator[Finding]:
    if not article.tests:
        yield _finding(FindingKind.NO_TESTS, article)
    for question in evidence.failing.get(article.id, ()):
        headings = [test.heading or "" for test in article.tests if test.question == question]
        yield _finding(FindingKind.FAILING_TEST, article, "".join(headings[:1]), question)


def _finding(
    kind: FindingKind,
    article: Article,
    heading: str = "",
    text: str = "",
    detail: dict[str, str] | None = None,
) -> Finding:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return Finding(kind, (Excerpt(article.id, article.title, heading, shown),), detail or {})


def _days(start: date, end: date) -> int:
    return (end - start).days
