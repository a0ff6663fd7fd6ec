"""From what customers asked in vain to a draft of what answers them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from handoff.agent import Role
from handoff.reason import Reason
from tests.webapp.site import Site, Visitor
from webapp.gap_grouping import refresh_gaps

GAPS = "/api/v1/knowledge/gaps"
ARTICLE = "---\nid: {id}\ntitle: {title}\n---\n\n## {heading}\n\n{text}\n"


@pytest.fixture
def staffed(any_site: Site) -> Site:
    any_site.add_staff("Eve", Role.EDITOR)
    any_site.add_staff("Sue", Role.SUPERVISOR)
    any_site.add_staff("Ana", Role.AGENT)
    return any_site


def missed(site: Site, text: str, gap: Reason = Reason.KNOWLEDGE_GAP) -> Visitor:
    """A customer whose question the bot had no answer to."""
    visitor = site.open_conversation()
    message_id = visitor.say(text).get_json()["message"]["id"]
    with site.services.db.write() as work:
        message = work.messages.find(message_id)
        assert message is not None
        message.gap = gap
    return visitor


def refresh(site: Site) -> int:
    meaning = site.services.meaning
    assert meaning is not None
    return refresh_gaps(site.services.db, meaning, now=site.clock())


def gaps(site: Site, state: str = "open") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.get(f"{GAPS}?state={state}", by="Eve").get_json()["items"]
    return items


def answer_as_agent(site: Site, visitor: Visitor, *replies: str) -> None:
    visitor.post("/handoff", json={})
    site.post(f"/api/v1/conversations/{visitor.id}/claim", by="Ana")
    for reply in replies:
        said = site.post(
            f"/api/v1/conversations/{visitor.id}/messages", by="Ana", json={"content": reply}
        )
        assert said.status_code == 201


def test_questions_that_mean_the_same_are_one_group(staffed: Site) -> None:
    for text in ("可以货到付款吗", "支持货到付款吗", "杯子能刻字吗", "你们支持货到付款吗"):
        missed(staffed, text)
    missed(staffed, "？？")  # nobody can answer that: it waits for nothing
    assert staffed.get(GAPS, by="Eve").get_json() == {"items": [], "waiting": 4}
    assert staffed.post(f"{GAPS}/refresh", by="Eve").get_json() == {"questions": 4}
    assert staffed.get(GAPS, by="Eve").get_json()["waiting"] == 0
    first, second = gaps(staffed)
    assert (first["size"], second["size"]) == (3, 1)
    assert "货到付款" in first["name"]
    assert second["name"] == "杯子能刻字吗"
    assert first["weeks"] == [0] * 11 + [3]
    assert first["reasons"] == {"knowledge_gap": 3}


def test_nothing_is_taken_in_twice_and_groups_keep_their_ids(staffed: Site) -> None:
    missed(staffed, "可以货到付款吗")
    assert (refresh(staffed), refresh(staffed)) == (1, 0)
    (before,) = gaps(staffed)
    staffed.clock.forward(days=8)
    missed(staffed, "支持货到付款吗")
    refresh(staffed)
    (after,) = gaps(staffed)
    assert (after["id"], after["size"], after["weeks"][-2:]) == (before["id"], 2, [1, 1])


def test_what_the_customer_gave_up_on_or_disliked_is_a_gap_too(staffed: Site) -> None:
    given_up = staffed.open_conversation()
    given_up.say("运费险怎么买")
    given_up.say("转人工")
    with staffed.services.db.write() as work:
        work.conversations.messages(given_up.id)[-2].gap = Reason.ASKED_FOR_HUMAN
    pressed = staffed.open_conversation()
    pressed.say("能开收据吗")
    pressed.post("/handoff", json={})
    disliked = staffed.open_conversation()
    answer = disliked.say("周末送货不").get_json()["replies"][0]
    disliked.post(f"/messages/{answer['id']}/feedback", json={"helpful": False})

    assert refresh(staffed) == 3
    assert {gap["name"]: gap["reasons"] for gap in gaps(staffed)} == {
        "运费险怎么买": {"asked_for_human": 1},
        "能开收据吗": {"asked_for_human": 1},
        "周末送货不": {"disliked": 1},
    }


def test_conversations_that_a_person_took_are_what_a_gap_costs(staffed: Site) -> None:
    missed(staffed, "杯子能刻字吗")
    missed(staffed, "杯子可以刻字吗")
    answer_as_agent(staffed, missed(staffed, "可以货到付款吗"), "目前不支持货到付款。")
    refresh(staffed)
    first, second = gaps(staffed)
    assert (first["name"], first["handed_over"]) == ("可以货到付款吗", 1)
    assert (second["size"], second["handed_over"]) == (2, 0)


def test_no_personal_number_is_kept_of_a_question_or_shown_of_a_reply(staffed: Site) -> None:
    visitor = missed(staffed, "我的手机 13812345678 和订单 20261122000001 怎么换绑")
    answer_as_agent(staffed, visitor, "已经帮您把 13812345678 换成 li@example.com 了，稍等生效。")
    refresh(staffed)
    (gap,) = gaps(staffed)
    detail = staffed.get(f"{GAPS}/{gap['id']}", by="Eve")
    assert "怎么换绑" in detail.get_json()["questions"][0]["text"]
    assert "稍等生效" in detail.get_json()["replies"][0]["text"]
    for private in ("138", "5678", "2026112200", "example.com"):
        assert private not in detail.get_data(as_text=True).replace(
            detail.get_json()["questions"][0]["asked_at"], ""
        )


def test_a_decision_survives_new_questions_and_takes_them_in(staffed: Site) -> None:
    missed(staffed, "可以货到付款吗")
    refresh(staffed)
    (gap,) = gaps(staffed)
    decided = staffed.post(f"{GAPS}/{gap['id']}/state", by="Sue", json={"state": "dismissed"})
    assert (decided.status_code, decided.get_json()["changed_by"]) == (200, "Sue")
    missed(staffed, "支持货到付款吗")
    refresh(staffed)
    assert gaps(staffed) == []
    (dismissed,) = gaps(staffed, "dismissed")
    assert (dismissed["id"], dismissed["size"]) == (gap["id"], 2)


def test_a_snoozed_group_comes_back(staffed: Site) -> None:
    missed(staffed, "可以货到付款吗")
    refresh(staffed)
    (gap,) = gaps(staffed)
    body = {"state": "snoozed", "until": "2026-11-29T08:00:00Z"}
    assert staffed.post(f"{GAPS}/{gap['id']}/state", by="Eve", json=body).status_code == 200
    assert (gaps(staffed), len(gaps(staffed, "snoozed"))) == ([], 1)
    staffed.clock.forward(days=7)
    assert (len(gaps(staffed)), gaps(staffed, "snoozed")) == (1, [])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"state": "snoozed"}, "until"),
        ({"state": "open", "until": "2027-01-01T00:00:00Z"}, "until"),
        ({"state": "snoozed", "until": "2026-11-22T07:00:00Z"}, "past"),
        ({"state": "snoozed", "until": "2027-01-01T00:00:00"}, "until"),
        ({"state": "gone"}, "state"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    staffed: Site, body: dict[str, str], words: str
) -> None:
    missed(staffed, "可以货到付款吗")
    refresh(staffed)
    refused = staffed.post(f"{GAPS}/{gaps(staffed)[0]['id']}/state", by="Eve", json=body)
    assert refused.status_code == 422
    assert words in refused.get_json()["message"]


def test_a_group_that_is_not_there_is_not_found(site: Site) -> None:
    gap_id = 99
    site.add_staff("Eve", Role.EDITOR)
    assert site.get(f"{GAPS}/{gap_id}", by="Eve").get_json()["error"] == "GapNotFound"
    body = {"state": "dismissed"}
    assert site.post(f"{GAPS}/{gap_id}/state", by="Eve", json=body).status_code == 404
    assert site.post(f"{GAPS}/{gap_id}/draft", by="Eve", json={}).status_code == 404


def test_one_click_makes_a_draft_of_what_agents_said(staffed: Site) -> None:
    answer_as_agent(
        staffed, missed(staffed, "可以货到付款吗"), "您好", "目前不支持货到付款，可以用微信付。"
    )
    missed(staffed, "支持货到付款吗")
    refresh(staffed)
    (gap,) = gaps(staffed)
    made = staffed.post(f"{GAPS}/{gap['id']}/draft", by="Eve", json={})
    assert made.status_code == 201
    draft = made.get_json()
    with staffed.services.db.read() as work:
        markdown = work.drafts.get(draft["article_id"]).markdown
        assert work.articles.published() == []
    assert "目前不支持货到付款，可以用微信付。" in markdown
    assert "您好" not in markdown
    for question in ("可以货到付款吗", "支持货到付款吗"):
        assert question in markdown
    (solved,) = gaps(staffed, "solved")
    assert solved["article_id"] == draft["article_id"]


def test_one_click_adds_the_questions_to_an_article_under_its_heading(staffed: Site) -> None:
    source = ARTICLE.format(id="pay", title="支付", heading="货到付款", text="不支持货到付款。")
    assert staffed.post("/api/v1/articles", by="Eve", json={"markdown": source}).status_code == 201
    missed(staffed, "能到付吗")
    refresh(staffed)
    (gap,) = gaps(staffed)
    path, body = f"{GAPS}/{gap['id']}/similar", {"article_id": "pay", "heading": "货到付款"}
    wrong = staffed.post(path, by="Eve", json={**body, "heading": "没有"})
    assert (wrong.status_code, "没有" in wrong.get_json()["message"]) == (422, True)
    assert staffed.post(path, by="Eve", json={**body, "article_id": "x"}).status_code == 404
    assert staffed.post(path, by="Eve", json=body).status_code == 201
    with staffed.services.db.read() as work:
        assert "- 能到付吗 -> 货到付款" in work.drafts.get("pay").markdown
        assert work.articles.get("pay").questions == ()


def test_an_agent_proposes_a_reply_and_an_editor_makes_a_draft_of_it(staffed: Site) -> None:
    visitor = staffed.waiting_customer()
    visitor.say("保温杯能刻字吗，我电话 13812345678")
    answer_as_agent(staffed, visitor, "可以免费刻四个字，多等两天。")
    with staffed.services.db.read() as work:
        reply = work.conversations.messages(visitor.id)[-1]
    path = "/api/v1/knowledge/proposals"
    proposed = staffed.post(path, by="Ana", json={"message_ids": [reply.id]})
    assert proposed.status_code == 201
    assert proposed.get_json()["question"] == "保温杯能刻字吗，我电话 …"
    assert proposed.get_json()["answer"] == "可以免费刻四个字，多等两天。"

    (waiting,) = staffed.get(path, by="Eve").get_json()["items"]
    accepted = staffed.post(f"{path}/{waiting['id']}/accept", by="Eve", json={"title": "刻字"})
    assert (accepted.status_code, accepted.get_json()["article_id"]) == (201, "刻字")
    again = staffed.post(f"{path}/{waiting['id']}/refuse", by="Eve", json={"reason": "旧的"})
    assert (again.status_code, again.get_json()["error"]) == (409, "ProposalDecided")
    assert staffed.get(path, by="Eve").get_json()["items"] == []


def test_a_refused_proposal_says_why(staffed: Site) -> None:
    visitor = staffed.waiting_customer()
    answer_as_agent(staffed, visitor, "只这一次给您免运费。")
    with staffed.services.db.read() as work:
        reply = work.conversations.messages(visitor.id)[-1]
    path = "/api/v1/knowledge/proposals"
    proposal = staffed.post(path, by="Ana", json={"message_ids": [reply.id]}).get_json()
    refused = staffed.post(f"{path}/{proposal['id']}/refuse", by="Sue", json={"reason": "是例外"})
    assert (refused.get_json()["state"], refused.get_json()["reason"]) == ("refused", "是例外")
    (listed,) = staffed.get(f"{path}?state=refused", by="Sue").get_json()["items"]
    assert listed["decided_by"] == "Sue"


def test_only_what_an_agent_said_and_may_see_can_be_proposed(staffed: Site) -> None:
    staffed.add_staff("Bo", Role.AGENT)
    visitor = staffed.waiting_customer()
    answer_as_agent(staffed, visitor, "可以的。")
    with staffed.services.db.read() as work:
        said = work.conversations.messages(visitor.id)
    path = "/api/v1/knowledge/proposals"
    for message, by, status in ((said[-1], "Bo", 404), (said[1], "Ana", 422)):
        assert staffed.post(path, by=by, json={"message_ids": [message.id]}).status_code == status
    assert staffed.post(path, by="Ana", json={"message_ids": [10**6]}).status_code == 404


def test_a_reply_is_proposed_once_and_its_conversation_tells_what_became_of_it(
    staffed: Site,
) -> None:
    visitor = staffed.waiting_customer()
    answer_as_agent(staffed, visitor, "可以免费刻四个字。")
    with staffed.services.db.read() as work:
        reply = work.conversations.messages(visitor.id)[-1]
    path, body = "/api/v1/knowledge/proposals", {"message_ids": [reply.id]}

    def told() -> Any:
        shown = staffed.get(f"/api/v1/conversations/{visitor.id}", by="Ana").get_json()
        return [(one["message_ids"], one["state"], one["reason"]) for one in shown["proposed"]]

    assert told() == []
    first = staffed.post(path, by="Ana", json=body).get_json()
    assert told() == [([reply.id], "waiting", None)]
    again = staffed.post(path, by="Ana", json=body)
    assert (again.status_code, again.get_json()["error"]) == (409, "AlreadyExists")
    staffed.post(f"{path}/{first['id']}/refuse", by="Sue", json={"reason": "是例外"})
    assert told() == [([reply.id], "refused", "是例外")]
    assert staffed.post(path, by="Ana", json=body).status_code == 201
    assert [state for _, state, _ in told()] == ["refused", "waiting"]


def test_of_two_colleagues_who_propose_one_reply_at_once_one_is_told(staffed: Site) -> None:
    path, db = "/api/v1/knowledge/proposals", staffed.services.db
    visitor = staffed.waiting_customer()
    answer_as_agent(staffed, visitor, "可以免费刻四个字。")
    with db.read() as work:
        reply = work.conversations.messages(visitor.id)[-1]
    with ThreadPoolExecutor(1) as pool:
        with db.write() as work:
            work.conversations.get(visitor.id)
            work.proposals.add(
                visitor.id,
                (reply.id or 0,),
                question="?",
                answer="!",
                by="Sue",
                now=staffed.clock(),
            )
            body = {"message_ids": [reply.id]}
            late = pool.submit(staffed.post, path, by="Ana", json=body)
            wait([late], timeout=0.5)
        assert late.result(timeout=30).get_json()["error"] == "AlreadyExists"


def test_a_reply_that_is_named_twice_is_in_the_answer_once(staffed: Site) -> None:
    visitor = staffed.waiting_customer()
    answer_as_agent(staffed, visitor, "可以免费刻四个字。")
    with staffed.services.db.read() as work:
        reply = work.conversations.messages(visitor.id)[-1]
    body = {"message_ids": [reply.id, reply.id]}
    made = staffed.post("/api/v1/knowledge/proposals", by="Ana", json=body).get_json()
    assert (made["message_ids"], made["answer"]) == ([reply.id], "可以免费刻四个字。")
