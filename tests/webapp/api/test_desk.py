import pytest

from handoff.agent import Role
from tests.webapp.site import Site, Visitor


@pytest.fixture
def desk(any_site: Site) -> Site:
    for name in ("anna", "bo"):
        any_site.add_staff(name)
    any_site.add_staff("chief", Role.SUPERVISOR)
    return any_site


def staff_of(desk: Site) -> list[dict[str, object]]:
    return desk.get("/api/v1/staff", by="chief").get_json()["items"]


def path(visitor: Visitor, rest: str = "") -> str:
    return f"/api/v1/conversations/{visitor.id}{rest}"


def test_the_queue_is_listed_in_the_order_of_waiting(desk: Site) -> None:
    waiting = []
    for _ in range(3):
        waiting.append(desk.waiting_customer().id)
        desk.clock.forward(seconds=10)
    listed = desk.get("/api/v1/conversations?holder=queue", by="anna").get_json()
    assert [item["id"] for item in listed["items"]] == waiting
    assert [item["queue_position"] for item in listed["items"]] == [1, 2, 3]
    assert listed["counts"]["queue"] == 3


def test_what_is_urgent_comes_first_in_the_list_and_in_the_places_told(desk: Site) -> None:
    earlier = desk.waiting_customer()
    desk.clock.forward(minutes=5)
    robbed = desk.open_conversation()
    assert robbed.say("我的卡被盗刷了").status_code == 201
    listed = desk.get("/api/v1/conversations?holder=queue", by="anna").get_json()["items"]
    assert [item["id"] for item in listed] == [robbed.id, earlier.id]
    assert [item["queue_position"] for item in listed] == [1, 2]
    assert listed[0]["ranked_at"] < listed[1]["ranked_at"]
    assert robbed.get().get_json()["queue_position"] == 1
    assert earlier.get().get_json()["queue_position"] == 2


def test_a_list_is_read_page_by_page_without_gap_or_double(desk: Site) -> None:
    ids = set()
    for _ in range(5):
        ids.add(desk.waiting_customer().id)
        desk.clock.forward(seconds=1)
    seen, cursor = [], ""
    while cursor is not None:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        listed = desk.get("/api/v1/conversations", by="anna", query_string=query).get_json()
        seen += [item["id"] for item in listed["items"]]
        cursor = listed["next_cursor"]
    assert len(seen) == 5
    assert set(seen) == ids


def test_an_agent_takes_answers_and_ends_a_conversation(desk: Site) -> None:
    visitor = desk.waiting_customer(contact={"name": "小明", "phone": "13800001234"})
    detail = desk.get(path(visitor), by="anna").get_json()
    assert detail["handoff"]["reason"] == "asked_for_human"
    assert detail["handoff"]["skill"] == "售后"
    assert detail["contact"]["phone"] == "138****1234"
    assert [m["sender"] for m in detail["messages"]] == ["bot", "customer", "bot"]

    taken = desk.post(path(visitor, "/claim"), by="anna").get_json()
    assert (taken["holder"], taken["assignee"]["name"]) == ("agent", "anna")
    body = {"content": "您好，我是安娜", "client_msg_id": "a1"}
    said = desk.post(path(visitor, "/messages"), by="anna", json=body)
    again = desk.post(path(visitor, "/messages"), by="anna", json=body)
    assert said.get_json() == again.get_json()
    note = desk.post(path(visitor, "/notes"), by="anna", json={"content": "老客户"}).get_json()
    assert note["message"]["internal"] is True

    heard = visitor.get("/messages").get_json()["messages"]
    assert heard[-1]["content"] == "您好，我是安娜"
    assert heard[-1]["author_name"] == "anna"
    assert visitor.get().get_json()["assignee"]["name"] == "anna"
    ended = desk.post(path(visitor, "/resolve"), by="anna").get_json()
    assert ended["status"] == "resolved"
    refused = desk.post(path(visitor, "/messages"), by="anna", json=body | {"client_msg_id": "2"})
    assert (refused.status_code, refused.get_json()["error"]) == (409, "ConversationClosed")


