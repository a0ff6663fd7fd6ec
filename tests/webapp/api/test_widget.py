import pytest

from tests.webapp.site import IDENTITY_KEY, Site, make_site
from webapp.auth.identity import identifier_hash

HTML = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
]


def test_a_conversation_opens_with_a_greeting_and_a_token(any_site: Site) -> None:
    opened = any_site.post("/api/v1/widget/conversations", json={})
    assert opened.status_code == 201
    body = opened.get_json()
    assert len(body["token"]) >= 43
    assert [m["content"] for m in body["messages"]] == ["您好！"]
    assert body["messages"][0]["seq"] == 1
    assert body["conversation"]["holder"] == "bot"


def test_the_locale_chooses_the_language_and_an_unknown_one_is_chinese(site: Site) -> None:
    for locale, words in (("en-GB", "Hello!"), ("zh-CN", "您好！"), ("xx", "您好！")):
        opened = site.post("/api/v1/widget/conversations", json={"locale": locale})
        assert opened.get_json()["messages"][0]["content"] == words


def test_a_message_is_stored_once_whatever_is_sent_again(any_site: Site) -> None:
    visitor = any_site.open_conversation()
    first = visitor.say("你好", "same")
    again = visitor.say("你好", "same")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    listed = visitor.get("/messages").get_json()["messages"]
    assert [m["content"] for m in listed] == ["您好！", "你好", "**你好**"]


def test_a_reply_carries_its_source_and_safe_html(site: Site) -> None:
    reply = site.open_conversation().say("你好").get_json()["replies"][0]
    assert reply["html"] == "<p><strong>你好</strong></p>\n"
    assert reply["sources"] == [
        {"article_id": "returns", "title": "退货", "heading": "怎么退", "score": 0.9}
    ]


def test_a_long_reply_is_whole_and_says_what_is_enough_at_first(any_site: Site) -> None:
    visitor = any_site.open_conversation()
    text = "一二三四五六七八九十" * 3
    reply = visitor.say(text).get_json()["replies"][0]
    assert reply["content"] == f"**{text}**"
    assert reply["short"] == "**一二三四五六**"
    assert reply["short_html"] == "<p><strong>一二三四五六</strong></p>\n"
    assert set(reply["sources"][0]) == {"article_id", "title", "heading", "score"}
    assert visitor.get("/messages").get_json()["messages"][-1] == reply


def test_a_reply_that_is_short_has_no_shorter_form(site: Site) -> None:
    reply = site.open_conversation().say("你好").get_json()["replies"][0]
    assert reply["short"] is None
    assert reply["short_html"] is None


def test_messages_after_an_id_are_those_that_came_since(site: Site) -> None:
    visitor = site.open_conversation()
    first = visitor.say("一").get_json()
    visitor.say("二")
    since = visitor.get(f"/messages?after={first['replies'][-1]['id']}").get_json()["messages"]
    assert [m["content"] for m in since] == ["二", "**二**"]


def test_asking_for_a_person_puts_the_conversation_into_the_queue(any_site: Site) -> None:
    before = any_site.waiting_customer()
    any_site.clock.forward(seconds=1)
    visitor = any_site.open_conversation()
    handed = visitor.post("/handoff", json={}).get_json()
    assert handed["conversation"]["holder"] == "queue"
    assert handed["conversation"]["queue_position"] == 2
    assert visitor.post("/handoff", json={}).get_json()["messages"] == []
    assert before.get().get_json()["queue_position"] == 1


def test_the_bot_is_silent_once_a_person_was_called(site: Site) -> None:
    visitor = site.waiting_customer()
    assert visitor.say("还在吗").get_json()["replies"] == []


def test_a_rating_is_kept_and_a_later_one_replaces_it(site: Site) -> None:
    visitor = site.open_conversation()
    assert visitor.post("/rating", json={"score": 2}).status_code == 201
    assert visitor.post("/rating", json={"score": 5, "comment": "好"}).status_code == 201
    assert visitor.get().get_json()["rating"] == 5


@pytest.mark.parametrize("score", [0, 6, 2.5, "5", None, True, [5]])
def test_a_rating_out_of_range_or_of_another_type_is_refused(site: Site, score: object) -> None:
    refused = site.open_conversation().post("/rating", json={"score": score})
    assert refused.status_code == 422
    assert refused.get_json()["error"] == "InvalidInput"


