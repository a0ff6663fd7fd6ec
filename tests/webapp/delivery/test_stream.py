"""The stream: nobody misses an event, nobody gets one twice, nobody sees what is not theirs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from dialogue import exchange
from dialogue.conversation import Conversation
from dialogue.exchange import Incoming
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.agent import Agent, Role
from handoff.reason import Reason
from webapp.auth.session import COOKIE, SECURE_COOKIE
from webapp.auth.tokens import hash_token
from webapp.db import tables
from webapp.db.database import Database
from webapp.delivery.app import create_app
from webapp.delivery.hub import Hub
from webapp.secrets import Secrets
from webapp.services import Services
from webapp.settings import Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PATIENCE = 20.0


@dataclass
class House:
    """A running stream over a database, and what is done to it."""

    db: Database
    hub: Hub
    client: FlaskClient

    def open(self, *, token: str = "customer") -> str:
        """A conversation whose customer has this token."""
        conversation = Conversation(created_at=NOW, updated_at=NOW)
        with self.db.write() as work:
            exchange.open_conversation(conversation, greetings=(), desk=work.desk, now=NOW)
            work.conversations.set_token(conversation.id, hash_token(token))
        return conversation.id

    def say(self, conversation_id: str, text: str) -> None:
        """The customer says something; the bot says nothing."""
        with self.db.read() as work:
            seen = work.conversations.find(conversation_id).turns
        with self.db.write() as work:
            exchange.receive(
                Incoming(conversation_id, text, text),
                turn=Turn(DialogueState()),
                seen_turns=seen,
                desk=work.desk,
                now=NOW,
            )

    def queue(self, conversation_id: str) -> None:
        """The customer asks for a person."""
        turn = Turn(DialogueState(), handoff=HandoffRequest(Reason.ASKED_FOR_HUMAN))
        with self.db.write() as work:
            exchange.request_human(conversation_id, turn, desk=work.desk, now=NOW)

    def staff(self, name: str, role: Role = Role.AGENT) -> Agent:
        """An account whose API token is its name."""
        with self.db.write() as work:
            member = work.staff.add(
                email=f"{name}@example.com", name=name, role=role, password_hash="x", now=NOW
            )
            work.tokens.add(hash_token(name), staff_id=member.id, name="test", now=NOW)
        return member.agent

    def signed_in(self, agent: Agent, secret: str) -> None:
        """A session whose cookie has this value."""
        began = datetime.now(UTC)
        with self.db.write() as work:
            work.sessions.add(
                hash_token(secret),
                staff_id=agent.id,
                csrf_token="c",
                expires_at=began + timedelta(hours=1),
                now=began,
            )

    def poll(
        self, url: str, token: str, *, after: int | None = None, wait: float = 0
    ) -> TestResponse:
        """One long poll."""
        query = {"wait": str(wait)} | ({} if after is None else {"after": str(after)})
        return self.client.get(url, query_string=query, headers=bearer(token))

    def customer_url(self, conversation_id: str) -> str:
        """Where a conversation's customer listens."""
        return f"/api/v1/widget/conversations/{conversation_id}/events"


@pytest.fixture
def house(sqlite_db: Database, tmp_path: Path) -> Iterator[House]:
    yield from running(sqlite_db, tmp_path)


def running(db: Database, folder: Path, *, most: int = 8) -> Iterator[House]:
    """A stream application with its hub started, stopped at the end."""
    settings = Settings(data=folder, database_url=db.url)
    services = Services(settings=settings, db=db, secrets=Secrets("a"))
    hub = Hub(db, poll_seconds=0.01, recheck_seconds=0.05)
    hub.start()
    app = create_app(services, hub, most=most)
    yield House(db, hub, app.test_client())
    hub.stop()


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Frame:
    """One event as it came over the line."""

    id: int
    kind: str
    data: dict[str, object]


