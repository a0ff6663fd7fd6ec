"""Conversations as staff see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from dialogue.conversation import Holder, Status
from handoff.reason import Reason
from webapp.learning_records import ProposalState
from webapp.shapes.messages import MessageOut
from webapp.shapes.staff import PersonOut
from webapp.shapes.tickets import TicketOut
from webapp.shapes.wire import Wire


class HandoffOut(Wire):
    """Why a person was called, when, what they should know, and who suits."""

    reason: Reason
    at: datetime
    summary: str
    skill: str | None = None


class ContactOut(Wire):
    """The customer. Phone and e-mail are masked for roles that do not need them."""

    id: int
    identifier: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    verified: bool = False


class ConversationOut(Wire):
    """One conversation as staff see it in a list; the queue is in the order of `ranked_at`."""

    id: str
    status: Status
    holder: Holder
    assignee: PersonOut | None = None
    contact: ContactOut | None = None
    channel: str
    handoff: HandoffOut | None = None
    labels: list[str] = Field(default_factory=list)
    created_at: datetime
    updated_at: datetime
    queued_at: datetime | None = None
    ranked_at: datetime | None = None
    resolved_at: datetime | None = None
    locale: str = "zh"
    page: str | None = None
    last_seq: int = 0
    unread: int = 0
    queue_position: int | None = None
    last_message: MessageOut | None = None


class RatingOut(Wire):
    """What the customer thought of it, 1 to 5."""

    score: int
    comment: str | None = None
    created_at: datetime | None = None


class ArticleShown(Wire):
    """A passage that the customer was shown in this conversation."""

    id: str
    title: str
    heading: str = ""


class IntentSeen(Wire):
    """What the bot understood of one message."""

    name: str
    confidence: float | None = None
    seq: int | None = None


class ProposedOut(Wire):
    """What became of replies that were proposed as knowledge; `reason`: why they were refused."""

    message_ids: list[int]
    state: ProposalState
    reason: str | None
    proposed_by: str


class ConversationDetail(ConversationOut):
    """One conversation with everything that whoever takes over should know."""

    messages: list[MessageOut] = Field(default_factory=list)
    slots: dict[str, str] = Field(default_factory=dict)
    intents: list[IntentSeen] = Field(default_factory=list)
    articles: list[ArticleShown] = Field(default_factory=list)
    flow: str | None = None
    summary: str | None = None
    rating: RatingOut | None = None
    tickets: list[TicketOut] = Field(default_factory=list)
    proposed: list[ProposedOut] = Field(default_factory=list)


class CountsOut(Wire):
    """How many conversations wait, are mine, are held by people or by the bot."""

    queue: int
    mine: int
    open: int
    bot: int


class ConversationsOut(Wire):
    """One page of conversations; `next_cursor` null means that there are no more."""

    items: list[ConversationOut]
    next_cursor: str | None
    counts: CountsOut


class ReadOut(Wire):
    """How far somebody has read."""

    seq: int
