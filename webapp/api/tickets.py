"""Tickets: for staff, and for outside systems that move them on."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Blueprint
from pydantic import Field

from dialogue import ticketing
from dialogue.turn import TicketDraft
from handoff.ticket import Ticket, TicketStatus
from webapp.api.checks import must_be_at_desk, must_see
from webapp.api.fields import stripped
from webapp.auth.session import required_staff
from webapp.current import now, record, services
from webapp.db.types import BIGGEST_ID
from webapp.db.work import Work
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.staff import PersonOut
from webapp.shapes.tickets import TicketOut, TicketsOut
from webapp.wire import ticket_out

bp = Blueprint("api_tickets", __name__)
route = Operations(bp)

Title = Annotated[str, Field(min_length=1, max_length=300), stripped("The title is empty.")]
FieldName = Annotated[str, Field(min_length=1, max_length=64)]
FieldValue = Annotated[str, Field(max_length=2000)]


class TicketsQuery(Query):
    """Which tickets; newest first."""

    status: TicketStatus | None = None
    assignee: Literal["me", "any"] = "any"
    cursor: str | None = Field(default=None, pattern=r"^[0-9]{1,9}$")
    limit: int = Field(default=50, ge=1, le=200)


class TicketIn(Body):
    """A new ticket. With a conversation, `fields` left out are what the bot had found out."""

    title: Title
    kind: str = Field(default="question", min_length=1, max_length=64)
    body: str = Field(default="", max_length=10_000)
    conversation_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    order_id: str | None = Field(default=None, max_length=64)
    fields: dict[FieldName, FieldValue] | None = Field(default=None, max_length=50)


class TicketChange(Body):
    """What to change; what is left out stays."""

    status: TicketStatus | None = None
    assignee_id: int | None = Field(default=None, ge=1, le=BIGGEST_ID)


class TicketStatusIn(Body):
    """A status that an outside system (ERP) sets; `operator` says who there."""

    ticket_id: int = Field(ge=0, le=BIGGEST_ID)
    status: TicketStatus
    operator: str | None = Field(default=None, max_length=100)


@route("GET", "/api/v1/tickets", query=TicketsQuery, answers={200: TicketsOut})
def list_tickets(query: TicketsQuery) -> Answered:
    """Tickets, newest first"""
    me = required_staff().agent
    with services().db.read() as work:
        page = work.tickets.list(
            status=query.status,
            assignee_id=me.id if query.assignee == "me" else None,
            cursor=query.cursor,
            limit=query.limit,
        )
        return TicketsOut(
            items=[_shown(ticket, work) for ticket in page.items], next_cursor=page.next_cursor
        )


@route("POST", "/api/v1/tickets", body=TicketIn, answers={201: TicketOut}, problems=(404,))
def open_ticket(body: TicketIn) -> Answered:
    """Open a ticket, for a conversation or on its own"""
    if body.conversation_id is not None:
        must_see(body.conversation_id, required_staff().agent)
    with services().db.write() as work:
        known = _known(body.conversation_id, work)
        draft = TicketDraft(
            kind=body.kind,
            title=body.title,
            body=body.body,
            order_id=body.order_id or known.get("order_id"),
            fields=known if body.fields is None else body.fields,
        )
        ticket = ticketing.open_ticket(
            draft,
            conversation_id=body.conversation_id,
            created_by=required_staff().name,
            desk=work.desk,
            now=now(),
        )
        return _shown(ticket, work)


@route("GET", "/api/v1/tickets/<int:ticket_id>", answers={200: TicketOut})
def show_ticket(ticket_id: int) -> Answered:
    """One ticket"""
    with services().db.read() as work:
        return _shown(work.tickets.find(ticket_id), work)


@route("PUT", "/api/v1/tickets/<int:ticket_id>", body=TicketChange, answers={200: TicketOut})
def change_ticket(ticket_id: int, body: TicketChange) -> Answered:
    """Change status or assignee"""
    return _change(ticket_id, body.status, assignee_id=body.assignee_id)


@route("PUT", "/api/v1/tickets", body=TicketStatusIn, answers={200: TicketOut}, problems=(404,))
def change_ticket_by_id(body: TicketStatusIn) -> Answered:
    """Set a ticket's status, as an outside system does"""
    return _change(body.ticket_id, body.status, operator=body.operator)


def _change(
    ticket_id: int,
    status: TicketStatus | None,
    *,
    assignee_id: int | None = None,
    operator: str | None = None,
) -> TicketOut:
    me = required_staff()
    with services().db.write() as work:
        if assignee_id is not None:
            must_be_at_desk(assignee_id, work, field="assignee_id")
        before = work.tickets.find(ticket_id)
        ticket = ticketing.change_ticket(
            before.id or 0,
            status or before.status,
            assignee_id=assignee_id,
            desk=work.desk,
            now=now(),
        )
        record(
            work,
            "ticket.changed",
            f"ticket:{ticket.id}",
            actor=operator or me.email,
            staff_id=me.id,
            detail={"status": ticket.status.value},
        )
        return _shown(ticket, work)


def _known(conversation_id: str | None, work: Work) -> dict[str, str]:
    if conversation_id is None:
        return {}
    return dict(work.conversations.get(conversation_id).state.slots)


def _shown(ticket: Ticket, work: Work) -> TicketOut:
    masked = not required_staff().agent.oversees
    if ticket.assignee_id is None:
        return ticket_out(ticket, masked=masked)
    person = work.staff.get(ticket.assignee_id)
    return ticket_out(ticket, assignee=PersonOut(id=person.id, name=person.name), masked=masked)
