"""The health report over HTTP, and tests of knowledge that hold up what would break them."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.agent import Role
from tests.webapp.site import Site, with_real_search
from webapp.knowledge_tests import TESTS_WANTED
from webapp.processes.learning import Learning
from webapp.processes.worker import Worker

HEALTH = "/api/v1/knowledge/health"
SEVEN = (
    "---\nid: a\ntitle: 退货\n---\n\n## 几天内可以退\n\n签收后 7 天内可以无理由退货，商品要完好。\n"
)
NINE = "---\nid: b\ntitle: 售后\n---\n\n## 退货期限\n\n签收后九天内可以无理由退货，超过的维修。\n"
TESTED = (
    "---\nid: pay\ntitle: 支付\ntests:\n  - question: 货到付款\n    heading: 货到付款\n---\n\n"
    "## 货到付款\n\n货到付款不支持。\n"
)


@pytest.fixture
def staffed(any_site: Site) -> Site:
    site = with_real_search(any_site)
    site.add_staff("Eve", Role.EDITOR)
    return site


def publish(site: Site, markdown: str, **more: object) -> Any:
    return site.post("/api/v1/articles", by="Eve", json={"markdown": markdown, **more})


def test_there_is_no_report_before_the_first_examination(staffed: Site) -> None:
    shown = staffed.get(HEALTH, by="Eve").get_json()
    assert (shown["made_at"], shown["items"]) == (None, [])


def test_a_contradiction_is_shown_with_what_differs(staffed: Site) -> None:
    publish(staffed, SEVEN)
    publish(staffed, NINE)
    assert staffed.post(f"{HEALTH}/refresh", by="Eve").get_json() == {"findings": 3}
    shown = staffed.get(HEALTH, by="Eve").get_json()
    assert [item["kind"] for item in shown["items"]] == ["contradiction", "no_tests", "no_tests"]
    excerpts = shown["items"][0]["excerpts"]
    assert {e["text"][start:end] for e in excerpts for start, end in e["spans"]} == {"7 天", "九天"}
    assert (shown["articles"], shown["outdated"]) == (2, False)
    publish(staffed, TESTED)
    assert staffed.get(HEALTH, by="Eve").get_json()["outdated"] is True


def test_a_finding_is_put_aside_and_brought_back(staffed: Site) -> None:
    publish(staffed, SEVEN)
    staffed.post(f"{HEALTH}/refresh", by="Eve")
    (item,) = staffed.get(HEALTH, by="Eve").get_json()["items"]
    path = f"{HEALTH}/{item['key']}/dismissal"
    aside = staffed.post(path, by="Eve", json={"reason": "太小"})
    assert aside.get_json()["dismissed"] == "太小"
    staffed.post(f"{HEALTH}/refresh", by="Eve")
    assert staffed.get(HEALTH, by="Eve").get_json()["items"] == []
    (dismissed,) = staffed.get(f"{HEALTH}?dismissed=true", by="Eve").get_json()["items"]
    assert dismissed["key"] == item["key"]
    assert staffed.call("DELETE", path, by="Eve").status_code == 200
    assert len(staffed.get(HEALTH, by="Eve").get_json()["items"]) == 1
    assert staffed.post(f"{HEALTH}/none/dismissal", by="Eve", json={}).status_code == 404


def test_a_run_over_everything_is_asked_for_once_and_listed(staffed: Site) -> None:
    publish(staffed, TESTED)
    path, tests = "/api/v1/knowledge/tests/runs", staffed.services.tests
    assert tests is not None
    for _ in range(2):
        queued = staffed.post(path, by="Eve")
        assert (queued.status_code, queued.get_json()) == (202, {"after": 0})
    meaning = staffed.services.meaning
    assert meaning is not None
    learning = Learning(staffed.services.db, lambda: meaning, lambda: tests)
    worker = Worker(staffed.services.db, senders={TESTS_WANTED: learning.want_tests})
    assert worker.drain_outbox(staffed.clock()) == 1
    assert [learning.run_tests(staffed.clock()) for _ in range(2)] == [1, 0]

    (run,) = staffed.get(f"{path}?scope=all", by="Eve").get_json()["items"]
    assert (run["cases"], run["passed"], run["recall_at_1"]) == (1, 1, 1.0)
    assert (run["by"], run["abstained"]) == ("Eve", None)
    shown = staffed.get(f"{path}/{run['id']}", by="Eve").get_json()
    assert shown == {**run, "failures": []}
    assert staffed.get(f"{path}/999", by="Eve").status_code == 404


def test_a_text_whose_own_test_fails_is_not_published_without_a_reason(staffed: Site) -> None:
    publish(staffed, SEVEN)
    wrong = TESTED.replace("question: 货到付款", "question: 签收后几天内可以无理由退货")
    refused = publish(staffed, wrong)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "KnowledgeTestsFail")
    (failing,) = refused.get_json()["details"]["failing"]
    assert failing["found"] == "a / 几天内可以退"
    with staffed.services.db.read() as work:
        assert work.articles.find("pay") is None
    assert publish(staffed, wrong, override="先上线，明天改").status_code == 201
    with staffed.services.db.read() as work:
        entry = next(e for e in work.audit.latest() if e.action == "article.tests_overridden")
    assert entry.detail == {"reason": "先上线，明天改", "tests": "1"}


def test_a_text_that_takes_another_articles_question_is_held_up(staffed: Site) -> None:
    assert publish(staffed, TESTED).status_code == 201
    greedy = "---\nid: z\ntitle: 货到付款\n---\n\n## 货到付款\n\n货到付款货到付款货到付款\n"
    begun = staffed.post("/api/v1/articles/drafts", by="Eve", json={"markdown": greedy, "id": "z"})
    assert begun.status_code == 201
    tried = staffed.post("/api/v1/articles/z/draft/tests", by="Eve").get_json()
    assert (tried["passed"], [case["article_id"] for case in tried["broken"]]) == (False, ["pay"])
    body = {"version": begun.get_json()["version"]}
    refused = staffed.post("/api/v1/articles/z/draft/publish", by="Eve", json=body)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "KnowledgeTestsFail")
    body["override"] = "新文章更全"
    published = staffed.post("/api/v1/articles/z/draft/publish", by="Eve", json=body)
    assert published.status_code == 200
    with staffed.services.db.read() as work:
        assert "新文章更全" in (work.revisions.get("z", 2).reason or "")
    scopes = staffed.get("/api/v1/knowledge/tests/runs?article_id=z", by="Eve").get_json()["items"]
    assert [run["scope"] for run in scopes] == ["publish", "publish", "save"]


def test_going_back_and_restoring_pass_the_same_gate(staffed: Site) -> None:
    publish(staffed, SEVEN)
    wrong = TESTED.replace("question: 货到付款", "question: 签收后几天内可以无理由退货")
    assert publish(staffed, wrong, override="先上线").status_code == 201
    one = "/api/v1/articles/pay"
    body = {"markdown": TESTED, "revision": 1}
    assert staffed.put(one, by="Eve", json=body).status_code == 200

    def bring_back(how: str, **body: object) -> Any:
        return staffed.post(f"{one}/{how}", by="Eve", json=body)

    refused = bring_back("revisions/1/roll-back")
    assert (refused.status_code, refused.get_json()["error"]) == (409, "KnowledgeTestsFail")
    assert [t["found"] for t in refused.get_json()["details"]["failing"]] == ["a / 几天内可以退"]
    done = bring_back("revisions/1/roll-back", override="客户要求", reason="退回")
    assert done.status_code == 200
    with staffed.services.db.read() as work:
        reason = work.revisions.get("pay", done.get_json()["revision"]).reason
    assert reason == "退回 [1 tests overridden: 客户要求]"

    assert staffed.call("DELETE", one, by="Eve").status_code == 200
    assert bring_back("restore").get_json()["error"] == "KnowledgeTestsFail"
    assert bring_back("restore", override="照旧").status_code == 200


def test_a_draft_is_tested_for_the_brand_of_its_article(staffed: Site) -> None:
    """Also where its text does not name it: other brands' articles take nothing from it."""
    assert publish(staffed, SEVEN).status_code == 201
    assert publish(staffed, NINE.replace("id: b\n", "id: b\nbrand: lux\n")).status_code == 201
    test = "tests:\n  - question: 签收后几天内可以无理由退货\n    heading: 退货期限\n"
    body = {"markdown": NINE.replace("id: b\n", f"id: b\n{test}"), "version": 0}
    draft = staffed.put("/api/v1/articles/b/draft", by="Eve", json=body)
    assert draft.status_code == 200, draft.get_json()
    tried = staffed.post("/api/v1/articles/b/draft/tests", by="Eve").get_json()
    assert (tried["passed"], tried["run"]["cases"]) == (True, 1)
    publication = {"version": draft.get_json()["version"]}
    done = staffed.post("/api/v1/articles/b/draft/publish", by="Eve", json=publication)
    assert done.status_code == 200
    again = {"markdown": body["markdown"], "revision": done.get_json()["revision"]}
    assert staffed.put("/api/v1/articles/b", by="Eve", json=again).status_code == 200
