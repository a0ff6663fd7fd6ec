"""The stream: nobody misses an event, nobody gets one twice, a bad cursor is refused."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from handoff.agent import Role
from tests.webapp.delivery.house import NOW, PATIENCE, House, Listening, bearer, running, texts
from webapp.db import tables
from webapp.db.database import Database


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
