"""A running stream over a database, and readers that listen as browsers do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dialogue import exchange
from dialogue.conversation import Conversation
from dialogue.exchange import Incoming
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.agent import Agent, Role
from handoff.reason import Reason
from webapp.auth.tokens import hash_token
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
