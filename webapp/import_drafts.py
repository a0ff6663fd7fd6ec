"""Articles of an import that do not go live at once: drafts, for a reviewer or to be mended."""

from __future__ import annotations

from datetime import datetime

from knowledge.article import Article
from knowledge.draft import Draft, DraftState
from knowledge.errors import BadArticle, Problem
from knowledge.revision import RevisionState
from webapp.db.work import Work
from webapp.editing import begin_unpublished, keep_step, new_draft, show_unpublished


def keep_draft(
    work: Work,
    article: Article,
    markdown: str,
    *,
    failure: str | None,
    reason: str | None = None,
    by: str,
    now: datetime,
) -> Draft:
    """Keep an imported text as the article's draft: for a reviewer, or to be mended when tests
    speak against it, which `failure` says.

    A draft of the importer's own is replaced, also one that waits for a review; its text stays
    among the revisions. Raises BadArticle when somebody else works on a draft, or when one has its
    time: nothing is overwritten.
    """
    known = work.articles.must_have_seen(article.id, None)
    draft = work.drafts.find(article.id)
    if draft is not None:
        _must_be_own(draft, by)
        if failure and (draft.markdown, draft.failure) == (markdown, failure):
            return draft
        if draft.state is DraftState.REVIEW:
            draft.withdraw(by=by, at=now)
        draft.write(markdown, title=article.title, by=by, at=now)
    else:
        draft = new_draft(article.id, markdown, title=article.title, by=by, now=now)
    if known is None:
        known = begin_unpublished(work, article, by=by, now=now)
    draft.base = known.revision
    if failure is None:
        draft.submit(by=by, at=now, reason=reason)
    else:
        draft.failure = failure
    if work.drafts.find(article.id) is None:
        work.drafts.add(draft)
    state = RevisionState.DRAFT if failure else RevisionState.REVIEW
    keep_step(work, draft, state, by=by, now=now)
    show_unpublished(known, draft)
    return draft


def settle_own(work: Work, article_id: str, markdown: str, *, by: str) -> None:
    """Forget the draft of a text that this import makes live: the same text, or one of the
    importer's that tests held up and nobody has touched since."""
    draft = work.drafts.find(article_id)
    if draft is None or draft.author != by or draft.state is not DraftState.DRAFT:
        return
    if draft.markdown == markdown or (draft.failure and draft.publish_at is None):
        work.drafts.remove(draft)


def waits_already(draft: Draft | None, markdown: str) -> bool:
    """Whether a reviewer has this very text before him."""
    return draft is not None and draft.state is DraftState.REVIEW and draft.markdown == markdown


def _must_be_own(draft: Draft, by: str) -> None:
    if draft.author != by:
        message = (
            f"{draft.author} works on a draft of this article, which was left as it is; publish or"
            " discard that, then import again."
        )
        raise BadArticle([Problem(draft.article_id, message)])
    if draft.state is DraftState.SCHEDULED:
        message = (
            "a draft of this article has its time already and was left as it is; withdraw that,"
            " then import again."
        )
        raise BadArticle([Problem(draft.article_id, message)])
