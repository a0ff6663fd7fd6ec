"""What callers send by mistake or on purpose: refused with one shape, never a 500."""

import json

import pytest

from handoff.agent import Role
from tests.webapp.site import Site, Visitor

MESSAGES = "/messages"


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.open_conversation()


def send(visitor: Visitor, data: bytes):
    return visitor.post(MESSAGES, data=data, content_type="application/json")


def refused(response, status: int, code: str) -> dict:
    body = response.get_json()
    assert (response.status_code, body["error"]) == (status, code)
    assert set(body) == {"error", "message", "details"}
    assert body["message"]
    return body


def test_an_empty_message_is_refused(visitor: Visitor) -> None:
    for content in ("", "   ", "\n\t", "\u3000", "\u0000"):
        refused(visitor.say(content), 422, "InvalidInput")


def test_a_message_of_4000_characters_is_taken_and_a_longer_one_refused(visitor: Visitor) -> None:
    assert visitor.say("好" * 4000).status_code == 201
    body = refused(visitor.say("好" * 4001), 422, "InvalidInput")
    assert "4000" in body["message"]


def test_a_text_to_understand_is_bounded_and_may_hold_anything(site: Site) -> None:
    for text in ("\0\x08\x1b[2J", "你\0好\x07", "", "\u3000"):
        assert site.post("/model/parse", json={"text": text}).status_code == 200
    refused(site.post("/model/parse", json={"text": "好" * 4001}), 422, "InvalidInput")
    refused(site.post("/model/parse", json={"text": "好" * 350_000}), 413, "RequestEntityTooLarge")
    refused(site.post("/model/parse", json={"text": None}), 422, "InvalidInput")


def test_a_body_of_100_kb_is_refused_before_it_is_parsed(visitor: Visitor) -> None:
    data = json.dumps({"content": "x" * 100_000, "client_msg_id": "a"}).encode()
    body = refused(send(visitor, data), 413, "RequestEntityTooLarge")
    assert "too large" in body["message"]


def test_a_body_that_is_not_utf8_is_refused(visitor: Visitor) -> None:
    data = '{"content": "你好", "client_msg_id": "a"}'.encode("gbk")
    body = refused(send(visitor, data), 400, "BadRequest")
    assert "UTF-8" in body["message"]


@pytest.mark.parametrize(
    "data",
    [b"{", b"not json", b'{"content": NaN, "client_msg_id": "a"}', b"[" * 50_000],
)
def test_a_body_that_is_not_json_is_refused(visitor: Visitor, data: bytes) -> None:
    refused(send(visitor, data), 400, "BadRequest")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"content": "x"}',
        b'{"content": 5, "client_msg_id": "a"}',
        b'{"content": {"$ne": null}, "client_msg_id": "a"}',
        b'{"content": ["x"], "client_msg_id": "a"}',
        b'{"content": true, "client_msg_id": "a"}',
        b'{"content": null, "client_msg_id": "a"}',
        b'{"content": "x", "client_msg_id": {"$gt": ""}}',
        b'{"content": "x", "client_msg_id": ""}',
        b'{"content": "\\ud800", "client_msg_id": "a"}',
    ],
)
def test_wrong_types_are_refused_and_not_converted(visitor: Visitor, data: bytes) -> None:
    body = refused(send(visitor, data), 422, "InvalidInput")
    assert body["details"]


def test_a_nul_character_is_dropped(any_site: Site) -> None:
    sent = any_site.open_conversation().say("你\u0000好").get_json()
    assert sent["message"]["content"] == "你好"


def test_control_characters_emoji_and_right_to_left_marks_are_kept(any_site: Site) -> None:
    visitor = any_site.open_conversation()
    for text in ("a\u0007b", "😀👨‍👩‍👧", "\u202eabc", "１２３", "'; DROP TABLE messages;--"):
        assert visitor.say(text).get_json()["message"]["content"] == text


