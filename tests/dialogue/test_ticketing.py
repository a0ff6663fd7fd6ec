from __future__ import annotations

import pytest

from dialogue import ticketing
from dialogue.events import EventKind
from dialogue.turn import TicketDraft
from handoff.errors import TicketNotFound
from handoff.ticket import TicketStatus
from tests.fakes import NOW, MemoryDesk

DRAFT = TicketDraft(kind="question", title="发票", fields={"order_id": "1"})


def test_a_ticket_can_stand_on_its_own() -> None:
    memory = MemoryDesk()
    ticket = ticketing.open_ticket(DRAFT, created_by="ana", desk=memory.desk, now=NOW)
    assert (ticket.id, ticket.conversation_id, ticket.created_by) == (1, None, "ana")
    assert memory.events[-1].kind is EventKind.TICKET_CREATED


def test_a_change_keeps_the_assignee_unless_one_is_given() -> None:
    memory = MemoryDesk()
    ticketing.open_ticket(DRAFT, desk=memory.desk, now=NOW)
    for assignee, status in ((5, TicketStatus.PROCESSING), (None, TicketStatus.RESOLVED)):
        ticket = ticketing.change_ticket(1, status, assignee_id=assignee, desk=memory.desk, now=NOW)
    assert (ticket.status, ticket.assignee_id) == (TicketStatus.RESOLVED, 5)
    assert memory.events[-1].kind is EventKind.TICKET_UPDATED


def test_an_unknown_ticket_is_not_found() -> None:
    with pytest.raises(TicketNotFound):
        ticketing.change_ticket(
            9, TicketStatus.NEW, assignee_id=None, desk=MemoryDesk().desk, now=NOW
        )
