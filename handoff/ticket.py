"""Ticket: a piece of work that outlives the conversation it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handoff.errors import TicketClosed


class TicketStatus(StrEnum):
    """Where a ticket stands; the upper-case values are what outside programs send."""

    NEW = "NEW"
    PROCESSING = "PROCESSING"
    RESOLVED = "RESOLVED"


@dataclass(eq=False, kw_only=True)
class Ticket:
    """Work to be done for a customer.

    `kind` is a plain word from the pack (`return`, `complaint`, `question` …), `fields` what the
    conversation already knew (slot name to value). `id` is given by the store. Times are aware UTC.
    """

    title: str
    created_at: datetime
    kind: str = "question"
    body: str = ""
    status: TicketStatus = TicketStatus.NEW
    brand_id: str = "default"
    conversation_id: str | None = None
    contact_id: int | None = None
    order_id: str | None = None
    assignee_id: int | None = None
    created_by: str = "bot"
    fields: dict[str, str] = field(default_factory=dict)
    updated_at: datetime | None = None
    resolved_at: datetime | None = None
    id: int | None = None

    def start(self, *, agent_id: int, now: datetime) -> None:
        """Take the ticket into work; raises TicketClosed when it is resolved."""
        if self.status is TicketStatus.RESOLVED:
            raise TicketClosed(f"Ticket {self.id} is resolved; reopen it first.")
        self.status = TicketStatus.PROCESSING
        self.assignee_id = agent_id
        self.updated_at = now

    def resolve(self, *, now: datetime) -> None:
        """Close the ticket; closing twice changes nothing."""
        if self.status is TicketStatus.RESOLVED:
            return
        self.status = TicketStatus.RESOLVED
        self.resolved_at = self.updated_at = now

    def move_to(self, status: TicketStatus, *, now: datetime) -> None:
        """Set the status as an outside system (ERP) demands; reopening is allowed."""
        if status is TicketStatus.RESOLVED:
            self.resolve(now=now)
            return
        self.status = status
        self.resolved_at = None
        self.updated_at = now
