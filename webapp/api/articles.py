"""Knowledge: list, read, write and search articles."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Blueprint
from pydantic import Field

from knowledge.article import ArticleStatus, Scope
from knowledge.loader import read_article
from webapp.api.checks import must_be_free_to_publish
from webapp.api.fields import SOURCE_BYTES, NewArticleId, Source, Why
from webapp.api.publish_gate import must_pass_tests
from webapp.api.ready import knowledge, publisher, told_from
from webapp.auth.session import required_staff
from webapp.current import now, services, today
from webapp.db.types import BIGGEST_ID
from webapp.errors import InvalidInput, TitleMissing
from webapp.live import must_fit
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.articles import (
    ArticleDetail,
    ArticleOut,
    ArticlesOut,
    SearchOut,
)
from webapp.wire import search_out
from webapp.wire_articles import article_detail, article_out

bp = Blueprint("api_articles", __name__)
route = Operations(bp)

_UNSAFE = re.compile(r"[^\w.\-]+")
_UNTITLED = "article"


class ArticlesQuery(Query):
    """Which articles; archived ones only when asked for."""

    status: ArticleStatus | None = None


class SearchQuery(Query):
    """What is asked, and within which product and version."""

    q: str = Field(min_length=1, max_length=1000)
    product: str | None = Field(default=None, max_length=100)
    version: str | None = Field(default=None, max_length=100)
    channel: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=5, ge=1, le=50)


class ArticleIn(Body):
    """A new article as Markdown with front matter; `id` where the front matter has none."""

    markdown: Source
    id: NewArticleId | None = None
    override: Why | None = None


class ArticleChange(Body):
    """A new text of an article; `revision` is the one that the editor started from."""

    markdown: Source
    revision: int | None = Field(default=None, ge=1, le=BIGGEST_ID)
    override: Why | None = None


class ArchiveQuery(Query):
    """Why the article is taken out of service."""

    reason: Why | None = None


@route("GET", "/api/v1/articles", query=ArticlesQuery, answers={200: ArticlesOut})
def list_articles(query: ArticlesQuery) -> Answered:
    """Articles by title"""
    with services().db.read() as work:
        articles = work.articles.list(status=query.status)
        drafts = work.drafts.of(article.id for article in articles)
        return ArticlesOut(
            items=[article_out(a, today=today(), draft=drafts.get(a.id)) for a in articles]
        )


@route("GET", "/api/v1/articles/search", query=SearchQuery, answers={200: SearchOut})
def search(query: SearchQuery) -> Answered:
    """What the bot would use to answer, best first, and whether it would answer at all"""
    scope = Scope(product=query.product, version=query.version, channel=query.channel)
    found = knowledge()
    answer = found.search(query.q, scope=scope, limit=query.limit, now=now())
    return search_out(answer, min_score=found.min_score, told_from=told_from(query.q))


@route("GET", "/api/v1/articles/<article_id>", answers={200: ArticleDetail})
def show_article(article_id: str) -> Answered:
    """One article with its Markdown source"""
    return detail(article_id)


@route(
    "POST",
    "/api/v1/articles",
    body=ArticleIn,
    answers={201: ArticleDetail},
    problems=(409,),
    max_bytes=SOURCE_BYTES,
)
def create_article(body: ArticleIn) -> Answered:
    """Publish a new article"""
    must_be_free_to_publish()
    article = read_article(
        body.markdown,
        file=f"{body.id or named_after(body.markdown)}.md",
        zone=services().settings.zone,
    )
    must_fit(article, source=body.markdown)
    must_pass_tests(article, override=body.override)
    publisher().publish(
        article,
        markdown=body.markdown,
        by=required_staff().name,
        seen_revision=0,  # none was seen: an article that is there already is not overwritten
        now=now(),
    )
    return detail(article.id)


@route(
    "PUT",
    "/api/v1/articles/<article_id>",
    body=ArticleChange,
    answers={200: ArticleDetail},
    problems=(409,),
    max_bytes=SOURCE_BYTES,
)
def change_article(article_id: str, body: ArticleChange) -> Answered:
    """Publish a new text of an article; 409 EditConflict when somebody else was faster"""
    must_be_free_to_publish()
    with services().db.read() as work:
        known = work.articles.get(article_id)
    article = read_article(body.markdown, file=f"{article_id}.md", zone=services().settings.zone)
    if article.id != article_id:
        raise InvalidInput(
            f"The front matter says id {article.id!r}, this article is {article_id!r}: "
            "leave the id as it is, or add a new article."
        )
    article = replace(article, brand_id=known.brand_id)
    must_fit(article, source=body.markdown, live=known)
    must_pass_tests(article, override=body.override)
    publisher().publish(
        article,
        markdown=body.markdown,
        by=required_staff().name,
        seen_revision=body.revision,
        now=now(),
    )
    return detail(article_id)


@route(
    "DELETE",
    "/api/v1/articles/<article_id>",
    query=ArchiveQuery,
    answers={200: ArticleOut},
    problems=(409,),
)
def archive_article(article_id: str, query: ArchiveQuery) -> Answered:
    """Take an article out of service; it is kept"""
    publisher().archive(article_id, by=required_staff().name, reason=query.reason, now=now())
    return detail(article_id)


def detail(article_id: str) -> ArticleDetail:
    """One article as it stands now; raises ArticleNotFound."""
    with services().db.read() as work:
        return article_detail(work, work.articles.get(article_id), today=today())


def named_after(markdown: str) -> str:
    """A name for a new article without an id: its title, which the front matter may hold."""
    article = read_article(markdown, file=f"{_UNTITLED}.md")
    if article.title == _UNTITLED:
        raise TitleMissing("The article has no title: write one behind `title:`, or a heading.")
    return _UNSAFE.sub("-", article.title).strip("-.")[:80] or _UNTITLED
