"""Groups of questions without an answer, and what agents propose."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from webapp.learning_records import GapState, ProposalState
from webapp.shapes.wire import Wire


class NearestOut(Wire):
    """The passage that comes nearest to answering, with the search's score in [0, 1]."""

    article_id: str
    title: str
    heading: str
    score: float


class GapOut(Wire):
    """Questions that mean the same. `weeks` counts them by week, the latest last; `handed_over`
    are conversations that a person had to take; `reasons` counts why there was no good answer."""

    id: int
    name: str
    state: GapState
    size: int
    handed_over: int
    weeks: list[int]
    reasons: dict[str, int]
    first_at: datetime | None
    last_at: datetime | None
    until: datetime | None = None
    article_id: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    nearest: NearestOut | None = None


class GapsOut(Wire):
    """Groups, those first that cost most; `waiting` counts questions that are in none yet (200 at
    most): the worker takes them in every few minutes, `POST …/refresh` at once."""

    items: list[GapOut]
    waiting: int = 0


class GapQuestionOut(Wire):
    """One question as it was asked, without personal numbers."""

    message_id: int
    conversation_id: str
    text: str
    reason: str
    asked_at: datetime


class GapReplyOut(Wire):
    """What an agent said about it, without personal numbers."""

    message_id: int
    text: str


class GapDetail(GapOut):
    """A group with its questions, and what agents said in those conversations."""

    questions: list[GapQuestionOut]
    replies: list[GapReplyOut]
    near: list[NearestOut] = Field(default_factory=list)


class GapsRefreshed(Wire):
    """How many questions came in."""

    questions: int


class DraftMade(Wire):
    """The draft that was written."""

    article_id: str
    title: str
    version: int


class ProposalOut(Wire):
    """Knowledge that an agent took out of his own replies."""

    id: int
    conversation_id: str
    message_ids: list[int]
    question: str
    answer: str
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    reason: str | None = None
    article_id: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


class ProposalsOut(Wire):
    """Proposals, the latest first."""

    items: list[ProposalOut]
