"""How often each article answered customers, and what they thought of it: counted by the database.

A bot's message keeps the passages that it was made of; whoever wants to know how an article serves
need not read conversations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Select, String, Subquery, case, cast, func, select, true
from sqlalchemy.orm import Session, aliased

from dialogue.conversation import Sender
from webapp.db import tables
from webapp.db.work import Work

_m = tables.messages.c
_f = tables.message_feedback.c


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """How often a heading of an article answered, and the judgements of these answers."""

    article_id: str
    heading: str
    answers: int
    helpful: int
    unhelpful: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DayUse:
    """How many answers one day had (`day` as 2026-11-22, in UTC)."""

    day: str
    answers: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer that a customer judged, with the question it was given to."""

    message_id: int
    conversation_id: str
    question: str | None
    answer: str
    articles: tuple[tuple[str, str], ...]
    helpful: bool
    at: datetime


def use_by_heading(
    work: Work, *, since: datetime, article_id: str | None = None, limit: int = 1000
) -> list[ArticleUse]:
    """Use since a moment, by article and heading, the most used first."""
    used = _sources(work.session, since)
    last = func.max(used.c.created_at)
    query: Select[Any] = (
        select(used.c.article_id, used.c.heading, *_counts(), last.label("last_at"))
        .outerjoin(tables.message_feedback, _f.message_id == used.c.id)
        .group_by(used.c.article_id, used.c.heading)
        .order_by(func.count().desc(), used.c.article_id, used.c.heading)
        .limit(limit)
    )
    if article_id is not None:
        query = query.where(used.c.article_id == article_id)
    return [
        ArticleUse(row.article_id, row.heading or "", row.answers, *_votes(row), row.last_at)
        for row in work.session.execute(query)
    ]


def use_by_day(work: Work, article_id: str, *, since: datetime) -> list[DayUse]:
    """How often one article answered on each day on which it did, in order."""
    used = _sources(work.session, since)
    sqlite = work.session.get_bind().dialect.name == "sqlite"
    moment = used.c.created_at
    day = func.date(moment) if sqlite else cast(func.timezone("UTC", moment), Date)
    query = (
        select(cast(day, String).label("day"), *_counts())
        .outerjoin(tables.message_feedback, _f.message_id == used.c.id)
        .where(used.c.article_id == article_id)
        .group_by(day)
        .order_by(day)
    )
    return [DayUse(row.day, row.answers, _votes(row)[1]) for row in work.session.execute(query)]


def judged_answers(
    work: Work,
    *,
    helpful: bool | None = None,
    article_id: str | None = None,
    limit: int = 50,
) -> list[JudgedAnswer]:
    """Answers that customers judged, the latest judgement first."""
    asked = aliased(tables.messages)
    query = (
        select(
            _m.id, _m.conversation_id, _m.content, _m.sources, _f.helpful, _f.at,
            asked.c.content.label("question"),
        )
        .join(tables.message_feedback, _f.message_id == _m.id)
        .outerjoin(
            asked,
            (asked.c.conversation_id == _m.conversation_id) & (asked.c.seq == _m.in_reply_to),
        )
        .order_by(_f.at.desc(), _m.id.desc())
        .limit(limit)
    )  # fmt: skip
    if helpful is not None:
        query = query.where(_f.helpful.is_(helpful))
    if article_id is not None:
        used = _sources(work.session, None)
        query = query.where(_m.id.in_(select(used.c.id).where(used.c.article_id == article_id)))
    return [
        JudgedAnswer(
            message_id=row.id,
            conversation_id=row.conversation_id,
            question=row.question,
            answer=row.content,
            articles=tuple((source.article_id, source.heading) for source in row.sources),
            helpful=row.helpful,
            at=row.at,
        )
        for row in work.session.execute(query)
    ]


def _sources(session: Session, since: datetime | None) -> Subquery:
    """One row for each passage that a bot's message was made of."""
    if session.get_bind().dialect.name == "sqlite":
        source = func.json_each(tables.messages.c.sources).table_valued("value", name="source")
        article_id = func.json_extract(source.c.value, "$.article_id")
        heading = func.json_extract(source.c.value, "$.heading")
    else:
        source = func.json_array_elements(tables.messages.c.sources).table_valued(
            "value", name="source"
        )
        article_id = func.json_extract_path_text(source.c.value, "article_id")
        heading = func.json_extract_path_text(source.c.value, "heading")
    query = (
        select(
            _m.id,
            _m.created_at,
            article_id.label("article_id"),
            func.coalesce(heading, "").label("heading"),
        )
        .select_from(tables.messages.join(source, true()))
        .where(_m.sender == Sender.BOT)
    )
    if since is not None:
        query = query.where(_m.created_at >= since)
    return query.subquery("used")


def _counts() -> tuple[Any, ...]:
    return (
        func.count().label("answers"),
        func.sum(case((_f.helpful.is_(True), 1), else_=0)).label("helpful"),
        func.sum(case((_f.helpful.is_(False), 1), else_=0)).label("unhelpful"),
    )


def _votes(row: Any) -> tuple[int, int]:
    return int(row.helpful or 0), int(row.unhelpful or 0)
