"""Delivery under fire: processes are killed while everybody talks, and nothing is lost or doubled.

50 customers and 5 agents exchange at least 2,000 messages, 5 % of them sent twice on purpose,
while web, stream and worker are killed 15 times (SIGKILL). Run one with
`pytest -m fire tests/fire -k sqlite`; the figures are printed with `-s`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tests.fire.house import Gunner, House, furnish, left_behind, start
from tests.fire.people import Agent, Customer, Ear
from webapp.db import tables

CUSTOMERS, AGENTS = 50, 5
SAID_BY_CUSTOMER, REPLIES = 26, 15
PACE_SECONDS = 3.0
KILLS = ["web"] * 6 + ["stream"] * 6 + ["worker"] * 3
CATCH_UP_SECONDS = 60.0

pytestmark = [pytest.mark.fire, pytest.mark.timeout(400)]


@dataclass
class Figures:
    """What happened, for the report."""

    acknowledged: int
    stored: int
    delivered: int
    doubled_on_purpose: int
    retries: int
    kills: dict[str, int]
    reconnections: int
    claims_lost_to_others: int
    seconds: float
    stop_seconds: float = 0.0


@pytest.fixture
def fire_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of the wanted kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'jiedai.db'}"


@pytest.fixture
def house(fire_url: str, tmp_path: Path) -> Iterator[House]:
    settings, agents = furnish(tmp_path, fire_url, agents=AGENTS)
    running = start(settings, agents)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.parametrize("fire_url", ["sqlite", "postgres"], indirect=True)
def test_nothing_is_lost_doubled_or_disordered_while_processes_are_killed(house: House) -> None:
    gunner = Gunner(house, KILLS, pause=(3.0, 6.0), seed=7)
    began = time.monotonic()
    customers, agents = asyncio.run(_battle(house, gunner))
    seconds = time.monotonic() - began

    stored = _stored_messages(house)
    _everything_acknowledged_is_stored_once(customers, agents, stored)
    _numbers_have_no_gaps(stored)
    delivered = sum(_saw_exactly_what_was_said(c, stored) for c in customers)
    delivered += sum(_heard_exactly_what_was_theirs(a, house) for a in agents)
    assert Counter(name for name, _ in gunner.shots) == Counter(KILLS)
    assert sorted(c for a in agents for c in a.mine) == sorted(c.conversation_id for c in customers)
    figures = _figures(customers, agents, gunner, stored, delivered, seconds)
    figures.stop_seconds = round(house.stop(), 1)
    assert left_behind(house.settings) == []
    print(json.dumps(asdict(figures), ensure_ascii=False))  # noqa: T201 - the report
    assert figures.acknowledged >= 2000


async def _battle(house: House, gunner: Gunner) -> tuple[list[Customer], list[Agent]]:
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=house.base_url, limits=limits, timeout=30) as client:
        agents = [Agent(client, a.id, a.token, replies=REPLIES) for a in house.agents]
        serving = [asyncio.create_task(a.run(pace=PACE_SECONDS)) for a in agents]
        await asyncio.gather(*(a.ear.listening.wait() for a in agents))
        customers = [Customer(client, n, messages=SAID_BY_CUSTOMER) for n in range(CUSTOMERS)]
        shooting = gunner.start()
        await asyncio.gather(*(c.run(pace=PACE_SECONDS) for c in customers))
        await _until_everybody_is_served(agents)
        await asyncio.to_thread(shooting.join)
        await _everybody_catches_up(house, customers, agents)
        await _states_agree(client, customers)
        for task in [*serving, *(c.listening for c in customers)]:
            task.cancel()
    return customers, agents


async def _until_everybody_is_served(agents: list[Agent]) -> None:
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while sum(len(a.mine) for a in agents) < CUSTOMERS:
        assert time.monotonic() < deadline, "somebody waits and no agent has heard of it"
        await asyncio.sleep(0.1)
    await asyncio.gather(*(a.finish() for a in agents))


async def _everybody_catches_up(
    house: House, customers: list[Customer], agents: list[Agent]
) -> None:
    last_of, last_for = _last_events(house)
    waits = [_ear(c).until(last_of[c.conversation_id], timeout=CATCH_UP_SECONDS) for c in customers]
    waits += [a.ear.until(last_for[a.id], timeout=CATCH_UP_SECONDS) for a in agents]
    await asyncio.gather(*waits)


async def _states_agree(client: httpx.AsyncClient, customers: list[Customer]) -> None:
    """What a customer makes of the events is what a fresh look shows."""
    for customer in customers:
        updates = [e.data for e in _ear(customer).seen if e.kind == "conversation.updated"]
        answer = await client.get(
            customer.url, headers={"Authorization": f"Bearer {customer.mouth.token}"}
        )
        fresh = answer.json()
        for name in ("status", "holder", "assignee"):
            assert updates[-1][name] == fresh[name]


def _stored_messages(house: House) -> dict[str, list[tuple[int, int, str | None, bool]]]:
    """By conversation: id, seq, client_msg_id and whether it is internal, in order of id."""
    columns = tables.messages.c
    found: dict[str, list[tuple[int, int, str | None, bool]]] = {}
    with house.db.read() as work:
        for row in work.session.execute(select(tables.messages).order_by(columns.id)):
            entry = (row.id, row.seq, row.client_msg_id, row.internal)
            found.setdefault(row.conversation_id, []).append(entry)
    return found


def _everything_acknowledged_is_stored_once(
    customers: list[Customer],
    agents: list[Agent],
    stored: dict[str, list[tuple[int, int, str | None, bool]]],
) -> None:
    kept = Counter(key for rows in stored.values() for _, _, key, _ in rows if key is not None)
    seqs = {key: seq for rows in stored.values() for _, seq, key, _ in rows if key is not None}
    acknowledged = {
        key: seq
        for person in _everybody(customers, agents)
        for key, seq in person.mouth.acknowledged.items()
    }
    assert [key for key in acknowledged if kept[key] != 1] == []
    assert [key for key, count in kept.items() if count > 1] == []
    assert {key: seqs[key] for key in acknowledged} == acknowledged
    assert len(acknowledged) == CUSTOMERS * (SAID_BY_CUSTOMER + REPLIES)


def _numbers_have_no_gaps(
    stored: dict[str, list[tuple[int, int, str | None, bool]]],
) -> None:
    for rows in stored.values():
        assert [seq for _, seq, _, _ in rows] == list(range(1, len(rows) + 1))


def _saw_exactly_what_was_said(
    customer: Customer, stored: dict[str, list[tuple[int, int, str | None, bool]]]
) -> int:
    """Each message once, in order, none missing; how many there were."""
    seen = [e.data["seq"] for e in _ear(customer).seen if e.kind == "message.created"]
    ids = [e.id for e in _ear(customer).seen]
    assert seen == [seq for _, seq, _, internal in stored[customer.conversation_id] if not internal]
    assert ids == sorted(set(ids))
    return len(seen)


def _heard_exactly_what_was_theirs(agent: Agent, house: House) -> int:
    """Each event that this agent may see, once, in order; how many there were."""
    with house.db.read() as work:
        wanted: list[int] = []
        while batch := work.events.after_for_agent(
            wanted[-1] if wanted else agent.started_at, agent.id
        ):
            wanted += [event.id for event in batch]
    assert [e.id for e in agent.ear.seen] == wanted
    return len(wanted)


def _last_events(house: House) -> tuple[dict[str, int], dict[int, int]]:
    """The newest event that each customer and each agent may see."""
    of_conversation: dict[str, int] = {}
    with house.db.read() as work:
        cursor = 0
        while batch := work.events.after(cursor):
            cursor = batch[-1].id
            for event in batch:
                if event.public_payload is not None and event.conversation_id:
                    of_conversation[event.conversation_id] = event.id
        for_agent = {}
        for agent in house.agents:
            cursor = 0
            while batch := work.events.after_for_agent(cursor, agent.id):
                cursor = batch[-1].id
            for_agent[agent.id] = cursor
    return of_conversation, for_agent


def _figures(
    customers: list[Customer],
    agents: list[Agent],
    gunner: Gunner,
    stored: dict[str, list[tuple[int, int, str | None, bool]]],
    delivered: int,
    seconds: float,
) -> Figures:
    mouths = [person.mouth for person in _everybody(customers, agents)]
    ears = [_ear(c) for c in customers] + [a.ear for a in agents]
    return Figures(
        acknowledged=sum(len(m.acknowledged) for m in mouths),
        stored=sum(len(rows) for rows in stored.values()),
        delivered=delivered,
        doubled_on_purpose=sum(m.doubled for m in mouths),
        retries=sum(m.retried for m in mouths),
        kills=dict(Counter(name for name, _ in gunner.shots)),
        reconnections=sum(e.connections - 1 for e in ears),
        claims_lost_to_others=sum(a.lost_races for a in agents),
        seconds=round(seconds, 1),
    )


def _everybody(customers: list[Customer], agents: list[Agent]) -> list[Customer | Agent]:
    return [*customers, *agents]


def _ear(customer: Customer) -> Ear:
    assert customer.ear is not None
    return customer.ear
