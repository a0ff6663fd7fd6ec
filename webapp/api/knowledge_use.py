"""How the articles serve: what answered customers how often, and what they thought of it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from pydantic import Field

from webapp.current import now, services
from webapp.masking import mask_text
from webapp.operations import Answered, Operations, Query
from webapp.reports.knowledge_use import judged_answers, use_by_day, use_by_heading
from webapp.shapes.knowledge_use import (
    DayUseOut,
    HeadingUseOut,
    JudgedAnswerOut,
    JudgedAnswersOut,
    JudgedSourceOut,
    KnowledgeUseOut,
)

bp = Blueprint("api_knowledge_use", __name__)
route = Operations(bp)


class UseQuery(Query):
    """Over how many days, and of which article alone."""

    days: int = Field(default=30, ge=1, le=730)
    article_id: str | None = Field(default=None, max_length=100)


class JudgedQuery(Query):
    """Which judgements, and of which article's answers."""

    helpful: bool | None = None
    article_id: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=50, ge=1, le=200)


@route("GET", "/api/v1/knowledge/use", query=UseQuery, answers={200: KnowledgeUseOut})
def show_use(query: UseQuery) -> Answered:
    """How often each article answered, by heading"""
    since = now() - timedelta(days=query.days)
    with services().db.read() as work:
        used = use_by_heading(work, since=since, article_id=query.article_id)
        days = use_by_day(work, query.article_id, since=since) if query.article_id else []
    return KnowledgeUseOut(
        since=since,
        items=[
            HeadingUseOut(
                article_id=use.article_id,
                heading=use.heading,
                answers=use.answers,
                helpful=use.helpful,
                unhelpful=use.unhelpful,
                last_at=use.last_at,
            )
            for use in used
        ],
        days=[DayUseOut(day=d.day, answers=d.answers, unhelpful=d.unhelpful) for d in days],
    )


@route("GET", "/api/v1/knowledge/feedback", query=JudgedQuery, answers={200: JudgedAnswersOut})
def list_feedback(query: JudgedQuery) -> Answered:
    """Answers that customers judged, the latest first"""
    with services().db.read() as work:
        judged = judged_answers(
            work, helpful=query.helpful, article_id=query.article_id, limit=query.limit
        )
    return JudgedAnswersOut(
        items=[
            JudgedAnswerOut(
                message_id=answer.message_id,
                conversation_id=answer.conversation_id,
                question=mask_text(answer.question) if answer.question else None,
                answer=mask_text(answer.answer),
                sources=[JudgedSourceOut(article_id=a, heading=h) for a, h in answer.articles],
                helpful=answer.helpful,
                at=answer.at,
            )
            for answer in judged
        ]
    )
