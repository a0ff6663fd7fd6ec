"""What customers think of answers, and how often each article answered."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.agent import Role
from tests.webapp.site import Site, Visitor


def answered(visitor: Visitor, words: str = "你好") -> dict[str, Any]:
    """What the bot answered; its source is the article `returns` under 怎么退."""
    reply: dict[str, Any] = visitor.say(words).get_json()["replies"][0]
    return reply


def judge(visitor: Visitor, message_id: int, helpful: object) -> Any:
    return visitor.post(f"/messages/{message_id}/feedback", json={"helpful": helpful})


def test_a_customer_judges_an_answer_and_may_think_again(any_site: Site) -> None:
    visitor = any_site.open_conversation()
    reply = answered(visitor)
    for helpful in (True, True, False):
        judged = judge(visitor, reply["id"], helpful)
        assert judged.status_code == 200
        assert judged.get_json() == {"message_id": reply["id"], "helpful": helpful}
    listed = visitor.get("/messages").get_json()["messages"]
    assert [m["helpful"] for m in listed] == [None, None, False]


def test_only_ones_own_answers_of_the_bot_can_be_judged(site: Site) -> None:
    visitor, other = site.open_conversation(), site.open_conversation()
    reply = answered(visitor)
    said = visitor.say("在吗").get_json()["message"]
    assert judge(other, reply["id"], helpful=True).status_code == 404
    assert judge(visitor, 2**40, helpful=True).status_code == 404
    refused = judge(visitor, said["id"], helpful=True)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "InvalidInput")


@pytest.mark.parametrize("helpful", ["yes", 1, None])
def test_a_judgement_is_yes_or_no(site: Site, helpful: object) -> None:
    visitor = site.open_conversation()
    assert judge(visitor, answered(visitor)["id"], helpful).status_code == 422


def test_use_is_counted_by_article_and_heading_with_its_judgements(any_site: Site) -> None:
    any_site.add_staff("Eve", Role.EDITOR)
    visitor = any_site.open_conversation()
    replies = [answered(visitor, words) for words in ("一", "二", "三")]
    judge(visitor, replies[0]["id"], helpful=True)
    judge(visitor, replies[1]["id"], helpful=False)
    any_site.clock.forward(days=1)
    answered(visitor, "四")

    used = any_site.get("/api/v1/knowledge/use?article_id=returns", by="Eve").get_json()
    (item,) = used["items"]
    assert (item["article_id"], item["heading"]) == ("returns", "怎么退")
    assert (item["answers"], item["helpful"], item["unhelpful"]) == (4, 1, 1)
    assert item["last_at"].startswith("2026-11-23")
    assert [(day["day"], day["answers"], day["unhelpful"]) for day in used["days"]] == [
        ("2026-11-22", 3, 1),
        ("2026-11-23", 1, 0),
    ]


def test_use_before_the_time_asked_for_does_not_count(any_site: Site) -> None:
    any_site.add_staff("Eve", Role.EDITOR)
    answered(any_site.open_conversation())
    any_site.clock.forward(days=8)
    assert any_site.get("/api/v1/knowledge/use?days=7", by="Eve").get_json()["items"] == []
    assert any_site.get("/api/v1/knowledge/use?article_id=x", by="Eve").get_json()["items"] == []


def test_editors_read_what_did_not_help_without_personal_numbers(any_site: Site) -> None:
    any_site.add_staff("Eve", Role.EDITOR)
    visitor = any_site.open_conversation()
    first = answered(visitor, "我的手机 13812345678 收不到货")
    second = answered(visitor, "好")
    judge(visitor, first["id"], helpful=False)
    any_site.clock.forward(minutes=1)
    judge(visitor, second["id"], helpful=True)

    everything = any_site.get("/api/v1/knowledge/feedback", by="Eve").get_json()["items"]
    assert [entry["message_id"] for entry in everything] == [second["id"], first["id"]]
    path = "/api/v1/knowledge/feedback?helpful=false&article_id=returns"
    (entry,) = any_site.get(path, by="Eve").get_json()["items"]
    assert entry["question"] == "我的手机 138****5678 收不到货"
    assert entry["answer"] == "**我的手机 138****5678 收不到货**"
    assert entry["sources"] == [{"article_id": "returns", "heading": "怎么退"}]
