"""Event: what has happened to a conversation or ticket, in the order readers will see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kinds of event that are stored; typing and presence are not."""

    CONVERSATION_CREATED = "conversation.created"
    CONVERSATION_UPDATED = "conversation.updated"
    MESSAGE_CREATED = "message.created"
    CONVERSATION_RATED = "conversation.rated"
    TICKET_CREATED = "ticket.created"
    TICKET_UPDATED = "ticket.updated"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `internal` events are for staff only. The store adds the payload (the message or the
    conversation as the API shows it), the id and the time in the same transaction.
    """

    kind: EventKind
    conversation_id: str | None = None
    message_id: int | None = None
    ticket_id: int | None = None
    internal: bool = False
