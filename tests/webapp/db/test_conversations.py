"""Conversations, messages, inbox and events as the use cases write and read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dialogue import exchange, ticketing
from dialogue.conversation import (
    Button,
    Conversation,
    Holder,
    Message,
    Reply,
    Sender,
    Source,
    Status,
)
from dialogue.errors import ConversationNotFound
from dialogue.exchange import Incoming
from dialogue.state import DialogueState, FlowPosition
from dialogue.turn import HandoffRequest, TicketDraft, Turn
from handoff.agent import Agent, Role
from handoff.queue import URGENT_LEAD
from handoff.reason import Reason
from handoff.ticket import TicketStatus
from webapp.db import tables
from webapp.db.database import Database
from webapp.db.errors import EditConflict
from webapp.db.inbox import InboxFilter

NOW = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)


def opened(db: Database, *, at: datetime = NOW) -> str:
    """A new conversation with a greeting."""
    conversation = Conversation(created_at=at, updated_at=at)
    with db.write() as work:
        greeting = Reply("您好", buttons=(Button("查物流", "我的快递到哪了"),))
        exchange.open_conversation(conversation, greetings=(greeting,), desk=work.desk, now=at)
    return conversation.id


def said(db: Database, conversation_id: str, text: str, turn: Turn, *, number: int = 1) -> None:
    """The customer says something and the bot answers with a turn."""
    with db.read() as work:
        seen = work.conversations.find(conversation_id).turns
    with db.write() as work:
        exchange.receive(
            Incoming(conversation_id, text, f"m{number}"),
            turn=turn,
            seen_turns=seen,
            desk=work.desk,
            now=NOW,
        )


def queued(db: Database, *, at: datetime = NOW, reason: Reason = Reason.ASKED_FOR_HUMAN) -> str:
    """A conversation that waits for a person."""
    conversation_id = opened(db, at=at)
    turn = Turn(DialogueState(), (Reply("请稍等"),), HandoffRequest(reason))
    with db.write() as work:
        exchange.request_human(conversation_id, turn, desk=work.desk, now=at)
    return conversation_id


def agent(db: Database, name: str = "小王", role: Role = Role.AGENT) -> Agent:
    """An account that can claim conversations."""
    with db.write() as work:
        return work.staff.add(
            email=f"{name}@example.com", name=name, role=role, password_hash="x", now=NOW
        ).agent


def test_what_was_stored_comes_back_as_the_same_values(db: Database) -> None:
    conversation_id = opened(db)
    state = DialogueState(
        flow=FlowPosition("return", "run-1", asked="order_id", failures=1),
        slots={"order_id": "20260001"},
        verified_orders=("20260001",),
    )
    source = Source("returns", "退货", "七天无理由", 0.91)
    said(db, conversation_id, "退货", Turn(state, (Reply("可以退", sources=(source,)),)))

    with db.read() as work:
        conversation = work.conversations.find(conversation_id)
        messages = work.conversations.messages(conversation_id)

    assert conversation.state == state
    assert conversation.created_at == NOW
    assert [m.content for m in messages] == ["您好", "退货", "可以退"]
    assert [m.seq for m in messages] == [1, 2, 3]
    assert messages[0].buttons == (Button("查物流", "我的快递到哪了"),)
    assert messages[2].sources == (source,)
    assert messages[2].in_reply_to == 2


def test_the_same_client_msg_id_again_stores_nothing_twice(db: Database) -> None:
    conversation_id = opened(db)
    turn = Turn(DialogueState(), (Reply("好的"),))
    said(db, conversation_id, "退货", turn)

    with db.write() as work:
        again = exchange.receive(
            Incoming(conversation_id, "退货", "m1"),
            turn=turn,
            seen_turns=0,
            desk=work.desk,
            now=NOW,
        )

    assert again.repeated
    assert [m.content for m in again.replies] == ["好的"]
    with db.read() as work:
        assert len(work.conversations.messages(conversation_id)) == 3


def test_the_database_itself_refuses_a_second_message_with_the_same_id(db: Database) -> None:
    conversation_id = opened(db)
    said(db, conversation_id, "退货", Turn(DialogueState()))

    with pytest.raises(IntegrityError), db.write() as work:
        work.conversations.store(
            Message(
                conversation_id=conversation_id,
                seq=99,
                sender=Sender.CUSTOMER,
                content="退货",
                created_at=NOW,
                client_msg_id="m1",
            )
        )


def test_the_database_itself_refuses_a_second_active_assignee(db: Database) -> None:
    conversation_id, first, second = queued(db), agent(db, "甲"), agent(db, "乙")
    with db.write() as work:
        exchange.claim(conversation_id, agent=first, desk=work.desk, now=NOW)

    with pytest.raises(IntegrityError), db.write() as work:
        work.session.execute(
            tables.assignments.insert().values(
                conversation_id=conversation_id, staff_id=second.id, started_at=NOW
            )
        )


def test_an_exception_inside_the_block_undoes_everything(db: Database) -> None:
    conversation_id = opened(db)

    with pytest.raises(RuntimeError), db.write() as work:
        conversation = work.conversations.get(conversation_id)
        work.conversations.store(conversation.post(Sender.BOT, Reply("不该留下"), now=NOW))
        raise RuntimeError

    with db.read() as work:
        assert len(work.conversations.messages(conversation_id)) == 1
        assert work.conversations.find(conversation_id).last_seq == 1


def test_an_unknown_conversation_is_not_found(db: Database) -> None:
    with db.read() as work, pytest.raises(ConversationNotFound):
        work.conversations.find("0" * 32)
    with db.write() as work, pytest.raises(ConversationNotFound):
        work.conversations.get("0" * 32)


def test_a_change_to_a_row_that_moved_is_an_edit_conflict(db: Database) -> None:
    conversation_id = opened(db)
    with db.read() as work:
        stale = work.conversations.find(conversation_id)
    said(db, conversation_id, "退货", Turn(DialogueState()))

    with pytest.raises(EditConflict), db.write() as work:
        work.session.add(stale)
        stale.locale = "en"


def test_positions_in_the_queue_follow_the_time_of_waiting(db: Database) -> None:
    late = queued(db, at=NOW + timedelta(minutes=2))
    early = queued(db, at=NOW)
    viewer = agent(db)

    with db.read() as work:
        page = work.inbox.list(InboxFilter(holder=Holder.QUEUE), viewer=viewer)
        counts = work.inbox.counts(viewer)

    assert [v.conversation.id for v in page.items] == [early, late]
    assert [v.queue_position for v in page.items] == [1, 2]
    assert (counts.queue, counts.mine) == (2, 0)


def test_what_is_urgent_stands_before_the_others_but_not_before_who_waits_very_long(
    db: Database,
) -> None:
    for_very_long = queued(db, at=NOW - URGENT_LEAD - timedelta(seconds=1))
    ordinary = queued(db, at=NOW - timedelta(minutes=5))
    later = queued(db, at=NOW + timedelta(minutes=2))
    urgent = queued(db, at=NOW, reason=Reason.URGENT)
    urgent_too = queued(db, at=NOW + timedelta(minutes=1), reason=Reason.URGENT)
    viewer = agent(db)

    with db.read() as work:
        page = work.inbox.list(InboxFilter(holder=Holder.QUEUE), viewer=viewer)

    assert [v.conversation.id for v in page.items] == [
        for_very_long,
        urgent,
        urgent_too,
        ordinary,
        later,
    ]
    assert [v.queue_position for v in page.items] == [1, 2, 3, 4, 5]


def test_what_is_urgent_goes_to_the_front_again_when_it_is_returned(db: Database) -> None:
    urgent, waiting, me = queued(db, reason=Reason.URGENT), queued(db), agent(db)
    with db.write() as work:
        exchange.claim(urgent, agent=me, desk=work.desk, now=NOW)
    with db.write() as work:
        exchange.return_to_queue(urgent, by=me, desk=work.desk, now=NOW + timedelta(minutes=1))

    with db.read() as work:
        page = work.inbox.list(InboxFilter(holder=Holder.QUEUE), viewer=me)
    assert [v.conversation.id for v in page.items] == [urgent, waiting]


def test_an_agent_sees_the_queue_and_own_conversations_a_supervisor_all(db: Database) -> None:
    with_the_bot, waiting, taken = opened(db), queued(db), queued(db)
    mine, other = agent(db, "甲"), agent(db, "乙")
    boss = agent(db, "主管", Role.SUPERVISOR)
    with db.write() as work:
        exchange.claim(taken, agent=mine, desk=work.desk, now=NOW)

    def seen_by(viewer: Agent) -> set[str]:
        with db.read() as work:
            page = work.inbox.list(InboxFilter(), viewer=viewer)
        return {v.conversation.id for v in page.items}

    assert seen_by(mine) == {waiting, taken}
    assert seen_by(other) == {waiting}
    assert seen_by(boss) == {with_the_bot, waiting, taken}
    with db.read() as work, pytest.raises(ConversationNotFound):
        work.inbox.view(taken, viewer=other)


def test_pages_of_the_inbox_hold_every_conversation_once(db: Database) -> None:
    reasons = (Reason.ASKED_FOR_HUMAN, Reason.URGENT)
    ids = {queued(db, at=NOW + timedelta(seconds=n // 2), reason=reasons[n % 2]) for n in range(7)}
    viewer = agent(db)

    for wanted in (InboxFilter(), InboxFilter(holder=Holder.QUEUE)):
        seen: list[str] = []
        cursor = None
        while True:
            with db.read() as work:
                page = work.inbox.list(wanted, viewer=viewer, cursor=cursor, limit=3)
            seen += [v.conversation.id for v in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == 7
        assert set(seen) == ids


def test_unread_counts_what_customers_said_since_the_mark(db: Database) -> None:
    conversation_id, viewer = queued(db), agent(db)
    for number in range(3):
        said(db, conversation_id, "在吗", Turn(DialogueState()), number=number)

    with db.write() as work:
        work.inbox.mark_read(conversation_id, staff_id=viewer.id, seq=3)
        work.inbox.mark_read(conversation_id, staff_id=viewer.id, seq=2)
    with db.read() as work:
        view = work.inbox.view(conversation_id, viewer=viewer)

    assert view.unread == 2
    assert view.last_message is not None
    assert view.last_message.content == "在吗"


def test_every_change_of_hands_leaves_one_assignment_row(db: Database) -> None:
    conversation_id, first, second = queued(db), agent(db, "甲"), agent(db, "乙")
    with db.write() as work:
        exchange.claim(conversation_id, agent=first, desk=work.desk, now=NOW)
    with db.write() as work:
        exchange.assign(conversation_id, to_agent_id=second.id, by=first, desk=work.desk, now=NOW)
    with db.write() as work:
        exchange.resolve(conversation_id, by=second, desk=work.desk, now=NOW)

    columns = tables.assignments.c
    with db.read() as work:
        rows = work.session.execute(
            select(columns.staff_id, columns.ended_at).order_by(columns.id)
        ).all()
    assert [row.staff_id for row in rows] == [first.id, second.id]
    assert all(row.ended_at is not None for row in rows)


def test_a_ticket_of_a_turn_is_stored_with_it_and_listed(db: Database) -> None:
    conversation_id = opened(db)
    draft = TicketDraft("return", "退货 20260001", order_id="20260001", fields={"reason": "太小"})
    said(db, conversation_id, "确认", Turn(DialogueState(), tickets=(draft,)))

    with db.read() as work:
        [ticket] = work.tickets.of_conversation(conversation_id)
        listed = work.tickets.list(status=TicketStatus.NEW)
    assert (ticket.order_id, ticket.fields) == ("20260001", {"reason": "太小"})
    assert [t.id for t in listed.items] == [ticket.id]

    with db.write() as work:
        assert ticket.id is not None
        ticketing.change_ticket(
            ticket.id, TicketStatus.RESOLVED, assignee_id=None, desk=work.desk, now=NOW
        )
    with db.read() as work:
        assert work.tickets.find(ticket.id).resolved_at == NOW


def test_rating_again_replaces_the_earlier_rating(db: Database) -> None:
    conversation_id = opened(db)
    for score in (2, 5):
        with db.write() as work:
            exchange.rate(conversation_id, score=score, desk=work.desk, now=NOW)

    with db.read() as work:
        rating = work.ratings.find(conversation_id)
    assert rating is not None
    assert rating.score == 5


def test_idle_conversations_are_those_of_the_bot_where_nobody_said_anything(
    db: Database,
) -> None:
    old = opened(db, at=NOW - timedelta(days=2))
    opened(db)
    queued(db, at=NOW - timedelta(days=2))

    with db.read() as work:
        assert work.conversations.idle_since(NOW - timedelta(days=1)) == [old]
        assert work.conversations.find(old).status is Status.PENDING