def test_of_two_agents_one_gets_the_conversation(desk: Site) -> None:
    visitor = desk.waiting_customer()
    assert desk.post(path(visitor, "/claim"), by="anna").status_code == 200
    assert desk.post(path(visitor, "/claim"), by="anna").status_code == 200
    second = desk.post(path(visitor, "/claim"), by="bo")
    assert (second.status_code, second.get_json()["error"]) == (409, "AlreadyClaimed")


def test_a_conversation_goes_to_a_colleague_and_back_to_the_queue(desk: Site) -> None:
    visitor = desk.waiting_customer()
    desk.post(path(visitor, "/claim"), by="anna")
    staff = desk.get("/api/v1/staff", by="anna").get_json()["items"]
    bo = next(s["id"] for s in staff if s["name"] == "bo")
    given = desk.post(path(visitor, "/assign"), by="anna", json={"agent_id": bo})
    assert given.get_json()["assignee"] == {"id": bo, "name": "bo"}
    late = desk.post(path(visitor, "/messages"), by="anna", json={"content": "等等"})
    assert (late.status_code, late.get_json()["error"]) == (403, "NotYourConversation")
    back = desk.post(path(visitor, "/queue"), by="bo").get_json()
    assert (back["holder"], back["assignee"], back["queue_position"]) == ("queue", None, 1)


def test_unread_counts_what_the_customer_said_since(desk: Site) -> None:
    visitor = desk.waiting_customer()
    desk.post(path(visitor, "/claim"), by="anna")
    last = desk.get(path(visitor), by="anna").get_json()["last_seq"]
    desk.post(path(visitor, "/read"), by="anna", json={"seq": last})
    visitor.say("在吗")
    visitor.say("？")
    (item,) = desk.get("/api/v1/conversations?assignee=me", by="anna").get_json()["items"]
    assert item["unread"] == 2
    assert item["last_message"]["content"] == "？"


def test_a_supervisor_sees_whole_numbers_and_every_conversation(desk: Site) -> None:
    visitor = desk.open_conversation(contact={"phone": "13800001234"})
    detail = desk.get(path(visitor), by="chief").get_json()
    assert detail["holder"] == "bot"
    assert detail["contact"]["phone"] == "13800001234"


def test_an_agent_neither_sees_nor_touches_what_the_bot_has_a_supervisor_does_both(
    desk: Site,
) -> None:
    visitor = desk.open_conversation()
    bo = next(s for s in staff_of(desk) if s["name"] == "bo")["id"]
    calls = {
        "claim": {},
        "assign": {"agent_id": bo},
        "resolve": {},
        "queue": {},
        "read": {"seq": 1},
    }
    refused = {desk.get(path(visitor), by="anna").status_code}
    for rest, body in calls.items():
        refused.add(desk.post(path(visitor, f"/{rest}"), by="anna", json=body).status_code)
    assert refused == {404}
    assert visitor.get().get_json()["holder"] == "bot"

    assert desk.get(path(visitor), by="chief").status_code == 200
    assert desk.post(path(visitor, "/claim"), by="chief").get_json()["holder"] == "agent"


def test_what_a_supervisor_ends_out_of_the_queue_leaves_the_agents_sight(desk: Site) -> None:
    visitor = desk.waiting_customer()
    assert desk.get(path(visitor), by="anna").status_code == 200
    assert desk.post(path(visitor, "/resolve"), by="chief").status_code == 200
    assert desk.get(path(visitor), by="anna").status_code == 404
    listed = desk.get("/api/v1/conversations", by="anna").get_json()
    assert (listed["items"], listed["counts"]["open"]) == ([], 0)
    assert desk.get(path(visitor), by="chief").status_code == 200


def test_who_has_ended_a_conversation_still_sees_it(desk: Site) -> None:
    visitor = desk.waiting_customer()
    desk.post(path(visitor, "/claim"), by="anna")
    desk.post(path(visitor, "/resolve"), by="anna")
    assert desk.get(path(visitor), by="anna").get_json()["status"] == "resolved"
    assert desk.get(path(visitor), by="bo").status_code == 404
    again = {name: desk.post(path(visitor, "/resolve"), by=name) for name in ("anna", "bo")}
    assert (again["anna"].status_code, again["bo"].status_code) == (200, 403)


