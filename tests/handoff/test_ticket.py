from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.errors import TicketClosed
from handoff.ticket import Ticket, TicketStatus
from tests.fakes import NOW


def make_ticket() -> Ticket:
    return Ticket(title="退货", created_at=NOW)


def test_a_started_ticket_has_its_agent() -> None:
    ticket = make_ticket()
    ticket.start(agent_id=3, now=NOW)
    assert (ticket.status, ticket.assignee_id) == (TicketStatus.PROCESSING, 3)


def test_a_resolved_ticket_cannot_be_started() -> None:
    ticket = make_ticket()
    ticket.resolve(now=NOW)
    with pytest.raises(TicketClosed, match="reopen"):
        ticket.start(agent_id=3, now=NOW)


def test_resolving_twice_keeps_the_first_time() -> None:
    ticket = make_ticket()
    ticket.resolve(now=NOW)
    ticket.resolve(now=NOW + timedelta(hours=1))
    assert ticket.resolved_at == NOW


def test_an_outside_system_may_reopen_a_ticket() -> None:
    ticket = make_ticket()
    ticket.move_to(TicketStatus.RESOLVED, now=NOW)
    ticket.move_to(TicketStatus.NEW, now=NOW)
    assert (ticket.status, ticket.resolved_at) == (TicketStatus.NEW, None)
