"""A whole web application over a real database, with small stand-ins for bot and search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dialogue.bot import Bot
from dialogue.conversation import Button, ContentType, Reply, Source
from dialogue.customer import Customer
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.agent import Role
from handoff.reason import Reason
from knowledge.article import Answer, Hit, Scope
from knowledge.meaning import Meaning
from knowledge.search import KnowledgeBase
from nlu.understanding import Entity, IntentScore, Understanding
from tests.knowledge.letters import LetterEncoder
from webapp.app import create_app
from webapp.auth.passwords import hash_password
from webapp.auth.tokens import hash_token, new_token
from webapp.db.database import Database
from webapp.knowledge_tests import KnowledgeTests
from webapp.live_knowledge import LiveKnowledge
from webapp.publish import Publisher, StoredVectors
from webapp.records import StaffMember
from webapp.secrets import Secrets
from webapp.services import Services
from webapp.settings import Settings

IDENTITY_KEY = "identity-key-of-this-site"
PASSWORD = "correct horse battery"
_HASH = hash_password(PASSWORD)


class Parrot:
    """Understands 人工 as asking for a person and everything else as a greeting."""

    def understand(self, text: str, *, now: datetime | None = None) -> Understanding:
        name = "request_human" if "人工" in text else "greet"
        best = IntentScore(name, 0.9)
        entities = (Entity("char", text[0], 0, 1),) if text else ()
        return Understanding(text=text, intent=best, ranking=(best,), entities=entities)


class EchoBot:
    """Repeats in bold what was said, of what is long the beginning first; hands over at 人工,
    urgently at 盗刷; breaks at 坏; takes 天气 for none of our business.
    """

    def told_from(self, text: str, *, now: datetime) -> float:
        return 0.97 if "天气" in text else 0.0

    def respond(
        self, state: DialogueState, text: str, *, customer: Customer, now: datetime
    ) -> Turn:
        understanding = Parrot().understand(text, now=now)
        if understanding.intent.name == "request_human":
            return Turn(
                state=state,
                replies=(Reply("这就为您转人工。"),),
                handoff=HandoffRequest(Reason.ASKED_FOR_HUMAN, skill="售后"),
                understanding=understanding,
                intent=understanding.intent,
            )
        if "盗刷" in text:
            return self.hand_over(state, reason=Reason.URGENT)
        short = f"**{text[:6]}**" if len(text) > 20 else ""
        said = Reply(
            f"**{text}**",
            ContentType.MARKDOWN,
            sources=(Source("returns", "退货", "怎么退", 0.9, short),),
        )
        return Turn(
            state=state, replies=(said,), understanding=understanding, intent=understanding.intent
        )

    def hand_over(self, state: DialogueState, *, reason: Reason = Reason.ASKED_FOR_HUMAN) -> Turn:
        return Turn(state=state, replies=(Reply("请稍等。"),), handoff=HandoffRequest(reason))

    def name_in(self, language: str) -> str:
        return "Echo" if language == "en" else "回声"

    def words_in(self, language: str) -> dict[str, dict[str, str]]:
        return {"names": {"juggling": "Juggling" if language == "en" else "杂耍"}}

    def greet(self, language: str) -> tuple[Reply, ...]:
        words = "Hello!" if language == "en" else "您好！"
        return (Reply(words, buttons=(Button("怎么退货", "怎么退货？"),)),)


@dataclass(frozen=True)
class WordSearch:
    """Finds published articles whose text holds the question."""

    db: Database
    min_score: float = 0.5

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        with self.db.read() as work:
            found = [a for a in work.articles.published() if question in a.body]
            hits = tuple(
                Hit(a.id, a.title, a.title, (a.title,), a.body, 0.9, {"words": 1.0})
                for a in found[:limit]
            )
        return Answer(hits, answerable=bool(hits))

    def used_among(self, terms: Iterable[str]) -> set[str]:
        with self.db.read() as work:
            bodies = [article.body for article in work.articles.published()]
        return {term for term in terms if any(term in body for body in bodies)}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass
class Site:
    """One installation with its application, and the people who use it."""

    app: Flask
    services: Services
    clock: Clock
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def add_staff(self, name: str, role: Role = Role.AGENT) -> StaffMember:
        with self.services.db.write() as work:
            staff = work.staff.add(
                email=f"{name}@example.com",
                name=name,
                role=role,
                password_hash=_HASH,
                now=self.clock(),
            )
            self.tokens[name] = new_token()
            work.tokens.add(
                hash_token(self.tokens[name]), staff_id=staff.id, name="test", now=self.clock()
            )
        return staff

    def call(self, method: str, path: str, *, by: str | None = None, **rest: Any) -> TestResponse:
        """One call with the API token of a member of staff, or without any."""
        headers = dict(rest.pop("headers", {}))
        if by is not None:
            headers["Authorization"] = f"Bearer {self.tokens[by]}"
        # buffered: the body is read and its file closed before the test looks at it
        return self.client().open(path, method=method, headers=headers, buffered=True, **rest)

    def get(self, path: str, *, by: str | None = None, **rest: Any) -> TestResponse:
        return self.call("GET", path, by=by, **rest)

    def post(self, path: str, *, by: str | None = None, **rest: Any) -> TestResponse:
        return self.call("POST", path, by=by, **rest)

    def put(self, path: str, *, by: str | None = None, **rest: Any) -> TestResponse:
        return self.call("PUT", path, by=by, **rest)

    def open_conversation(self, **body: Any) -> Visitor:
        opened = self.post("/api/v1/widget/conversations", json=body)
        assert opened.status_code == 201, opened.get_data(as_text=True)
        return Visitor(self, opened.get_json()["id"], opened.get_json()["token"])

    def waiting_customer(self, **body: Any) -> Visitor:
        visitor = self.open_conversation(**body)
        assert visitor.say("转人工").status_code == 201
        return visitor


@dataclass
class Visitor:
    """A customer with one conversation."""

    site: Site
    id: str
    token: str
    said: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def path(self, rest: str = "") -> str:
        return f"/api/v1/widget/conversations/{self.id}{rest}"

    def say(self, content: str, client_msg_id: str | None = None) -> TestResponse:
        self.said += 1
        body = {"content": content, "client_msg_id": client_msg_id or f"m{self.said}"}
        return self.site.post(self.path("/messages"), json=body, headers=self.headers)

    def get(self, rest: str = "") -> TestResponse:
        return self.site.get(self.path(rest), headers=self.headers)

    def post(self, rest: str, **rest_of_call: Any) -> TestResponse:
        return self.site.post(self.path(rest), headers=self.headers, **rest_of_call)


def make_site(db: Database, folder: Path, **settings: Any) -> Site:
    """An application over a database that has its tables."""
    clock = Clock()
    meaning = Meaning(LetterEncoder(), kept=StoredVectors(db), encoder="letters")
    search = WordSearch(db)
    services = Services(
        settings=Settings(data=folder, database_url=db.url, **settings),
        db=db,
        secrets=Secrets(identity_key=IDENTITY_KEY),
        bot=cast(Bot, EchoBot()),
        understands=Parrot(),
        knowledge=search,
        publisher=Publisher(db, encode=LetterEncoder(), encoder="letters"),
        meaning=meaning,
        tests=KnowledgeTests(db, live=search, meaning=meaning, encode=LetterEncoder()),
        clock=clock,
    )
    return Site(create_app(services), services, clock)


def with_real_search(site: Site) -> Site:
    """The same site with the real search, over letters, in which everything is good enough."""
    db, encode = site.services.db, LetterEncoder()
    base = KnowledgeBase(encode, encoder="letters", kept=StoredVectors(db), min_score=0.0)
    live = LiveKnowledge(db, base)
    meaning = site.services.meaning
    assert meaning is not None
    tests = KnowledgeTests(
        db, live=live, meaning=meaning, encode=encode, rehearse=live.with_changes
    )
    services = replace(site.services, knowledge=live, tests=tests)
    return Site(create_app(services), services, site.clock, site.tokens)
