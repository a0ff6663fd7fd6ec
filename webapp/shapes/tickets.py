"""Tickets."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from handoff.ticket import TicketStatus
from webapp.shapes.staff import PersonOut
from webapp.shapes.wire import Wire


class TicketOut(Wire):
    """One ticket."""

    id: int
    title: str
    kind: str
    body: str
    status: TicketStatus
    conversation_id: str | None = None
    contact_id: int | None = None
    order_id: str | None = None
    assignee: PersonOut | None = None
    created_by: str
    fields: dict[str, str] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime | None = None
    resolved_at: datetime | None = None


class TicketsOut(Wire):
    """One page of tickets; `next_cursor` null means that there are no more."""

    items: list[TicketOut]
    next_cursor: str | None
