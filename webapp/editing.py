"""Editing: the steps of a draft that change nothing for customers; each works in one transaction.

The steps that make a text live are in `webapp.releases`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, tzinfo

from knowledge.article import Article, ArticleStatus
from knowledge.draft import Draft, DraftState
from knowledge.errors import BadArticle, DraftNotFound, LiveMoved, Problem
from knowledge.front_matter import HOME
from knowledge.loader import read_article
from knowledge.revision import RevisionState
from webapp.db.work import Work
from webapp.live import must_fit, must_have_room


def begin_article(work: Work, article_id: str, markdown: str, *, by: str, now: datetime) -> Draft:
    """Keep the first draft of an article that is not there yet.

    Raises AlreadyExists, and BadArticle for an id that cannot be one.
    """
    must_have_room([Article(id=article_id, title="", body="")])
    title = _title(article_id, markdown, otherwise=article_id)
    article = Article(id=article_id, title=title, body="", updated_at=now, updated_by=by)
    article.status = ArticleStatus.DRAFT
    work.articles.begin(article)
    draft = new_draft(article_id, markdown, title=title, by=by, now=now)
    work.drafts.add(draft)
    show_unpublished(article, draft)
    keep_step(work, draft, RevisionState.DRAFT, by=by, now=now)
    work.audit.add("article.draft_begun", f"article:{article_id}", actor=by, now=now)
    return draft


def save_draft(
    work: Work,
    article_id: str,
    markdown: str,
    *,
    seen_version: int,
    base: int | None = None,
    by: str,
    now: datetime,
) -> Draft:
    """Keep what somebody has written about an article; a text with mistakes in it as well.

    `seen_version` is the version of the draft that he started from, 0 when there was none. `base`
    is the revision of the live text that he has seen last; None when he looked at no other than
    the draft did. The same text again changes nothing. Raises ArticleNotFound, DraftMoved,
    LiveMoved, DraftLocked, and DraftNotFound when the draft has been discarded meanwhile.
    """
    article = work.articles.lock(article_id)
    live = work.articles.live_text(article)
    draft = work.drafts.find(article_id)
    if draft is None:
        if seen_version and live.number:
            raise LiveMoved(
                f"The draft was published or discarded meanwhile; revision {live.number} is live: "
                "compare the two texts and save yours as a new draft.",
                theirs=live,
            )
        if seen_version:
            raise DraftNotFound(article_id)
        title = _title(article_id, markdown, otherwise=article.title)
        draft = new_draft(article_id, markdown, title=title, by=by, now=now)
        draft.rebase(article.revision if base is None else base, live)
        work.drafts.add(draft)
    else:
        draft.must_be(seen_version)
        if draft.markdown == markdown and base in (None, draft.base):
            return draft
        title = _title(article_id, markdown, otherwise=draft.title)
        draft.write(markdown, title=title, by=by, at=now)
        if base is not None:
            draft.rebase(base, live)
    keep_step(work, draft, RevisionState.DRAFT, by=by, now=now)
    show_unpublished(article, draft)
    return draft


def plan(
    work: Work,
    article: Article,
    markdown: str,
    *,
    publish_at: datetime,
    seen_revision: int | None = None,
    by: str,
    now: datetime,
) -> Article:
    """Keep a text whose front matter names a later time as the article's scheduled draft.

    The same text at the same time again changes nothing. Returns the article, which customers get
    as before. Raises EditConflict and AlreadyExists as `webapp.db.articles.Articles.put` does,
    BadSchedule, and BadArticle when somebody works on another draft of it.
    """
    known = work.articles.must_have_seen(article.id, seen_revision)
    standing = work.drafts.find(article.id)
    if known and standing and (standing.markdown, standing.publish_at) == (markdown, publish_at):
        return known
    if standing is not None:
        message = (
            f"it is to be published later, but {standing.author} has a draft of this article: "
            "publish or discard that first."
        )
        raise BadArticle([Problem(article.id, message)])
    draft = new_draft(article.id, markdown, title=article.title, by=by, now=now)
    draft.schedule(publish_at, by=by, at=now)
    if known is None:
        known = begin_unpublished(work, article, by=by, now=now)
    draft.base = known.revision
    work.drafts.add(draft)
    keep_step(work, draft, RevisionState.SCHEDULED, by=by, now=now)
    audit_schedule(work, draft, by=by, now=now)
    return known


def submit(
    work: Work, article_id: str, *, seen_version: int, by: str, reason: str | None, now: datetime
) -> Draft:
    """Ask for a review; raises ArticleNotFound, DraftNotFound, DraftMoved, DraftLocked, LiveMoved,
    and BadArticle for what could not be published."""
    article, draft = _locked(work, article_id, seen_version)
    draft.must_start_from(work.articles.live_text(article))
    must_fit(readable(draft), source=draft.markdown, live=article)
    draft.submit(by=by, at=now, reason=reason)
    _done(work, article, draft, RevisionState.REVIEW, "submitted", by=by, now=now)
    return draft


def withdraw(
    work: Work, article_id: str, *, seen_version: int, by: str, reason: str | None, now: datetime
) -> Draft:
    """Take a draft back out of review or off the schedule; raises NotInReview besides the errors
    of `submit`."""
    article, draft = _locked(work, article_id, seen_version)
    draft.withdraw(by=by, at=now, reason=reason)
    _done(work, article, draft, RevisionState.WITHDRAWN, "withdrawn", by=by, now=now)
    return draft


def reject(
    work: Work, article_id: str, *, seen_version: int, by: str, reason: str, now: datetime
) -> Draft:
    """Give a draft back to its writer; raises NotInReview and ReasonMissing besides the errors of
    `submit`."""
    article, draft = _locked(work, article_id, seen_version)
    draft.reject(by=by, at=now, reason=reason)
    _done(work, article, draft, RevisionState.REJECTED, "rejected", by=by, now=now)
    return draft


def discard(
    work: Work, article_id: str, *, seen_version: int, by: str, reason: str | None, now: datetime
) -> None:
    """Give a draft up; an article that was never live goes with it. The texts stay among the
    revisions. Raises ArticleNotFound, DraftNotFound, DraftMoved."""
    article, draft = _locked(work, article_id, seen_version)
    draft.reason = reason
    keep_step(work, draft, RevisionState.DISCARDED, by=by, now=now)
    work.drafts.remove(draft)
    if article.revision == 0:
        work.articles.remove_unpublished(article)
    work.audit.add("article.draft_discarded", f"article:{article_id}", actor=by, now=now)


def readable(draft: Draft, *, zone: tzinfo = HOME) -> Article:
    """The article that a draft would make; raises BadArticle with every problem. `zone` is that of
    a time that names none."""
    return read_draft(draft.article_id, draft.markdown, zone=zone)


def read_draft(article_id: str, markdown: str, *, zone: tzinfo = HOME) -> Article:
    """A text as this article; raises BadArticle, also for a text that names another one."""
    article = read_article(markdown, file=f"{article_id}.md", zone=zone)
    if article.id != article_id:
        message = (
            f"`id` says {article.id!r}, this article is {article_id!r}: leave the id as it is."
        )
        raise BadArticle([Problem(f"{article_id}.md", message, 2)])
    return article


def read_unsaved(article_id: str | None, markdown: str, *, zone: tzinfo) -> Article:
    """A text that is being written: of this article, or of one that has no id yet.

    Raises BadArticle with everything that is wrong with it.
    """
    if article_id is None:
        return read_article(markdown, file="new-article.md", zone=zone)
    return read_draft(article_id, markdown, zone=zone)


def problems_in(draft: Draft, live: Article) -> tuple[Problem, ...]:
    """What has to be mended before a draft of this article can be submitted."""
    try:
        must_fit(readable(draft), source=draft.markdown, live=live)
    except BadArticle as error:
        return error.problems
    return ()


def new_draft(article_id: str, markdown: str, *, title: str, by: str, now: datetime) -> Draft:
    """The first draft of a text, not kept yet."""
    return Draft(
        article_id=article_id,
        markdown=markdown,
        title=title,
        author=by,
        written_at=now,
        step_by=by,
        step_at=now,
    )


def _locked(work: Work, article_id: str, seen_version: int) -> tuple[Article, Draft]:
    article = work.articles.lock(article_id)
    draft = work.drafts.get(article_id)
    draft.must_be(seen_version)
    return article, draft


def _done(
    work: Work,
    article: Article,
    draft: Draft,
    state: RevisionState,
    action: str,
    *,
    by: str,
    now: datetime,
) -> None:
    keep_step(work, draft, state, by=by, now=now)
    show_unpublished(article, draft)
    detail = {"version": str(draft.version)}
    work.audit.add(f"article.{action}", f"article:{article.id}", actor=by, detail=detail, now=now)


def keep_step(work: Work, draft: Draft, state: RevisionState, *, by: str, now: datetime) -> None:
    """Write down among the revisions what was done with a draft, and the text as it stands."""
    work.revisions.add(
        draft.article_id,
        state,
        draft.markdown,
        title=draft.title,
        author=draft.author,
        by=by,
        at=now,
        reason=None if state is RevisionState.DRAFT else draft.reason,
    )


def begin_unpublished(work: Work, article: Article, *, by: str, now: datetime) -> Article:
    """Keep an article that has nothing but a draft; raises AlreadyExists."""
    known = Article(id=article.id, title=article.title, body="", brand_id=article.brand_id)
    known.status, known.updated_at, known.updated_by = ArticleStatus.DRAFT, now, by
    _show_place(known, article)
    return work.articles.begin(known)


def show_unpublished(article: Article, draft: Draft) -> None:
    """An article that was never live is listed under what its draft says."""
    if article.revision:
        return
    article.status = (
        ArticleStatus.REVIEW if draft.state is DraftState.REVIEW else ArticleStatus.DRAFT
    )
    article.title = draft.title
    article.updated_at, article.updated_by = draft.written_at, draft.author
    with suppress(BadArticle):  # it stays where it was until its text can be read
        _show_place(article, readable(draft))


def _show_place(article: Article, text: Article) -> None:
    article.category, article.product, article.brand_id = text.category, text.product, text.brand_id
    article.versions, article.channels, article.tags = text.versions, text.channels, text.tags


def audit_schedule(work: Work, draft: Draft, *, by: str, now: datetime) -> None:
    """Write down for the audit that a draft waits for its time."""
    detail = {"publish_at": draft.publish_at.isoformat() if draft.publish_at else ""}
    subject = f"article:{draft.article_id}"
    work.audit.add("article.scheduled", subject, actor=by, detail=detail, now=now)


def _title(article_id: str, markdown: str, *, otherwise: str) -> str:
    """The text's title, cut to what is kept; `otherwise` while the text cannot be read."""
    try:
        title = read_article(markdown, file=f"{article_id}.md").title
    except BadArticle:
        title = otherwise
    return title[:300]
