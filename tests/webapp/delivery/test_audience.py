"""Who may listen, and to what: nobody sees what is not theirs."""

from __future__ import annotations

import pytest

from dialogue import exchange
from handoff.agent import Role
from tests.webapp.delivery.house import NOW, PATIENCE, House, Listening
from webapp.auth.session import COOKIE, SECURE_COOKIE


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


def test_another_site_may_listen_to_a_customers_stream_and_to_no_other(house: House) -> None:
    url = house.customer_url(house.open())

    widget = house.client.options(url, headers={"Origin": "https://shop.example"})
    staff = house.client.options("/api/v1/events", headers={"Origin": "https://shop.example"})

    assert widget.headers["Access-Control-Allow-Origin"] == "*"
    assert "Last-Event-ID" in widget.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in staff.headers
