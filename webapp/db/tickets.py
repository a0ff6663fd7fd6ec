"""Tickets: kept, listed, locked for change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.errors import TicketNotFound
from handoff.ticket import Ticket, TicketStatus
from webapp.db import tables
from webapp.records import Page

_t = tables.tickets.c


class SqlTickets:
    """Keeps `dialogue.stores.Tickets`' promise, and lists tickets for staff."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, ticket_id: int) -> Ticket:
        """The ticket, locked until the transaction ends; raises TicketNotFound."""
        query = select(Ticket).where(_t.id == ticket_id).with_for_update()
        found = self._session.scalars(query).one_or_none()
        if found is None:
            raise TicketNotFound(str(ticket_id))
        return found

    def find(self, ticket_id: int) -> Ticket:
        """The ticket as it is, not locked; raises TicketNotFound."""
        found = self._session.get(Ticket, ticket_id)
        if found is None:
            raise TicketNotFound(str(ticket_id))
        return found

    def add(self, ticket: Ticket) -> None:
        """Keep a new ticket and give it its id."""
        self._session.add(ticket)
        self._session.flush()

    def of_conversation(self, conversation_id: str) -> list[Ticket]:
        """The tickets that came out of one conversation, oldest first."""
        query = select(Ticket).where(_t.conversation_id == conversation_id).order_by(_t.id)
        return list(self._session.scalars(query))

    def list(
        self,
        *,
        status: TicketStatus | None = None,
        assignee_id: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Ticket]:
        """One page of tickets, newest first; a cursor that is not ours raises ValueError."""
        query = select(Ticket).order_by(_t.id.desc()).limit(limit + 1)
        if status is not None:
            query = query.where(_t.status == status)
        if assignee_id is not None:
            query = query.where(_t.assignee_id == assignee_id)
        if cursor is not None:
            query = query.where(_t.id < int(cursor))
        found = tuple(self._session.scalars(query))
        following = str(found[limit - 1].id) if len(found) > limit else None
        return Page(found[:limit], following)
