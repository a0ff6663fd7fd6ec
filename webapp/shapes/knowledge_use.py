"""How articles serve, and what customers thought of answers."""

from __future__ import annotations

from datetime import datetime

from webapp.shapes.wire import Wire


class FeedbackOut(Wire):
    """What a customer thought of one answer."""

    message_id: int
    helpful: bool


class HeadingUseOut(Wire):
    """How often one heading answered since the moment asked for."""

    article_id: str
    heading: str
    answers: int
    helpful: int
    unhelpful: int
    last_at: datetime


class DayUseOut(Wire):
    """The answers of one day, in UTC."""

    day: str
    answers: int
    unhelpful: int


class KnowledgeUseOut(Wire):
    """Use by heading, the most used first; `days` only where one article was asked for."""

    since: datetime
    items: list[HeadingUseOut]
    days: list[DayUseOut]


class JudgedSourceOut(Wire):
    """A passage that an answer was made of."""

    article_id: str
    heading: str


class JudgedAnswerOut(Wire):
    """An answer that a customer judged; personal numbers are masked."""

    message_id: int
    conversation_id: str
    question: str | None
    answer: str
    sources: list[JudgedSourceOut]
    helpful: bool
    at: datetime


class JudgedAnswersOut(Wire):
    """Judged answers, the latest first."""

    items: list[JudgedAnswerOut]