def test_an_agent_cannot_end_what_the_bot_took_up_again(desk: Site) -> None:
    visitor = desk.waiting_customer()
    desk.post(path(visitor, "/claim"), by="anna")
    desk.post(path(visitor, "/resolve"), by="anna")
    visitor.say("还有一个问题")
    assert desk.post(path(visitor, "/resolve"), by="anna").status_code == 404
    assert visitor.get().get_json()["status"] == "pending"


def test_a_rating_is_shown_to_the_desk(desk: Site) -> None:
    visitor = desk.waiting_customer()
    visitor.post("/rating", json={"score": 4, "comment": "还行"})
    rating = desk.get(path(visitor), by="anna").get_json()["rating"]
    assert (rating["score"], rating["comment"]) == (4, "还行")


def test_a_ticket_is_opened_moved_on_and_closed(desk: Site) -> None:
    visitor = desk.waiting_customer()
    body = {
        "title": "退货 2026112200011234",
        "kind": "return",
        "conversation_id": visitor.id,
        "fields": {"phone": "13800001234", "order_id": "2026112200011234"},
    }
    made = desk.post("/api/v1/tickets", by="anna", json=body)
    assert made.status_code == 201
    ticket = made.get_json()
    assert ticket["status"] == "NEW"
    assert ticket["fields"] == {"phone": "138****1234", "order_id": "2026112200011234"}
    moved = desk.put(
        "/api/v1/tickets",
        by="anna",
        json={"ticket_id": ticket["id"], "status": "PROCESSING", "operator": "ERP"},
    )
    assert moved.get_json()["status"] == "PROCESSING"
    one = f"/api/v1/tickets/{ticket['id']}"
    assert desk.put(one, by="bo", json={"status": "RESOLVED"}).get_json()["resolved_at"]
    assert desk.get("/api/v1/tickets?status=RESOLVED", by="bo").get_json()["items"][0]["id"]
    assert desk.get("/api/v1/tickets?status=NEW", by="bo").get_json()["items"] == []
    detail = desk.get(path(visitor), by="anna").get_json()
    assert [t["id"] for t in detail["tickets"]] == [ticket["id"]]


@pytest.mark.parametrize("status", ["DONE", "new", "", 1, None, ["NEW"]])
def test_a_ticket_status_that_does_not_exist_is_refused(site: Site, status: object) -> None:
    site.add_staff("anna")
    body = {"ticket_id": 1, "status": status}
    answer = site.put("/api/v1/tickets", by="anna", json=body)
    assert (answer.status_code, answer.get_json()["error"]) == (422, "InvalidInput")


def test_an_unknown_ticket_is_not_found(site: Site) -> None:
    site.add_staff("anna")
    answer = site.put("/api/v1/tickets", by="anna", json={"ticket_id": 9, "status": "NEW"})
    assert (answer.status_code, answer.get_json()["error"]) == (404, "TicketNotFound")


def test_tickets_are_read_page_by_page(site: Site) -> None:
    site.add_staff("anna")
    for number in range(5):
        site.post("/api/v1/tickets", by="anna", json={"title": f"票 {number}"})
    first = site.get("/api/v1/tickets?limit=3", by="anna").get_json()
    rest = site.get(f"/api/v1/tickets?limit=3&cursor={first['next_cursor']}", by="anna").get_json()
    titles = [t["title"] for t in first["items"] + rest["items"]]
    assert titles == [f"票 {n}" for n in reversed(range(5))]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("change", [{"active": False}, {"role": "editor"}])
def test_customers_of_somebody_who_leaves_the_desk_queue_again(
    desk: Site, change: dict[str, object]
) -> None:
    desk.add_staff("root", Role.ADMIN)
    visitor, ended = desk.waiting_customer(), desk.waiting_customer()
    for each in (visitor, ended):
        assert desk.post(path(each, "/claim"), by="anna").status_code == 200
    assert desk.post(path(ended, "/resolve"), by="anna").status_code == 200
    staff = desk.get("/api/v1/staff", by="root").get_json()["items"]
    anna = next(s["id"] for s in staff if s["name"] == "anna")

    assert desk.put(f"/api/v1/accounts/{anna}", by="root", json=change).status_code == 200

    queue = desk.get("/api/v1/conversations?holder=queue", by="bo").get_json()["items"]
    assert [item["id"] for item in queue] == [visitor.id]
    assert desk.post(path(visitor, "/claim"), by="bo").status_code == 200
