"""Releases: the steps that make a draft or an earlier text live, now or when its time has come.

As in `webapp.publish`, what is new is encoded first; the transaction after it compares that nobody
was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from knowledge.article import Article, ArticleStatus
from knowledge.draft import Draft
from knowledge.errors import (
    ArticleNotFound,
    BadArticle,
    DraftNotFound,
    KnowledgeError,
    LiveMoved,
    NotArchived,
)
from knowledge.front_matter import HOME
from knowledge.revision import RevisionState
from nlu.errors import NluError
from webapp.db.database import Database
from webapp.db.errors import StoreError
from webapp.db.work import Work
from webapp.editing import audit_schedule, keep_step, read_draft, readable
from webapp.live import make_live, must_fit
from webapp.logs import get_logger

_log = get_logger(__name__)

CLAIMED_FOR = timedelta(minutes=2)
"""How long another worker leaves a due text alone while one is at it."""

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=1))
"""The pauses after a scheduled text could not be published; the last one for ever after."""

_WERE_LIVE = {RevisionState.PUBLISHED, RevisionState.ARCHIVED}

PROGRAM = "jiedai"
"""Who makes the steps that nobody asked for."""


class Releases:
    """Makes texts live. `prepare` encodes what is new (`webapp.publish.Publishes.prepare`)."""

    def __init__(
        self,
        db: Database,
        *,
        prepare: Callable[[Sequence[Article]], None],
        zone: tzinfo = HOME,
    ) -> None:
        self._zone = zone
        self._db = db
        self._prepare = prepare

    def publish_draft(
        self,
        article_id: str,
        *,
        seen_version: int,
        by: str,
        reviewing: bool = False,
        publish_at: datetime | None = None,
        reason: str | None = None,
        now: datetime,
    ) -> Article:
        """Make a draft live, now or at `publish_at`, or at the `publish_at` of its front matter.

        `reviewing` approves what was submitted; without it the draft must not have been. Returns
        the article, whose status says whether it is live. Raises ArticleNotFound, DraftNotFound,
        DraftMoved, LiveMoved, DraftLocked or NotInReview, BadSchedule, BadArticle.
        """
        with self._db.read() as work:
            article, draft = work.articles.get(article_id), work.drafts.get(article_id)
            _must_be_ready(work, article, draft, seen_version, reviewing=reviewing)
        text = self._fit(article, draft)
        if publish_at is None and text.publish_at is not None and text.publish_at > now:
            publish_at = text.publish_at
        self._prepare([text])
        with self._db.write() as work:
            article = work.articles.lock(article_id)
            draft = work.drafts.get(article_id)
            _must_be_ready(work, article, draft, seen_version, reviewing=reviewing)
            if publish_at is None:
                return _go_live(work, text, draft, by=by, reason=reason, now=now)
            draft.schedule(publish_at, by=by, at=now, reason=reason)
            return _keep_scheduled(work, article, draft, by=by, now=now)

    def draft_text(self, article_id: str) -> Article:
        """The text that `publish_draft` would make live, for the article's own brand.

        Raises ArticleNotFound, DraftNotFound, BadArticle.
        """
        with self._db.read() as work:
            article, draft = work.articles.get(article_id), work.drafts.get(article_id)
        return self._fit(article, draft)

    def _fit(self, article: Article, draft: Draft) -> Article:
        text = replace(readable(draft, zone=self._zone), brand_id=article.brand_id)
        must_fit(text, source=draft.markdown, live=article)
        return text

    def earlier_text(self, article_id: str, number: int | None = None) -> Article:
        """The text that `roll_back` to this revision, or `restore` without one, would make live.

        Raises ArticleNotFound, RevisionNotFound, NotArchived, BadArticle.
        """
        with self._db.read() as work:
            article = work.articles.get(article_id)
            if number is None:
                _must_be_archived(article)
                return article
            step = work.revisions.get(article_id, number)
            markdown = work.revisions.markdown(article_id, number)
        text = replace(read_draft(article_id, markdown, zone=self._zone), brand_id=article.brand_id)
        if step.state not in _WERE_LIVE:
            must_fit(text, source=markdown, live=article)
        return text

    def roll_back(
        self,
        article_id: str,
        number: int,
        *,
        seen_revision: int | None = None,
        by: str,
        reason: str | None = None,
        now: datetime,
    ) -> Article:
        """Make the text of an earlier revision live again, as a new revision.

        `seen_revision` is the live one that the asker has seen. Raises ArticleNotFound,
        RevisionNotFound, EditConflict, and BadArticle for a text that cannot be published.
        """
        with self._db.read() as work:
            work.articles.get(article_id)
            earlier = work.revisions.get(article_id, number)
            markdown = work.revisions.markdown(article_id, number)
        text = self.earlier_text(article_id, number)
        self._prepare([text])
        with self._db.write() as work:
            work.articles.lock(article_id)
            article = make_live(
                work,
                text,
                markdown=markdown,
                seen_revision=seen_revision,
                by=by,
                author=earlier.author,
                reason=reason,
                restores=number,
                now=now,
            )
            detail = {"revision": str(number)}
            subject = f"article:{article_id}"
            work.audit.add("article.rolled_back", subject, actor=by, detail=detail, now=now)
        return article

    def restore(
        self, article_id: str, *, by: str, reason: str | None = None, now: datetime
    ) -> Article:
        """Answer customers from an archived article again; raises ArticleNotFound, NotArchived."""
        with self._db.read() as work:
            article = work.articles.get(article_id)
        _must_be_archived(article)
        self._prepare([article])
        with self._db.write() as work:
            article = work.articles.lock(article_id)
            _must_be_archived(article)
            markdown = work.articles.live_text(article).markdown
            article = make_live(work, article, markdown=markdown, by=by, reason=reason, now=now)
            work.audit.add("article.restored", f"article:{article_id}", actor=by, now=now)
        return article

    def publish_due(self, now: datetime) -> int:
        """Publish every scheduled text whose time has come; returns how many went live.

        Any number of workers may call it at once: each text goes live once. One that fails is kept
        with the reason and tried again; one that can never be published as it is goes back to its
        writer. Raises StoreError, after which the call is simply repeated.
        """
        with self._db.read() as work:
            due = work.drafts.due(now)
        return sum(self._publish_one(article_id, now) for article_id in due)

    def _publish_one(self, article_id: str, now: datetime) -> bool:
        draft = self._claim(article_id, now)
        if draft is None:
            return False
        try:
            return self._publish_claimed(draft, now)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one bad text must not hold up the others
            self._note_failure(draft, error, now)
            return False

    def _claim(self, article_id: str, now: datetime) -> Draft | None:
        """The draft, which other workers leave alone for a while; None when one has it."""
        with self._db.write() as work:
            found = _locked(work, article_id)
            if found is None or not found[1].is_due(now):
                return None
            found[1].try_at = now + CLAIMED_FOR
        return found[1]

    def _publish_claimed(self, claimed: Draft, now: datetime) -> bool:
        text = readable(claimed, zone=self._zone)
        self._prepare([text])
        with self._db.write() as work:
            found = _locked(work, claimed.article_id)
            if found is None or found[1].version != claimed.version:
                return False  # withdrawn, rejected or published while this was encoded
            article, draft = found
            draft.must_start_from(work.articles.live_text(article))
            text.brand_id = article.brand_id
            _go_live(work, text, draft, by=draft.step_by, reason=draft.reason, now=now)
        return True

    def _note_failure(self, claimed: Draft, error: Exception, now: datetime) -> None:
        known = isinstance(error, (KnowledgeError, NluError))
        failure = str(error) if known else f"There is a mistake in the program ({error!r})."
        _log.error("article.not_published", article=claimed.article_id, exc_info=error)
        with self._db.write() as work:
            found = _locked(work, claimed.article_id)
            if found is None or found[1].version != claimed.version:
                return
            draft = found[1]
            if isinstance(error, (BadArticle, LiveMoved)):
                draft.give_back(failure, by=PROGRAM, at=now)
                keep_step(work, draft, RevisionState.WITHDRAWN, by=PROGRAM, now=now)
            else:
                pause = RETRIES[min(draft.failures, len(RETRIES) - 1)]
                draft.fail(failure, try_at=now + pause)


def _locked(work: Work, article_id: str) -> tuple[Article, Draft] | None:
    """An article and its draft for this transaction alone; None when one of them is gone."""
    try:
        return work.articles.lock(article_id), work.drafts.get(article_id)
    except (ArticleNotFound, DraftNotFound):
        return None


def _must_be_ready(
    work: Work, article: Article, draft: Draft, seen_version: int, *, reviewing: bool
) -> None:
    draft.must_be(seen_version)
    if reviewing:
        draft.must_be_submitted()
    else:
        draft.must_be_open()
    draft.must_start_from(work.articles.live_text(article))


def _must_be_archived(article: Article) -> None:
    if article.status is not ArticleStatus.ARCHIVED:
        raise NotArchived("This article is not archived; there is nothing to restore.")


def _go_live(
    work: Work, text: Article, draft: Draft, *, by: str, reason: str | None, now: datetime
) -> Article:
    article = make_live(
        work, text, markdown=draft.markdown, by=by, author=draft.author, reason=reason, now=now
    )
    work.drafts.remove(draft)
    work.audit.add("article.published", f"article:{article.id}", actor=by, now=now)
    return article


def _keep_scheduled(
    work: Work, article: Article, draft: Draft, *, by: str, now: datetime
) -> Article:
    keep_step(work, draft, RevisionState.SCHEDULED, by=by, now=now)
    if article.revision == 0:
        article.status = ArticleStatus.DRAFT
    audit_schedule(work, draft, by=by, now=now)
    return article
