"""The history of an article: every text, two of them side by side, and going back to one."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from webapp.api.articles import detail
from webapp.api.checks import must_be_free_to_bring_back
from webapp.api.fields import Why
from webapp.api.publish_gate import must_pass_tests, with_note
from webapp.api.ready import releases
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.db.types import BIGGEST_ID
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.articles import ArticleDetail
from webapp.shapes.drafts import DiffOut, RevisionDetail, RevisionsOut
from webapp.wire_articles import diff_out, revision_detail, revision_out, text_of

bp = Blueprint("api_revisions", __name__)
route = Operations(bp)

_ALL = "/api/v1/articles/<article_id>/revisions"
_SIDE = r"^(live|draft|[1-9][0-9]{0,8})$"


class RevisionsQuery(Query):
    """Which part of the history."""

    cursor: str | None = Field(default=None, pattern=r"^[1-9][0-9]{0,8}$")
    limit: int = Field(default=50, ge=1, le=200)


class DiffQuery(Query):
    """Which two texts: the number of a revision, `live` or `draft`."""

    old: str = Field(default="live", pattern=_SIDE, alias="from")
    new: str = Field(default="draft", pattern=_SIDE, alias="to")


class RestoreIn(Body):
    """Why the article is put into service again; `override` says why although tests of knowledge
    speak against it."""

    reason: Why | None = None
    override: Why | None = None


class RollBackIn(RestoreIn):
    """The same for an earlier text; `revision` is the live one that was looked at."""

    revision: int | None = Field(default=None, ge=1, le=BIGGEST_ID)


@route("GET", _ALL, query=RevisionsQuery, answers={200: RevisionsOut})
def list_revisions(article_id: str, query: RevisionsQuery) -> Answered:
    """What was done with an article: by whom, when and why, the newest first"""
    before = int(query.cursor) if query.cursor else None
    with services().db.read() as work:
        article = work.articles.get(article_id)
        page = work.revisions.page(article_id, before=before, limit=query.limit)
    return RevisionsOut(
        items=[revision_out(revision, article) for revision in page.items],
        next_cursor=page.next_cursor,
    )


@route("GET", f"{_ALL}/<int:number>", answers={200: RevisionDetail})
def show_revision(article_id: str, number: int) -> Answered:
    """One revision with its text"""
    with services().db.read() as work:
        article = work.articles.get(article_id)
        revision = work.revisions.get(article_id, number)
        markdown = work.revisions.markdown(article_id, number)
    return revision_detail(revision, article, markdown=markdown)


@route("GET", "/api/v1/articles/<article_id>/diff", query=DiffQuery, answers={200: DiffOut})
def compare_revisions(article_id: str, query: DiffQuery) -> Answered:
    """Two texts of an article side by side, with what changed within each line"""
    with services().db.read() as work:
        old, new = (text_of(work, article_id, name) for name in (query.old, query.new))
    return diff_out(old, new)


@route(
    "POST",
    f"{_ALL}/<int:number>/roll-back",
    body=RollBackIn,
    answers={200: ArticleDetail},
    problems=(409,),
)
def roll_back(article_id: str, number: int, body: RollBackIn) -> Answered:
    """Make the text of an earlier revision live again, as a new revision"""
    must_be_free_to_bring_back()
    text = releases().earlier_text(article_id, number)
    note = must_pass_tests(text, override=body.override)
    releases().roll_back(
        article_id,
        number,
        seen_revision=body.revision,
        by=required_staff().name,
        reason=with_note(body.reason, note),
        now=now(),
    )
    return detail(article_id)


@route(
    "POST",
    "/api/v1/articles/<article_id>/restore",
    body=RestoreIn,
    answers={200: ArticleDetail},
    problems=(409,),
)
def restore_article(article_id: str, body: RestoreIn) -> Answered:
    """Answer customers from an archived article again"""
    must_be_free_to_bring_back()
    note = must_pass_tests(releases().earlier_text(article_id), override=body.override)
    reason = with_note(body.reason, note)
    releases().restore(article_id, by=required_staff().name, reason=reason, now=now())
    return detail(article_id)
