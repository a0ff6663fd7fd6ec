"""The use cases of a ticket: open one, move it on. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from dialogue.events import Event, EventKind
from dialogue.stores import Desk
from dialogue.turn import TicketDraft
from handoff.ticket import Ticket, TicketStatus


def open_ticket(
    draft: TicketDraft,
    *,
    conversation_id: str | None = None,
    created_by: str = "bot",
    desk: Desk,
    now: datetime,
) -> Ticket:
    """Open a ticket, for a conversation or on its own; raises ConversationNotFound."""
    contact_id, brand_id = None, "default"
    if conversation_id is not None:
        conversation = desk.conversations.get(conversation_id)
        contact_id, brand_id = conversation.contact_id, conversation.brand_id
    ticket = Ticket(
        title=draft.title,
        kind=draft.kind,
        body=draft.body,
        order_id=draft.order_id,
        fields=dict(draft.fields),
        conversation_id=conversation_id,
        contact_id=contact_id,
        brand_id=brand_id,
        created_by=created_by,
        created_at=now,
        updated_at=now,
    )
    desk.tickets.add(ticket)
    _ticket_event(EventKind.TICKET_CREATED, ticket, desk)
    return ticket


def change_ticket(
    ticket_id: int, status: TicketStatus, *, assignee_id: int | None, desk: Desk, now: datetime
) -> Ticket:
    """Move a ticket to a status, for a person or for an outside system.

    `assignee_id` None leaves the assignee alone. Raises TicketNotFound.
    """
    ticket = desk.tickets.get(ticket_id)
    ticket.move_to(status, now=now)
    if assignee_id is not None:
        ticket.assignee_id = assignee_id
    _ticket_event(EventKind.TICKET_UPDATED, ticket, desk)
    return ticket


def _ticket_event(kind: EventKind, ticket: Ticket, desk: Desk) -> None:
    desk.events.announce(Event(kind, ticket.conversation_id, ticket_id=ticket.id, internal=True))
