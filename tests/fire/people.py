"""Customers and agents who never give up: they retry, resume, and remember all they saw."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

SILENCE_SECONDS = 45.0
PATIENCE_SECONDS = 90.0
_RETRY_STATUS = {502, 503, 504}

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One event as it arrived."""

    id: int
    kind: str
    data: Json


@dataclass
class Ear:
    """Listens to one stream for ever, resuming from the last event it has seen."""

    client: httpx.AsyncClient
    url: str
    token: str
    cursor: int | None = None
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    listening: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            with contextlib.suppress(httpx.TransportError):
                async for event in self._events():
                    self.seen.append(event)
                    async with self.changed:
                        self.changed.notify_all()
            await asyncio.sleep(random.uniform(0.05, 0.5))

    async def until(self, event_id: int, *, timeout: float) -> None:
        """Wait until an event of at least this id was seen."""
        async with self.changed:
            await asyncio.wait_for(
                self.changed.wait_for(lambda: (self.cursor or 0) >= event_id), timeout
            )

    async def each(self) -> AsyncIterator[Seen]:
        """Every event as it comes, from the first one on."""
        for place in itertools.count():
            async with self.changed:
                while len(self.seen) <= place:
                    await self.changed.wait()
            yield self.seen[place]

    async def _events(self) -> AsyncIterator[Seen]:
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.cursor is not None:
            headers["Last-Event-ID"] = str(self.cursor)
        timeout = httpx.Timeout(15.0, read=SILENCE_SECONDS)
        async with self.client.stream("GET", self.url, headers=headers, timeout=timeout) as answer:
            if answer.status_code in _RETRY_STATUS:
                return
            answer.raise_for_status()
            self.connections += 1
            fields: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                    continue
                if "id" in fields:
                    self.cursor = int(fields["id"])
                    self.listening.set()
                if "data" in fields:
                    yield Seen(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                fields = {}


@dataclass
class Mouth:
    """Sends requests until they are answered, a few of them twice at once on purpose."""

    client: httpx.AsyncClient
    token: str
    rng: random.Random
    double_share: float = 0.05
    acknowledged: dict[str, int] = field(default_factory=dict)
    doubled: int = 0
    retried: int = 0

    async def say(self, url: str, text: str, client_msg_id: str) -> Json:
        """Say something; returns the stored message. The same id is used however often it takes."""
        body = {"content": text, "client_msg_id": client_msg_id}
        if self.rng.random() < self.double_share:
            self.doubled += 1
            answers = await asyncio.gather(self.post(url, body), self.post(url, body))
            assert answers[0]["message"]["id"] == answers[1]["message"]["id"]
            answer = answers[0]
        else:
            answer = await self.post(url, body)
        message: Json = answer["message"]
        self.acknowledged[client_msg_id] = int(message["seq"])
        return message

    async def post(self, url: str, body: Json, *, accept: tuple[int, ...] = (200, 201)) -> Json:
        """Post until the answer is one of those accepted."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        pause, deadline = 0.1, time.monotonic() + PATIENCE_SECONDS
        while True:
            assert time.monotonic() < deadline, f"{url} does not answer any more"
            try:
                answer = await self.client.post(url, json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code in accept:
                result: Json = answer.json()
                return result
            if answer is not None and answer.status_code not in _RETRY_STATUS:
                raise AssertionError(f"{url}: {answer.status_code} {answer.text}")
            self.retried += 1
            await asyncio.sleep(pause * self.rng.uniform(0.5, 1.5))
            pause = min(2.0, pause * 2)


class Customer:
    """Opens a conversation, asks for a person, and says what is on their mind."""

    def __init__(self, client: httpx.AsyncClient, number: int, *, messages: int) -> None:
        self.number = number
        self.messages = messages
        self.mouth = Mouth(client, "", random.Random(number))
        self.conversation_id = ""
        self.ear: Ear | None = None
        self._client = client

    async def run(self, *, pace: float) -> None:
        """The whole visit; ends when everything has been acknowledged."""
        opened = await self.mouth.post("/api/v1/widget/conversations", {}, accept=(201,))
        self.conversation_id, self.mouth.token = opened["id"], opened["token"]
        self.ear = Ear(self._client, f"{self.url}/events", opened["token"])
        self.listening = asyncio.create_task(self.ear.run())
        await self.mouth.say(f"{self.url}/messages", "转人工", f"c{self.number}-human")
        for count in range(self.messages - 1):
            await asyncio.sleep(self.mouth.rng.uniform(0, 2 * pace))
            key = f"c{self.number}-{count}"
            await self.mouth.say(f"{self.url}/messages", f"{key} 我的问题", key)

    @property
    def url(self) -> str:
        """The address of the conversation."""
        return f"/api/v1/widget/conversations/{self.conversation_id}"


class Agent:
    """Takes whoever waits, and answers each of them so many times."""

    def __init__(
        self, client: httpx.AsyncClient, agent_id: int, token: str, *, replies: int
    ) -> None:
        self.id = agent_id
        self.replies = replies
        self.mouth = Mouth(client, token, random.Random(1000 + agent_id))
        self.ear = Ear(client, "/api/v1/events", token)
        self.mine: list[str] = []
        self.lost_races = 0
        self.started_at = 0
        self._talking: set[asyncio.Task[None]] = set()

    async def run(self, *, pace: float) -> None:
        """Listen and claim until cancelled."""
        listening = asyncio.create_task(self.ear.run())
        try:
            await self.ear.listening.wait()
            self.started_at = self.ear.cursor or 0
            async for event in self.ear.each():
                if event.kind == "conversation.updated" and event.data["holder"] == "queue":
                    await self._claim(event.data["id"], pace)
        finally:
            listening.cancel()

    async def finish(self) -> None:
        """Wait until every customer of this agent has had every reply."""
        while self._talking:
            await asyncio.gather(*self._talking)

    async def _claim(self, conversation_id: str, pace: float) -> None:
        answer = await self.mouth.post(
            f"/api/v1/conversations/{conversation_id}/claim", {}, accept=(200, 409)
        )
        if answer.get("error") is not None:
            self.lost_races += 1
            return
        if conversation_id in self.mine:
            return
        self.mine.append(conversation_id)
        task = asyncio.create_task(self._talk(conversation_id, pace))
        self._talking.add(task)
        task.add_done_callback(self._talking.discard)

    async def _talk(self, conversation_id: str, pace: float) -> None:
        url = f"/api/v1/conversations/{conversation_id}/messages"
        for count in range(self.replies):
            await asyncio.sleep(self.mouth.rng.uniform(0, 2 * pace))
            key = f"a{self.id}-{conversation_id[:8]}-{count}"
            await self.mouth.say(url, f"{key} 您好", key)
