"""One part of an import: what is good is live, or waits for a reviewer, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge.article import Article, ArticleStatus
from knowledge.draft import Draft, DraftState, must_be_ahead
from knowledge.errors import BadArticle, BadSchedule, Problem
from knowledge.source_text import format_source
from webapp.db.database import Database
from webapp.db.work import Work
from webapp.import_drafts import keep_draft, settle_own, waits_already
from webapp.learning_records import Fate, HeldUp
from webapp.live import make_live
from webapp.publish import Publishes, is_later, plan_article

Judge = Callable[[Sequence[Article]], Sequence[HeldUp]]
"""Which articles tests of knowledge speak against."""

HELD_UP = "Tests of knowledge held up its import: mend the text or the tests, then publish it."


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import, by article id.

    `waiting` are drafts before a reviewer, `held` what tests speak against; `failed` has the files
    that are not in, `remarks` what to know about those that are.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    held: tuple[HeldUp, ...] = ()
    failed: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()

    def __add__(self, other: Imported) -> Imported:
        """Both together."""
        return Imported(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            waiting=self.waiting + other.waiting,
            held=self.held + other.held,
            failed=self.failed + other.failed,
            remarks=self.remarks + other.remarks,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRules:
    """How articles are taken in: `review` makes them drafts before a reviewer, `override` is why
    they are taken although tests speak against them."""

    by: str
    review: bool = False
    override: str | None = None


def import_part(
    db: Database,
    publisher: Publishes,
    articles: Sequence[Article],
    *,
    rules: ImportRules,
    judge: Judge | None = None,
    now: datetime,
) -> Imported:
    """Take in articles that were read already, all or none; those that say the same as what is
    live, or as what waits, are left alone. Raises BadArticle, StoreUnavailable."""
    with db.read() as work:
        known = {a.id: work.articles.find(a.id) for a in articles}
        drafts = work.drafts.of(a.id for a in articles)
    wanted = [a for a in articles if not _is_known(known[a.id], drafts.get(a.id), a, rules)]
    publisher.prepare(wanted)
    held = {one.article_id: one for one in judge(wanted)} if judge and wanted else {}
    part = _Part(rules, held, now)
    with db.write() as work:
        for article in wanted:
            part.take(work, article)
        if wanted:
            detail = {"articles": str(len(wanted))}
            work.audit.add("articles.imported", "articles", actor=rules.by, detail=detail, now=now)
    changing = {a.id for a in wanted}
    return Imported(
        added=tuple(key for key in part.live if known[key] is None),
        changed=tuple(key for key in part.live if known[key] is not None),
        unchanged=tuple(a.id for a in articles if a.id not in changing),
        waiting=tuple(part.waiting),
        held=tuple(part.held),
        failed=tuple(part.failed),
    )


class _Part:
    """Takes one article after the other, and remembers what became of each."""

    def __init__(self, rules: ImportRules, held: Mapping[str, HeldUp], now: datetime) -> None:
        self._rules, self._speak_against, self._now = rules, held, now
        self.live: list[str] = []
        self.waiting: list[str] = []
        self.held: list[HeldUp] = []
        self.failed: list[Problem] = []

    def take(self, work: Work, article: Article) -> None:
        """Make it live, or keep it as a draft; what cannot be is noted as a problem."""
        against = self._speak_against.get(article.id)
        if against is not None and self._rules.override is None:
            kept = self._keep(work, article, failure=HELD_UP)
            self.held.append(replace(against, fate=Fate.DRAFT if kept else Fate.LEFT))
            return
        note = None if against is None else self._overridden(work, against)
        if self._rules.review:
            taken = self._keep(work, article, failure=None, reason=note)
        else:
            taken = self._publish(work, article, reason=note)
        if against is not None:
            self.held.append(replace(against, fate=Fate.TAKEN if taken else Fate.LEFT))

    def _keep(
        self, work: Work, article: Article, *, failure: str | None, reason: str | None = None
    ) -> bool:
        by, markdown = self._rules.by, format_source(article)
        try:
            keep_draft(
                work, article, markdown, failure=failure, reason=reason, by=by, now=self._now
            )
        except BadArticle as error:
            self._note(article, error)
            return False
        if failure is None:
            self.waiting.append(article.id)
        return True

    def _publish(self, work: Work, article: Article, *, reason: str | None) -> bool:
        by = self._rules.by
        try:
            if article.publish_at is not None and is_later(article, self._now):
                must_be_ahead(article.publish_at, at=self._now)
                settle_own(work, article.id, format_source(article), by=by)
                plan_article(work, article, by=by, now=self._now)
            else:
                settle_own(work, article.id, format_source(article), by=by)
                make_live(work, article, by=by, reason=reason, now=self._now)
        except (BadArticle, BadSchedule) as error:
            self._note(article, error)
            return False
        self.live.append(article.id)
        return True

    def _overridden(self, work: Work, against: HeldUp) -> str:
        count, why = len(against.failing) + len(against.broken), self._rules.override or ""
        return note_override(
            work, against.article_id, count=count, why=why, by=self._rules.by, now=self._now
        )

    def _note(self, article: Article, error: BadArticle | BadSchedule) -> None:
        words = str(error)
        if isinstance(error, BadArticle):
            words = " ".join(problem.message for problem in error.problems)
        self.failed.append(Problem(article.id, words))


def note_override(
    work: Work, article_id: str, *, count: int, why: str, by: str, now: datetime
) -> str:
    """Write down for the audit that so many tests spoke against it; returns what its revision
    should say."""
    detail = {"reason": why[:500], "tests": str(count)}
    subject = f"article:{article_id}"
    work.audit.add("article.tests_overridden", subject, actor=by, detail=detail, now=now)
    return f"[{count} tests overridden: {why}]"


def _is_known(
    known: Article | None, draft: Draft | None, article: Article, rules: ImportRules
) -> bool:
    return (
        _is_same(known, article)
        or _is_planned(draft, article)
        or (rules.review and waits_already(draft, format_source(article)))
    )


def _is_same(known: Article | None, article: Article) -> bool:
    """Whether an import would change nothing. What was published from a draft is not the file
    itself, so that what the two say is compared as well."""
    if known is None or known.status is not ArticleStatus.PUBLISHED:
        return False
    return known.content_hash == article.content_hash or (
        format_source(known) == format_source(article)
    )


def _is_planned(draft: Draft | None, article: Article) -> bool:
    return (
        draft is not None
        and draft.state is DraftState.SCHEDULED
        and draft.publish_at == article.publish_at
        and draft.markdown == format_source(article)
    )