def test_an_unknown_token_a_foreign_id_and_no_such_id_get_the_same_answer(site: Site) -> None:
    mine, theirs = site.open_conversation(), site.open_conversation()
    unknown = "0" * 32
    answers = [
        site.get(mine.path(MESSAGES), headers={"Authorization": "Bearer wrong"}),
        site.get(mine.path(MESSAGES)),
        site.get(theirs.path(MESSAGES), headers=mine.headers),
        site.get(f"/api/v1/widget/conversations/{unknown}/messages", headers=mine.headers),
        site.get("/api/v1/widget/conversations/GENERAL/messages", headers=mine.headers),
        site.get("/api/v1/widget/conversations/%00/messages", headers=mine.headers),
        site.post(theirs.path(MESSAGES), headers=mine.headers, json={}),
        site.get(mine.path(MESSAGES), headers={"Authorization": "Basic dTpw"}),
    ]
    assert {a.status_code for a in answers} == {404}
    assert len({a.get_data() for a in answers}) == 1


def test_the_token_may_come_in_a_header_of_its_own(site: Site) -> None:
    visitor = site.open_conversation()
    answer = site.get(visitor.path(), headers={"X-Conversation-Token": visitor.token})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=-1", "after=99999999999999999999", "after=1e3", "after="],
)
def test_a_bad_cursor_of_messages_is_refused(visitor: Visitor, query: str) -> None:
    refused(visitor.get(f"/messages?{query}"), 422, "InvalidInput")


@pytest.mark.parametrize(
    "query",
    [
        "status=closed",
        "status=open'--",
        "assignee=somebody",
        "assignee=1 OR 1=1",
        "cursor=x",
        "cursor=2026-01-01~0",
        "cursor=0001-01-01T00:00:00%2B23:59~0",
        "cursor=%00",
        "limit=0",
        "limit=1000000",
        "holder=<script>",
    ],
)
def test_a_bad_filter_of_conversations_is_refused(site: Site, query: str) -> None:
    site.add_staff("anna")
    refused(site.get(f"/api/v1/conversations?{query}", by="anna"), 422, "InvalidInput")


def test_an_unknown_address_and_a_wrong_method_answer_in_the_same_shape(site: Site) -> None:
    refused(site.get("/api/v1/nothing"), 404, "NotFound")
    wrong = site.call("DELETE", "/api/v1/widget/conversations")
    refused(wrong, 405, "MethodNotAllowed")
    assert "POST" in wrong.headers["Allow"]


def test_a_huge_id_is_simply_not_found(any_site: Site) -> None:
    any_site.add_staff("anna")
    for ticket_id in (2**31, 2**63, 10**40):
        answer = any_site.get(f"/api/v1/tickets/{ticket_id}", by="anna")
        refused(answer, 404, answer.get_json()["error"])


@pytest.mark.parametrize("staff_id", [2**31, 2**63, 10**40])
def test_a_huge_account_is_not_found_either(any_site: Site, staff_id: int) -> None:
    any_site.add_staff("boss", Role.ADMIN)
    change = {"name": "x", "password": "another long sentence"}
    answer = any_site.put(f"/api/v1/accounts/{staff_id}", by="boss", json=change)
    refused(answer, 404, "NothingHere")


def test_a_mistake_of_ours_is_answered_with_an_incident_and_nothing_else(site: Site) -> None:
    canary = "secret-canary-6222"

    class Broken:
        def understand(self, text, *, now=None):
            raise RuntimeError(canary)

    object.__setattr__(site.services, "understands", Broken())
    answer = site.post("/model/parse", json={"text": canary})
    body = refused(answer, 500, "InternalError")
    assert body["details"]["incident"] in body["message"]
    assert canary not in answer.get_data(as_text=True)


def test_a_browser_gets_a_page_for_an_error(site: Site) -> None:
    page = site.get("/nothing-here", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.mimetype == "text/html"
