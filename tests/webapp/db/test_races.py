"""Many at once: no customer with two agents, no message twice, no event missed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from dialogue import exchange
from dialogue.conversation import Conversation, Holder, Reply, Sender
from dialogue.errors import StateMoved
from dialogue.exchange import Incoming, Received
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.agent import Agent, Role
from handoff.errors import AlreadyClaimed
from handoff.reason import Reason
from knowledge.loader import read_article
from webapp.db import tables
from webapp.db.database import Database
from webapp.db.errors import AlreadyExists
from webapp.db.events import ADVISORY_LOCK

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HAND_OVER = Turn(DialogueState(), (Reply("正在转接"),), HandoffRequest(Reason.ASKED_FOR_HUMAN))


def opened(db: Database) -> str:
    conversation = Conversation(created_at=NOW, updated_at=NOW)
    with db.write() as work:
        exchange.open_conversation(conversation, greetings=(), desk=work.desk, now=NOW)
    return conversation.id


def staffed(db: Database, count: int) -> list[Agent]:
    with db.write() as work:
        return [
            work.staff.add(
                email=f"{n}@x.cn", name=f"坐席{n}", role=Role.AGENT, password_hash="x", now=NOW
            ).agent
            for n in range(count)
        ]


def at_once(jobs: list[Callable[[], None]]) -> None:
    """Run jobs in as many threads, let loose together; the first exception is raised."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        gate.wait(timeout=30)
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result(timeout=120)


def test_of_eight_agents_who_grab_at_64_customers_each_customer_gets_one(
    db: Database,
) -> None:
    agents = staffed(db, 8)
    waiting = [opened(db) for _ in range(64)]
    for conversation_id in waiting:
        with db.write() as work:
            exchange.request_human(conversation_id, HAND_OVER, desk=work.desk, now=NOW)
    won: list[tuple[str, int]] = []

    def grab(agent: Agent) -> Callable[[], None]:
        def run() -> None:
            for conversation_id in waiting:
                try:
                    with db.write() as work:
                        exchange.claim(conversation_id, agent=agent, desk=work.desk, now=NOW)
                except AlreadyClaimed:
                    continue
                won.append((conversation_id, agent.id))

        return run

    at_once([grab(agent) for agent in agents])

    assert sorted(conversation_id for conversation_id, _ in won) == sorted(waiting)
    with db.read() as work:
        for conversation_id, agent_id in won:
            conversation = work.conversations.find(conversation_id)
            assert (conversation.holder, conversation.assignee_id) == (Holder.AGENT, agent_id)
        active = work.session.scalar(
            select(func.count()).where(tables.assignments.c.ended_at.is_(None))
        )
    assert active == len(waiting)


def test_one_message_sent_by_eight_threads_is_stored_and_answered_once(db: Database) -> None:
    conversation_id = opened(db)
    turn = Turn(DialogueState(), (Reply("好的"),))
    results: list[Received] = []

    def send() -> None:
        with db.write() as work:
            results.append(
                exchange.receive(
                    Incoming(conversation_id, "退货", "m1"),
                    turn=turn,
                    seen_turns=0,
                    desk=work.desk,
                    now=NOW,
                )
            )

    at_once([send] * 8)

    assert len({r.message.id for r in results}) == 1
    assert sum(not r.repeated for r in results) == 1
    with db.read() as work:
        assert [m.content for m in work.conversations.messages(conversation_id)] == ["退货", "好的"]


def test_of_turns_computed_from_one_state_only_one_is_stored(db: Database) -> None:
    conversation_id = opened(db)
    refused: list[int] = []

    def answer(number: int) -> Callable[[], None]:
        def run() -> None:
            try:
                with db.write() as work:
                    exchange.receive(
                        Incoming(conversation_id, "在吗", f"m{number}"),
                        turn=Turn(DialogueState(), (Reply(f"答{number}"),)),
                        seen_turns=0,
                        desk=work.desk,
                        now=NOW,
                    )
            except StateMoved:
                refused.append(number)

        return run

    at_once([answer(n) for n in range(8)])

    assert len(refused) == 7
    with db.read() as work:
        messages = work.conversations.messages(conversation_id)
    assert [m.seq for m in messages] == [1, 2]


def test_the_bot_never_speaks_after_a_hand_over_that_came_first(db: Database) -> None:
    for _ in range(20):
        conversation_id = opened(db)

        def hand_over(conversation_id: str = conversation_id) -> None:
            with db.write() as work:
                exchange.request_human(conversation_id, HAND_OVER, desk=work.desk, now=NOW)

        def speak(conversation_id: str = conversation_id) -> None:
            turn = Turn(DialogueState(), (Reply("机器人的话"),))
            try:
                with db.write() as work:
                    exchange.receive(
                        Incoming(conversation_id, "退货", "m1"),
                        turn=turn,
                        seen_turns=0,
                        desk=work.desk,
                        now=NOW,
                    )
            except StateMoved:
                return

        at_once([hand_over, speak])

        with db.read() as work:
            messages = work.conversations.messages(conversation_id)
        said = [m.content for m in messages if m.sender is Sender.BOT]
        handed_at = said.index("正在转接")
        assert "机器人的话" not in said[handed_at:]