class Listening:
    """Reads a stream in a thread, as a browser would."""

    def __init__(self, client: FlaskClient, url: str, token: str, *, after: int | None) -> None:
        headers = bearer(token) | ({} if after is None else {"Last-Event-ID": str(after)})
        self.response = client.get(url, headers=headers)
        self.frames: list[Frame] = []
        self.ended = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait_for(self, count: int) -> list[Frame]:
        """The frames as soon as there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.frames) >= count, timeout=PATIENCE)
        return list(self.frames)

    def _read(self) -> None:
        for chunk in self.response.iter_encoded():
            fields = dict(
                line.split(": ", 1) for line in chunk.decode().splitlines() if ": " in line
            )
            if "data" in fields:
                frame = Frame(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                with self._changed:
                    self.frames.append(frame)
                    self._changed.notify_all()
        self.response.close()
        self.ended.set()


def texts(frames: list[Frame]) -> list[object]:
    """What the messages among the frames say."""
    return [f.data["content"] for f in frames if f.kind == "message.created"]


def test_a_customer_gets_what_was_missed_then_what_happens_each_once(house: House) -> None:
    conversation_id = house.open()
    house.say(conversation_id, "一")
    listening = Listening(house.client, house.customer_url(conversation_id), "customer", after=None)
    listening.wait_for(2)
    house.say(conversation_id, "二")

    frames = listening.wait_for(3)

    assert texts(frames) == ["一", "二"]
    assert [f.id for f in frames] == sorted({f.id for f in frames})


def test_last_event_id_resumes_after_that_event(house: House) -> None:
    conversation_id = house.open()
    for text in ("一", "二", "三"):
        house.say(conversation_id, text)
    url = house.customer_url(conversation_id)
    first = Listening(house.client, url, "customer", after=0).wait_for(4)

    resumed = Listening(house.client, url, "customer", after=first[1].id)

    assert texts(resumed.wait_for(2)) == ["二", "三"]


def test_nothing_is_lost_or_doubled_while_messages_pour_in_during_subscribing(
    house: House,
) -> None:
    conversation_id = house.open()
    url = house.customer_url(conversation_id)

    def pour() -> None:
        for number in range(60):
            house.say(conversation_id, str(number))

    pouring = threading.Thread(target=pour, daemon=True)
    pouring.start()

    listeners = [Listening(house.client, url, "customer", after=0) for _ in range(6)]

    for listening in listeners:
        assert texts(listening.wait_for(61)) == [str(n) for n in range(60)]
    pouring.join()


def test_long_poll_answers_at_once_with_what_was_missed_and_waits_otherwise(house: House) -> None:
    conversation_id = house.open()
    url = house.customer_url(conversation_id)
    missed = house.poll(url, "customer", after=0).get_json()
    assert [e["kind"] for e in missed["events"]] == ["conversation.created"]
    assert house.poll(url, "customer", after=missed["cursor"]).get_json()["events"] == []

    speaking = threading.Timer(0.1, house.say, (conversation_id, "在吗"))
    speaking.start()
    answer = house.poll(url, "customer", after=missed["cursor"], wait=PATIENCE).get_json()
    speaking.join()

    assert [e["data"]["content"] for e in answer["events"]] == ["在吗"]
    assert answer["cursor"] == answer["events"][-1]["id"]


def test_a_wrong_token_and_a_foreign_conversation_get_the_same_answer(house: House) -> None:
    own, foreign = house.open(token="mine"), house.open(token="theirs")

    answers = [
        house.poll(house.customer_url(foreign), "mine"),
        house.poll(house.customer_url(own), "wrong"),
        house.poll(house.customer_url("0" * 32), "mine"),
        house.client.get(house.customer_url(own)),
    ]

    assert {a.status_code for a in answers} == {404}
    assert len({a.data for a in answers}) == 1


def test_customers_never_get_notes_tickets_or_what_staff_see_of_a_conversation(
    house: House,
) -> None:
    conversation_id, agent = house.open(), house.staff("wang")
    house.queue(conversation_id)
    with house.db.write() as work:
        exchange.claim(conversation_id, agent=agent, desk=work.desk, now=NOW)
        exchange.add_note(conversation_id, "难缠的客户", agent=agent, desk=work.desk, now=NOW)
        exchange.rate(conversation_id, score=1, desk=work.desk, now=NOW)

    body = house.poll(house.customer_url(conversation_id), "customer", after=0).get_data(True)
    staff = house.poll("/api/v1/events", "wang", after=0).get_data(True)

    assert "难缠的客户" not in body
    assert "handoff" not in body
    assert "conversation.rated" not in body
    assert "难缠的客户" in staff


def test_an_agent_hears_the_queue_and_own_conversations_a_supervisor_everything(
    house: House,
) -> None:
    mine, other = house.staff("wang"), house.staff("li")
    house.staff("boss", Role.SUPERVISOR)
    with_bot, taken = house.open(), house.open()
    house.say(with_bot, "只有主管看见")
    house.queue(taken)
    with house.db.write() as work:
        exchange.claim(taken, agent=mine, desk=work.desk, now=NOW)
    house.say(taken, "只有小王看见")

    def heard_by(name: str) -> str:
        return house.poll("/api/v1/events", name, after=0).get_data(True)

    assert "只有小王看见" in heard_by("wang")
    assert "只有小王看见" not in heard_by("li")
    assert taken in heard_by("li")
    assert with_bot not in heard_by("li")
    assert "只有主管看见" not in heard_by("wang")
    assert "只有主管看见" in heard_by("boss")
    assert "只有小王看见" in heard_by("boss")
    assert other.id != mine.id


def test_agents_hear_the_end_of_what_waited_and_nothing_after_it(house: House) -> None:
    house.staff("wang")
    conversation_id = house.open()
    house.queue(conversation_id)
    cursor = house.poll("/api/v1/events", "wang").get_json()["cursor"]
    with house.db.write() as work:
        exchange.resolve(conversation_id, desk=work.desk, now=NOW)
    with house.db.write() as work:
        exchange.rate(conversation_id, score=1, desk=work.desk, now=NOW)
    house.say(conversation_id, "又来了")

    heard = house.poll("/api/v1/events", "wang", after=cursor).get_json()["events"]

    assert [(e["kind"], e["data"]["status"]) for e in heard] == [
        ("conversation.updated", "resolved")
    ]


def test_both_ends_of_a_transfer_learn_of_it(house: House) -> None:
    first, second = house.staff("wang"), house.staff("li")
    conversation_id = house.open()
    house.queue(conversation_id)
    with house.db.write() as work:
        exchange.claim(conversation_id, agent=first, desk=work.desk, now=NOW)
    cursor = house.poll("/api/v1/events", "wang").get_json()["cursor"]
    with house.db.write() as work:
        exchange.assign(conversation_id, to_agent_id=second.id, by=first, desk=work.desk, now=NOW)

    for name in ("wang", "li"):
        [event] = house.poll("/api/v1/events", name, after=cursor).get_json()["events"]
        assert event["data"]["assignee"] == {"id": second.id, "name": "li"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ML])
def test_roles_without_a_part_in_conversations_are_refused(house: House, role: Role) -> None:
    house.staff("other", role)

    assert house.poll("/api/v1/events", "other").status_code == 403


def test_without_a_sign_in_the_staff_stream_is_refused(house: House) -> None:
    assert house.client.get("/api/v1/events").status_code == 401
    assert house.poll("/api/v1/events", "no such token").status_code == 401


@pytest.mark.parametrize(
    ("origin", "cookie", "status"),
    [
        ("http://localhost", COOKIE, 200),
        ("http://localhost", SECURE_COOKIE, 401),
        ("https://localhost", SECURE_COOKIE, 200),
        # which a neighbouring host, or somebody in between on plain HTTP, could have set
        ("https://localhost", COOKIE, 401),
    ],
)
def test_a_browser_listens_with_the_cookie_that_signing_in_set(
    house: House, origin: str, cookie: str, status: int
) -> None:
    house.signed_in(house.staff("wang"), "session")
    house.client.set_cookie(cookie, "session")

    answer = house.client.get("/api/v1/events?wait=0", base_url=origin)

    assert answer.status_code == status


def test_a_header_without_a_token_is_not_made_up_for_by_a_cookie(house: House) -> None:
    house.signed_in(house.staff("wang"), "session")
    house.client.set_cookie(COOKIE, "session")
    assert house.client.get("/api/v1/events?wait=0").status_code == 200

    headers = {"Authorization": "Basic eDp5"}
    assert house.client.get("/api/v1/events?wait=0", headers=headers).status_code == 401


def test_a_revoked_token_cuts_the_open_stream(house: House) -> None:
    agent = house.staff("wang")
    listening = Listening(house.client, "/api/v1/events", "wang", after=0)

    with house.db.write() as work:
        work.tokens.revoke_all(agent.id, now=NOW)

    assert listening.ended.wait(PATIENCE)
    assert house.poll("/api/v1/events", "wang").status_code == 401


def test_a_cursor_whose_events_were_deleted_is_gone(house: House) -> None:
    house.staff("boss", Role.SUPERVISOR)
    for text in ("一", "二", "三"):
        house.say(house.open(), text)
    with house.db.write() as work:
        work.session.execute(
            update(tables.events)
            .where(tables.events.c.id <= 4)
            .values(created_at=NOW - timedelta(days=30))
        )
        assert work.events.delete_before(NOW - timedelta(days=7)) == 4

    gone = house.poll("/api/v1/events", "boss", after=2)
    assert gone.status_code == 410
    assert gone.get_json()["error"] == "CursorTooOld"
    assert house.poll("/api/v1/events", "boss", after=4).status_code == 200
    assert house.poll("/api/v1/events", "boss", after=10**6).status_code == 410


@pytest.mark.parametrize("bad", ["-1", "abc", "1.5", "9" * 30, "9" * 5000, "１２"])
def test_a_cursor_that_is_no_number_is_refused(house: House, bad: str) -> None:
    url = house.customer_url(house.open())

    answer = house.client.get(url, query_string={"after": bad}, headers=bearer("customer"))

    assert answer.status_code == 422


@pytest.mark.parametrize("bad", ["-1", "x", "nan", "inf"])
def test_a_wait_that_is_no_number_of_seconds_is_refused(house: House, bad: str) -> None:
    url = house.customer_url(house.open())

    answer = house.client.get(url, query_string={"wait": bad}, headers=bearer("customer"))

    assert answer.status_code == 422


def test_when_every_place_is_taken_the_next_is_told_when_to_come_back(
    sqlite_db: Database, tmp_path: Path
) -> None:
    for house in running(sqlite_db, tmp_path, most=1):
        url = house.customer_url(house.open())
        listening = Listening(house.client, url, "customer", after=0)
        listening.wait_for(1)

        refused = house.poll(url, "customer")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0

        house.hub.stop()
        assert listening.ended.wait(PATIENCE)
        assert house.poll(url, "customer").status_code == 200


def test_the_hub_forgets_listeners_that_have_left(house: House) -> None:
    house.poll(house.customer_url(house.open()), "customer")

    assert len(house.hub) == 0


def test_another_site_may_listen_to_a_customers_stream_and_to_no_other(house: House) -> None:
    url = house.customer_url(house.open())

    widget = house.client.options(url, headers={"Origin": "https://shop.example"})
    staff = house.client.options("/api/v1/events", headers={"Origin": "https://shop.example"})

    assert widget.headers["Access-Control-Allow-Origin"] == "*"
    assert "Last-Event-ID" in widget.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in staff.headers
