"""Ask a text that is not live yet: what would be answered if it were."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint
from pydantic import Field

from knowledge.article import Article, ArticleStatus, Scope
from webapp.api.fields import SOURCE_BYTES, NewArticleId, Source
from webapp.api.ready import knowledge, knowledge_tests, told_from
from webapp.current import now, services
from webapp.editing import read_unsaved
from webapp.operations import Answered, Body, Operations
from webapp.shapes.articles import DraftSearchOut
from webapp.wire import search_out

bp = Blueprint("api_ask", __name__)
route = Operations(bp)


class AskIn(Body):
    """What is asked, of which text; `id` is that of the article that it belongs to, if any."""

    q: str = Field(min_length=1, max_length=1000)
    markdown: Source
    id: NewArticleId | None = None
    product: str | None = Field(default=None, max_length=100)
    version: str | None = Field(default=None, max_length=100)
    channel: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=5, ge=1, le=50)


@route(
    "POST",
    "/api/v1/articles/ask",
    body=AskIn,
    answers={200: DraftSearchOut},
    max_bytes=SOURCE_BYTES,
)
def ask_draft(body: AskIn) -> Answered:
    """What would be answered if this text were live; nothing of it is, and it need not be saved"""
    text = _text(body)
    scope = Scope(
        brand_id=text.brand_id, product=body.product, version=body.version, channel=body.channel
    )
    today = now().astimezone(services().settings.zone)
    rehearsed = knowledge_tests().rehearse([text])
    answer = rehearsed.search(body.q, scope=scope, limit=body.limit, now=today)
    found = search_out(answer, min_score=knowledge().min_score, told_from=told_from(body.q))
    return DraftSearchOut(**dict(found), article_id=text.id)


def _text(body: AskIn) -> Article:
    """The text as it would be published; raises BadArticle with what is wrong with it."""
    text = read_unsaved(body.id, body.markdown, zone=services().settings.zone)
    with services().db.read() as work:
        there = work.articles.find(body.id) if body.id is not None else None
    brand_id = text.brand_id if there is None else there.brand_id
    return replace(text, brand_id=brand_id, status=ArticleStatus.PUBLISHED)