def test_the_widget_may_be_called_from_any_site_and_nothing_else_may(site: Site) -> None:
    there = {"Origin": "https://shop.example"}
    allowed = site.call("OPTIONS", "/api/v1/widget/conversations", headers=there)
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    for path in ("/api/v1/conversations", "/api/v1/session", "/model/parse", "/login"):
        assert "Access-Control-Allow-Origin" not in site.get(path, headers=there).headers


def test_only_listed_origins_may_call_where_there_is_a_list(sqlite_db, tmp_path) -> None:
    site = make_site(sqlite_db, tmp_path, widget_origins=("https://shop.example",))
    ours = site.get("/api/v1/widget/config", headers={"Origin": "https://shop.example"})
    foreign = site.get("/api/v1/widget/config", headers={"Origin": "https://evil.example"})
    assert ours.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_config_gives_the_hot_questions(site: Site) -> None:
    config = site.get("/api/v1/widget/config?locale=en").get_json()
    assert config["locale"] == "en"
    assert config["hot_questions"] == [{"label": "怎么退货", "text": "怎么退货？"}]


def test_an_identity_that_the_shop_proves_is_verified(site: Site) -> None:
    site.add_staff("boss")
    contact = {
        "identifier": "u-1",
        "phone": "13800001234",
        "name": "小明",
        "identifier_hash": identifier_hash(IDENTITY_KEY, "u-1"),
    }
    visitor = site.waiting_customer(contact=contact)
    seen = site.get(f"/api/v1/conversations/{visitor.id}", by="boss").get_json()["contact"]
    assert seen["verified"] is True
    assert seen["phone"] == "138****1234"


def test_a_phone_number_is_masked_as_identifier_too(site: Site) -> None:
    site.add_staff("anna")
    visitor = site.waiting_customer(contact={"identifier": "13800001234"})
    seen = site.get(f"/api/v1/conversations/{visitor.id}", by="anna").get_json()["contact"]
    assert seen["identifier"] == "138****1234"


@pytest.mark.parametrize("given", ["0" * 64, "", "不是十六进制", identifier_hash("other", "u-1")])
def test_a_wrong_proof_of_identity_opens_nothing(site: Site, given: str) -> None:
    contact = {"identifier": "u-1", "phone": "13800001234", "identifier_hash": given}
    refused = site.post("/api/v1/widget/conversations", json={"contact": contact})
    assert refused.status_code == 422
    with site.services.db.read() as work:
        assert work.events.last_id() == 0


def test_a_claimed_identity_without_proof_is_not_verified(site: Site) -> None:
    site.add_staff("boss")
    visitor = site.waiting_customer(contact={"identifier": "u-1", "phone": "13800001234"})
    seen = site.get(f"/api/v1/conversations/{visitor.id}", by="boss").get_json()["contact"]
    assert seen["verified"] is False


@pytest.mark.parametrize("text", HTML)
def test_script_in_a_message_stays_text_everywhere(site: Site, text: str) -> None:
    site.add_staff("boss")
    visitor = site.open_conversation(contact={"name": text})
    sent = visitor.say(text).get_json()
    assert sent["message"]["content"] == text
    assert sent["message"]["html"] is None
    html = sent["replies"][0]["html"]
    assert "<script" not in html
    assert "<svg" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_page_that_is_no_web_address_is_not_kept(site: Site) -> None:
    site.add_staff("boss")
    visitor = site.waiting_customer(page="javascript:alert(1)")
    seen = site.get(f"/api/v1/conversations/{visitor.id}", by="boss").get_json()
    assert seen["page"] is None


def test_too_many_messages_of_one_conversation_are_slowed(sqlite_db, tmp_path) -> None:
    site = make_site(sqlite_db, tmp_path, limit_messages_of_one="2/minute")
    visitor, other = site.open_conversation(), site.open_conversation()
    assert [visitor.say("好").status_code for _ in range(3)] == [201, 201, 429]
    refused = visitor.say("好")
    assert refused.get_json()["error"] == "TooManyAttempts"
    assert int(refused.headers["Retry-After"]) > 0
    assert other.say("好").status_code == 201
