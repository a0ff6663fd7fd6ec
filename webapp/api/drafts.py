"""Drafts of articles: write, submit, approve, reject, schedule, withdraw, discard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from flask import Blueprint
from pydantic import AwareDatetime, Field

from knowledge.draft import Draft, DraftState
from webapp import editing
from webapp.api.articles import detail, named_after
from webapp.api.checks import must_be_another, must_be_free_to_publish
from webapp.api.fields import SOURCE_BYTES, NewArticleId, Source, Why
from webapp.api.publish_gate import must_pass_tests, with_note
from webapp.api.ready import releases
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.db.types import BIGGEST_ID
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.articles import ArticleDetail
from webapp.shapes.drafts import DraftGone, DraftOut, DraftsOut
from webapp.wire_articles import draft_brief, draft_out

bp = Blueprint("api_drafts", __name__)
route = Operations(bp)

_ONE = "/api/v1/articles/<article_id>/draft"
Version = Annotated[int, Field(ge=1, le=BIGGEST_ID)]


class DraftsQuery(Query):
    """Which drafts: those that wait for a review, that are scheduled …"""

    state: DraftState | None = None


class NewArticleIn(Body):
    """The first draft of a new article; `id` where the front matter has none."""

    markdown: Source
    id: NewArticleId | None = None


class DraftIn(Body):
    """A text; `version` is that of the draft it was written from, 0 when there was none.

    `base_revision` is the live revision that the writer has seen last; left out, it is that which
    the draft had started from.
    """

    markdown: Source
    version: int = Field(ge=0, le=BIGGEST_ID)
    base_revision: int | None = Field(default=None, ge=0, le=BIGGEST_ID)


class StepIn(Body):
    """A step on the draft; `version` is the one that was looked at."""

    version: Version
    reason: Why | None = None


class RejectIn(Body):
    """What has to change before the draft can be approved."""

    version: Version
    reason: Why


class PublishIn(StepIn):
    """Publish now, or at a later time (with its time zone).

    `override` says why it is published although tests of knowledge speak against it.
    """

    publish_at: AwareDatetime | None = None
    override: Why | None = None


class DiscardQuery(Query):
    """Which version of the draft was looked at, and why it is given up."""

    version: Version
    reason: Why | None = None


@route("GET", "/api/v1/articles/drafts", query=DraftsQuery, answers={200: DraftsOut})
def list_drafts(query: DraftsQuery) -> Answered:
    """Drafts of all articles, whoever has waited longest first"""
    with services().db.read() as work:
        return DraftsOut(items=[draft_brief(d) for d in work.drafts.list(state=query.state)])


@route(
    "POST",
    "/api/v1/articles/drafts",
    body=NewArticleIn,
    answers={201: DraftOut},
    problems=(409,),
    max_bytes=SOURCE_BYTES,
)
def begin_article(body: NewArticleIn) -> Answered:
    """Begin an article with a draft that customers do not get"""
    article_id = body.id or named_after(body.markdown)
    by = required_staff().name
    with services().db.write() as work:
        draft = editing.begin_article(work, article_id, body.markdown, by=by, now=now())
        return draft_out(draft, work.articles.get(article_id))


@route("GET", _ONE, answers={200: DraftOut})
def show_draft(article_id: str) -> Answered:
    """The text that is being worked on, and what is wrong with it"""
    with services().db.read() as work:
        article = work.articles.get(article_id)
        return draft_out(work.drafts.get(article_id), article)


@route(
    "PUT",
    _ONE,
    body=DraftIn,
    answers={200: DraftOut},
    problems=(409,),
    max_bytes=SOURCE_BYTES,
)
def save_draft(article_id: str, body: DraftIn) -> Answered:
    """Save a text beside the live one; 409 with both sides when somebody else was faster"""
    with services().db.write() as work:
        draft = editing.save_draft(
            work,
            article_id,
            body.markdown,
            seen_version=body.version,
            base=body.base_revision,
            by=required_staff().name,
            now=now(),
        )
        return draft_out(draft, work.articles.get(article_id))


@route("DELETE", _ONE, query=DiscardQuery, answers={200: DraftGone}, problems=(409,))
def discard_draft(article_id: str, query: DiscardQuery) -> Answered:
    """Give a draft up; an article that was never live goes with it"""
    with services().db.write() as work:
        editing.discard(
            work,
            article_id,
            seen_version=query.version,
            by=required_staff().name,
            reason=query.reason,
            now=now(),
        )
        left = work.articles.find(article_id) is not None
    return DraftGone(article_id=article_id, article_left=left)


@route("POST", f"{_ONE}/submit", body=StepIn, answers={200: DraftOut}, problems=(409,))
def submit_draft(article_id: str, body: StepIn) -> Answered:
    """Ask for a review"""
    step = partial(editing.submit, reason=body.reason)
    return _take(step, article_id, body.version)


@route("POST", f"{_ONE}/withdraw", body=StepIn, answers={200: DraftOut}, problems=(409,))
def withdraw_draft(article_id: str, body: StepIn) -> Answered:
    """Take a draft back out of review or off the schedule"""
    step = partial(editing.withdraw, reason=body.reason)
    return _take(step, article_id, body.version)


@route("POST", f"{_ONE}/reject", body=RejectIn, answers={200: DraftOut}, problems=(409,))
def reject_draft(article_id: str, body: RejectIn) -> Answered:
    """Give a draft back to its writer with the reason"""
    step = partial(editing.reject, reason=body.reason)
    return _take(step, article_id, body.version)


@route("POST", f"{_ONE}/approve", body=PublishIn, answers={200: ArticleDetail}, problems=(409,))
def approve_draft(article_id: str, body: PublishIn) -> Answered:
    """Publish what was submitted, now or at a later time"""
    return _publish(article_id, body, reviewing=True)


@route("POST", f"{_ONE}/publish", body=PublishIn, answers={200: ArticleDetail}, problems=(409,))
def publish_draft(article_id: str, body: PublishIn) -> Answered:
    """Publish a draft without a review, now or at a later time"""
    must_be_free_to_publish()
    return _publish(article_id, body, reviewing=False)


def _take(step: Callable[..., Draft], article_id: str, version: int) -> DraftOut:
    """One of the steps of `webapp.editing`, by whoever asks."""
    with services().db.write() as work:
        by = required_staff().name
        draft = step(work, article_id, seen_version=version, by=by, now=now())
        return draft_out(draft, work.articles.get(article_id))


def _publish(article_id: str, body: PublishIn, *, reviewing: bool) -> ArticleDetail:
    with services().db.read() as work:
        draft = work.drafts.get(article_id)
        draft.must_be(body.version)
    if reviewing:
        must_be_another(draft.author)
    note = must_pass_tests(releases().draft_text(article_id), override=body.override)
    releases().publish_draft(
        article_id,
        seen_version=body.version,
        by=required_staff().name,
        reviewing=reviewing,
        publish_at=body.publish_at,
        reason=with_note(body.reason, note),
        now=now(),
    )
    return detail(article_id)
