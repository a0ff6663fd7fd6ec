"""The worker: sends each thing once or again later, ends idle talks, forgets what is old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dialogue import exchange
from dialogue.conversation import Conversation, Status
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.reason import Reason
from webapp.connectors.sending import CannotSend
from webapp.db.database import Database
from webapp.processes.worker import Worker
from webapp.records import OutboxItem

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Receiver:
    """Notes what it gets, and refuses the first so many times."""

    def __init__(self, *, refusals: int = 0) -> None:
        self.got: list[str] = []
        self.refusals = refusals

    def __call__(self, item: OutboxItem) -> None:
        if self.refusals:
            self.refusals -= 1
            raise CannotSend("the receiver answered 500")
        self.got.append(item.dedup_key)


def put(db: Database, *keys: str, group: str | None = None) -> None:
    """Something to send for each key."""
    with db.write() as work:
        for key in keys:
            work.outbox.add("note", {"key": key}, dedup_key=key, order_group=group, now=NOW)


def worker(db: Database, receiver: Receiver) -> Worker:
    return Worker(db, senders={"note": receiver}, clock=lambda: NOW)


def test_everything_is_sent_once_and_in_order(db: Database) -> None:
    receiver = Receiver()
    put(db, *(f"k{n}" for n in range(25)))

    assert worker(db, receiver).drain_outbox(NOW) == 25
    assert worker(db, receiver).drain_outbox(NOW) == 0
    assert receiver.got == [f"k{n}" for n in range(25)]


def test_what_was_refused_is_tried_again_later_and_holds_up_its_own_group_only(
    db: Database,
) -> None:
    receiver = Receiver(refusals=1)
    put(db, "a1", "a2", group="a")
    put(db, "b1", group="b")
    one = worker(db, receiver)

    one.drain_outbox(NOW)
    assert receiver.got == ["b1"]
    one.drain_outbox(NOW + timedelta(seconds=6))
    assert receiver.got == ["b1", "a1", "a2"]


def test_what_is_refused_for_ever_is_given_up(db: Database) -> None:
    receiver = Receiver(refusals=100)
    put(db, "k")
    one, now = worker(db, receiver), NOW
    for _ in range(12):
        one.drain_outbox(now)
        now += timedelta(days=1)

    assert receiver.refusals == 100 - 8


def test_a_row_leased_by_a_worker_that_died_is_sent_by_another(db: Database) -> None:
    put(db, "k")
    with db.write() as work:
        [leased] = work.outbox.lease("dead", now=NOW)
    receiver = Receiver()

    worker(db, receiver).drain_outbox(NOW + timedelta(seconds=59))
    assert receiver.got == []
    worker(db, receiver).drain_outbox(NOW + timedelta(seconds=61))
    assert receiver.got == [leased.dedup_key]


@pytest.fixture
def old_conversation(sqlite_db: Database) -> Iterator[str]:
    long_ago = NOW - timedelta(days=2)
    conversation = Conversation(created_at=long_ago, updated_at=long_ago)
    with sqlite_db.write() as work:
        exchange.open_conversation(conversation, greetings=(), desk=work.desk, now=long_ago)
    yield conversation.id


def test_a_talk_with_the_bot_in_which_nothing_is_said_ends(
    sqlite_db: Database, old_conversation: str
) -> None:
    assert worker(sqlite_db, Receiver()).close_idle(NOW) == 1
    assert worker(sqlite_db, Receiver()).close_idle(NOW) == 0
    with sqlite_db.read() as work:
        assert work.conversations.find(old_conversation).status is Status.RESOLVED


def test_a_customer_who_waits_for_a_person_is_never_sent_away(
    sqlite_db: Database, old_conversation: str
) -> None:
    turn = Turn(DialogueState(), handoff=HandoffRequest(Reason.ASKED_FOR_HUMAN))
    with sqlite_db.write() as work:
        exchange.request_human(old_conversation, turn, desk=work.desk, now=NOW - timedelta(days=2))

    assert worker(sqlite_db, Receiver()).close_idle(NOW) == 0


def test_old_events_are_forgotten_but_the_newest_is_kept(sqlite_db: Database) -> None:
    db = Database(sqlite_db.url, clock=lambda: NOW - timedelta(days=8))
    for _ in range(3):
        conversation = Conversation(created_at=NOW, updated_at=NOW)
        with db.write() as work:
            exchange.open_conversation(conversation, greetings=(), desk=work.desk, now=NOW)

    assert worker(sqlite_db, Receiver()).forget_old(NOW) == 2
    with sqlite_db.read() as work:
        assert [event.id for event in work.events.after(0)] == [3]
    db.dispose()


def test_failures_that_count_no_more_are_forgotten(sqlite_db: Database) -> None:
    long = timedelta(days=9)
    with sqlite_db.write() as work:
        for key, age in (("account:old", timedelta(days=3)), ("account:new", timedelta(hours=20))):
            work.login_failures.add(key, within=long, now=NOW - age)

    worker(sqlite_db, Receiver()).forget_old(NOW)

    with sqlite_db.read() as work:
        assert work.login_failures.count("account:old", within=long, now=NOW) == 0
        assert work.login_failures.count("account:new", within=long, now=NOW) == 1