def test_numbers_within_a_conversation_have_no_gaps_under_load(db: Database) -> None:
    conversation_id = opened(db)
    [agent] = staffed(db, 1)
    with db.write() as work:
        exchange.request_human(conversation_id, HAND_OVER, desk=work.desk, now=NOW)
        exchange.claim(conversation_id, agent=agent, desk=work.desk, now=NOW)

    def customer(thread: int) -> Callable[[], None]:
        def run() -> None:
            for number in range(10):
                with db.write() as work:
                    exchange.receive(
                        Incoming(conversation_id, "话", f"{thread}-{number}"),
                        turn=None,
                        seen_turns=0,
                        desk=work.desk,
                        now=NOW,
                    )

        return run

    at_once([customer(thread) for thread in range(6)])

    with db.read() as work:
        seqs = [m.seq for m in work.conversations.messages(conversation_id)]
    assert seqs == list(range(1, 62))


def test_a_reader_that_resumes_by_id_misses_no_event_of_writers_that_commit_in_disorder(
    db: Database,
) -> None:
    """Without the advisory lock PostgreSQL shows a greater id before a smaller one."""
    writers, each = 6, 25
    finished = threading.Event()
    seen: list[int] = []

    def write() -> None:
        for _ in range(each):
            opened(db)

    def follow() -> None:
        cursor, last_round = 0, False
        while True:
            with db.read() as work:
                batch = work.events.after(cursor)
            seen.extend(event.id for event in batch)
            cursor = seen[-1] if seen else 0
            if last_round and not batch:
                return
            last_round = finished.is_set()

    reader = threading.Thread(target=follow, daemon=True)
    reader.start()
    at_once([write] * writers)
    finished.set()
    reader.join(timeout=60)

    assert len(seen) == writers * each


def test_of_four_who_add_one_article_at_once_one_does_and_the_others_are_told(
    db: Database,
) -> None:
    told: list[str] = []

    def add(body: str) -> Callable[[], None]:
        article = read_article(f"# 退货\n\n{body}", file="returns.md")

        def run() -> None:
            try:
                with db.write() as work:
                    work.articles.put(article, seen_revision=0)
            except AlreadyExists:
                told.append(body)

        return run

    bodies = ["七天。", "八天。", "九天。", "十天。"]
    at_once([add(body) for body in bodies])

    with db.read() as work:
        kept = work.articles.get("returns")
        assert work.articles.generation() == 1
    assert kept.revision == 1
    assert {*told, kept.body.rpartition("\n")[2]} == set(bodies)
    assert len(told) == 3


def test_of_many_failures_at_once_each_is_counted_and_gets_its_own_number(db: Database) -> None:
    numbers: list[int] = []

    def fail() -> None:
        with db.write() as work:
            numbers.append(work.login_failures.add("account:x", within=timedelta(1), now=NOW))

    at_once([fail] * 8)
    assert sorted(numbers) == list(range(1, 9))
    with db.read() as work:
        assert work.login_failures.count("account:x", within=timedelta(1), now=NOW) == 8


def test_a_second_writer_of_events_waits_until_the_first_has_committed(
    postgres_url: str,
) -> None:
    from webapp.db import schema

    schema.upgrade(postgres_url)
    db = Database(postgres_url)
    inside, second_done = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait(timeout=30)
        opened(db)
        second_done.set()

    thread = threading.Thread(target=second, daemon=True)
    thread.start()
    conversation = Conversation(created_at=NOW, updated_at=NOW)
    with db.write() as work:
        exchange.open_conversation(conversation, greetings=(), desk=work.desk, now=NOW)
        work.events.write()
        inside.set()
        waiting = _wait_for_lock_queue(db)
        assert waiting == 1
        assert not second_done.is_set()
    assert second_done.wait(timeout=30)
    with db.read() as work:
        first_event, second_event = work.events.after(0)
    assert first_event.conversation_id == conversation.id
    assert first_event.id < second_event.id
    thread.join(timeout=30)
    db.dispose()


def _wait_for_lock_queue(db: Database) -> int:
    """How many wait for the events' lock, as soon as somebody does."""
    from sqlalchemy import text

    query = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = :k"
    )
    with db.engine.connect() as connection:
        for _ in range(10_000):
            waiting = int(connection.execute(query, {"k": ADVISORY_LOCK}).scalar_one())
            connection.rollback()
            if waiting:
                return waiting
    return 0
