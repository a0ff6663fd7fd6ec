"""Drafts over HTTP: from the first words to the published article, by role."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from handoff.agent import Role
from tests.webapp.site import Site, make_site
from webapp.db.database import Database

SEVEN = "---\ntitle: 退货\n---\n\n签收后七天内可以退货。\n"
EIGHT = SEVEN.replace("七", "八")
NINE = SEVEN.replace("七", "九")
DRAFT = "/api/v1/articles/returns/draft"


def people(site: Site) -> Site:
    for name, role in (
        ("ed", Role.EDITOR),
        ("eva", Role.EDITOR),
        ("chief", Role.SUPERVISOR),
        ("boss", Role.ADMIN),
        ("anna", Role.AGENT),
    ):
        site.add_staff(name, role)
    return site


@pytest.fixture
def shop(site: Site) -> Site:
    """A small shop, in which editors publish themselves."""
    return people(site)


@pytest.fixture
def reviewed(sqlite_db: Database, tmp_path: Path) -> Site:
    """An installation that publishes only what was reviewed."""
    return people(make_site(sqlite_db, tmp_path, review_required=True))


def done(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def refused(answer: TestResponse, status: int, code: str) -> Any:
    told = answer.get_json()
    assert (answer.status_code, told["error"]) == (status, code), told
    return told


def publish(site: Site, markdown: str = SEVEN, by: str = "boss") -> None:
    done(site.post("/api/v1/articles", by=by, json={"markdown": markdown, "id": "returns"}), 201)


def approved(site: Site, markdown: str = SEVEN) -> None:
    """The article, written by one and approved by another."""
    begun = site.post(
        "/api/v1/articles/drafts", by="ed", json={"markdown": markdown, "id": "returns"}
    )
    done(begun, 201)
    done(step(site, "submit", "ed", 1))
    done(step(site, "approve", "chief", 2))


def save(site: Site, markdown: str, version: int = 0, by: str = "ed") -> TestResponse:
    return site.put(DRAFT, by=by, json={"markdown": markdown, "version": version})


def step(site: Site, name: str, by: str, version: int, **rest: Any) -> TestResponse:
    return site.post(f"{DRAFT}/{name}", by=by, json={"version": version, **rest})


def answered(site: Site, words: str) -> bool:
    found = site.get(f"/api/v1/articles/search?q={words}", by="anna").get_json()
    return bool(found["answerable"])


def test_a_new_article_goes_from_its_first_draft_through_review_to_the_customers(
    reviewed: Site,
) -> None:
    body = {"markdown": SEVEN, "id": "returns"}
    begun = done(reviewed.post("/api/v1/articles/drafts", by="ed", json=body), 201)
    assert (begun["state"], begun["version"], begun["author"]) == ("draft", 1, "ed")
    assert (begun["problems"], begun["base"], begun["live_revision"]) == ([], 0, 0)
    (listed,) = done(reviewed.get("/api/v1/articles", by="anna"))["items"]
    assert (listed["status"], listed["draft"]["state"], listed["revision"]) == ("draft", "draft", 0)

    done(step(reviewed, "submit", "ed", 1, reason="请看运费"))
    (waiting,) = done(reviewed.get("/api/v1/articles/drafts?state=review", by="chief"))["items"]
    assert (waiting["article_id"], waiting["reason"]) == ("returns", "请看运费")
    assert not answered(reviewed, "七天")

    rejected = done(step(reviewed, "reject", "chief", 2, reason="写明谁付运费"))
    assert (rejected["state"], rejected["reason"]) == ("draft", "写明谁付运费")
    done(save(reviewed, EIGHT, 3))
    done(step(reviewed, "submit", "ed", 4))
    article = done(step(reviewed, "approve", "chief", 5, reason="好"))

    assert (article["status"], article["draft"], article["updated_by"]) == ("published", None, "ed")
    assert answered(reviewed, "八天")
    history = done(reviewed.get("/api/v1/articles/returns/revisions", by="ed"))["items"]
    assert [(h["state"], h["by"]) for h in history] == [
        ("published", "chief"),
        ("review", "ed"),
        ("draft", "ed"),
        ("rejected", "chief"),
        ("review", "ed"),
        ("draft", "ed"),
    ]
    assert [h["live"] for h in history] == [True, *[False] * 5]


def test_a_draft_does_not_touch_what_customers_get(shop: Site) -> None:
    publish(shop)
    done(save(shop, EIGHT))
    assert (answered(shop, "七天"), answered(shop, "八天")) == (True, False)
    (listed,) = done(shop.get("/api/v1/articles", by="ed"))["items"]
    assert (listed["status"], listed["revision"]) == ("published", 1)
    assert (listed["draft"]["author"], listed["draft"]["base"]) == ("ed", 1)
    assert done(shop.get(DRAFT, by="chief"))["markdown"] == EIGHT


def test_of_two_editors_the_later_one_gets_the_others_text_with_name_and_time(shop: Site) -> None:
    publish(shop)
    done(save(shop, EIGHT, by="eva"))
    told = refused(save(shop, NINE, by="ed"), 409, "DraftMoved")
    assert told["details"] == {
        "by": "eva",
        "at": shop.clock().isoformat(),
        "number": 1,
        "markdown": EIGHT,
    }
    assert done(save(shop, NINE, 1, by="ed"))["version"] == 2


def test_who_publishes_over_a_newer_text_gets_that_text(shop: Site) -> None:
    publish(shop)
    body = {"markdown": EIGHT, "revision": 1}
    done(shop.put("/api/v1/articles/returns", by="eva", json=body))
    late = shop.put("/api/v1/articles/returns", by="ed", json={"markdown": NINE, "revision": 1})
    details = refused(late, 409, "EditConflict")["details"]
    assert (details["by"], details["number"], details["markdown"]) == ("eva", 2, EIGHT)


def test_a_draft_that_the_live_text_has_overtaken_is_published_after_it_was_compared(
    shop: Site,
) -> None:
    publish(shop)
    done(save(shop, NINE))
    done(shop.put("/api/v1/articles/returns", by="eva", json={"markdown": EIGHT, "revision": 1}))
    draft = done(shop.get(DRAFT, by="ed"))
    assert (draft["base"], draft["live_revision"]) == (1, 3)
    told = refused(step(shop, "publish", "ed", 1), 409, "LiveMoved")
    assert (told["details"]["by"], told["details"]["markdown"]) == ("eva", EIGHT)
    seen = {"markdown": NINE, "version": 1, "base_revision": 3}
    assert done(shop.put(DRAFT, by="ed", json=seen))["version"] == 2
    done(step(shop, "publish", "ed", 2))
    assert answered(shop, "九天")


def test_editors_publish_themselves_unless_a_review_is_required(shop: Site) -> None:
    publish(shop, by="ed")
    done(save(shop, EIGHT))
    article = done(step(shop, "publish", "ed", 1, reason="改天数"))
    assert (article["revision"], article["updated_by"]) == (3, "ed")
    assert answered(shop, "八天")


def test_where_a_review_is_required_no_way_leads_past_it_for_an_editor(reviewed: Site) -> None:
    approved(reviewed)
    done(save(reviewed, EIGHT))
    article = "/api/v1/articles/returns"
    ways = [
        reviewed.post("/api/v1/articles", by="ed", json={"markdown": SEVEN, "id": "other"}),
        reviewed.put(article, by="ed", json={"markdown": EIGHT, "revision": 1}),
        step(reviewed, "publish", "ed", 1),
        reviewed.post(f"{article}/revisions/1/roll-back", by="ed", json={}),
        reviewed.post(f"{article}/restore", by="ed", json={}),
    ]
    for way in ways:
        assert "submit it for review" in refused(way, 403, "ReviewRequired")["message"]
    refused(step(reviewed, "approve", "ed", 1), 403, "NotAllowed")
    assert answered(reviewed, "七天")
    done(step(reviewed, "submit", "ed", 1))
    done(step(reviewed, "approve", "boss", 2))
    assert answered(reviewed, "八天")


def test_nobody_approves_or_publishes_what_he_wrote_himself_where_another_could(
    reviewed: Site,
) -> None:
    approved(reviewed)
    done(save(reviewed, EIGHT, by="boss"))
    refused(step(reviewed, "publish", "boss", 1), 403, "ReviewRequired")
    done(step(reviewed, "submit", "boss", 1))
    told = refused(step(reviewed, "approve", "boss", 2), 403, "SecondPersonNeeded")
    assert "another supervisor or administrator" in told["message"]
    done(step(reviewed, "approve", "chief", 2))
    assert answered(reviewed, "八天")


def test_the_only_one_who_may_approve_publishes_his_own(
    sqlite_db: Database, tmp_path: Path
) -> None:
    small = make_site(sqlite_db, tmp_path, review_required=True)
    small.add_staff("boss", Role.ADMIN)
    small.add_staff("anna", Role.AGENT)
    publish(small)
    done(save(small, EIGHT, by="boss"))
    done(step(small, "submit", "boss", 1))
    done(step(small, "approve", "boss", 2))
    assert answered(small, "八天")


def test_a_draft_may_be_published_at_a_later_time_and_taken_back(shop: Site) -> None:
    publish(shop)
    done(save(shop, EIGHT))
    time = shop.clock() + timedelta(hours=1)
    article = done(step(shop, "publish", "ed", 1, publish_at=time.isoformat()))
    assert (article["status"], article["draft"]["state"]) == ("published", "scheduled")
    assert article["draft"]["publish_at"].startswith(time.isoformat()[:19])
    refused(save(shop, NINE, 2), 409, "DraftLocked")
    withdrawn = done(step(shop, "withdraw", "eva", 2))
    assert (withdrawn["state"], withdrawn["publish_at"]) == ("draft", None)


@pytest.mark.parametrize("moment", ["2026-11-22T08:00:00Z", "2036-01-01T00:00:00+08:00"])
def test_a_time_that_is_past_or_years_away_is_refused(shop: Site, moment: str) -> None:
    publish(shop)
    done(save(shop, EIGHT))
    refused(step(shop, "publish", "ed", 1, publish_at=moment), 422, "BadSchedule")


def test_a_time_without_a_zone_is_refused_since_nobody_knows_when_it_is(shop: Site) -> None:
    publish(shop)
    done(save(shop, EIGHT))
    answer = step(shop, "publish", "ed", 1, publish_at="2026-12-01T09:00:00")
    refused(answer, 422, "InvalidInput")


def test_a_rejection_needs_a_reason(shop: Site) -> None:
    publish(shop)
    done(save(shop, EIGHT))
    done(step(shop, "submit", "ed", 1))
    refused(step(shop, "reject", "chief", 2, reason=" "), 422, "ReasonMissing")
    refused(step(shop, "reject", "chief", 2), 422, "InvalidInput")


def test_a_text_with_mistakes_is_saved_shown_and_not_submitted(shop: Site) -> None:
    publish(shop)
    broken = "---\ntitle: [\n---\n\n**八天**<script>alert(1)</script>"
    saved = done(save(shop, broken))
    assert saved["problems"][0]["line"]
    assert saved["problems"][0]["message"]
    assert "<script" not in saved["html"]
    refused(step(shop, "submit", "ed", 1), 422, "BadArticle")
    refused(step(shop, "publish", "ed", 1), 422, "BadArticle")
    assert answered(shop, "七天")


def test_a_discarded_draft_of_a_new_article_takes_the_article_with_it(shop: Site) -> None:
    body = {"markdown": SEVEN, "id": "returns"}
    done(shop.post("/api/v1/articles/drafts", by="ed", json=body), 201)
    refused(shop.post("/api/v1/articles/drafts", by="eva", json=body), 409, "AlreadyExists")
    refused(shop.call("DELETE", "/api/v1/articles/returns", by="ed"), 409, "NotPublished")
    refused(shop.call("DELETE", f"{DRAFT}?version=2", by="ed"), 409, "DraftMoved")
    gone = done(shop.call("DELETE", f"{DRAFT}?version=1&reason=重复", by="ed"))
    assert gone == {"article_id": "returns", "article_left": False}
    assert shop.get("/api/v1/articles/returns", by="ed").status_code == 404
    publish(shop)
    done(save(shop, EIGHT))
    assert done(shop.call("DELETE", f"{DRAFT}?version=1", by="ed"))["article_left"] is True


def test_a_draft_that_is_not_there_is_not_found(shop: Site) -> None:
    publish(shop)
    refused(shop.get(DRAFT, by="ed"), 404, "DraftNotFound")
    refused(shop.get("/api/v1/articles/none/draft", by="ed"), 404, "ArticleNotFound")


def test_drafts_are_not_for_agents(shop: Site) -> None:
    publish(shop)
    done(save(shop, EIGHT))
    for path in (DRAFT, "/api/v1/articles/drafts", "/api/v1/articles/returns/revisions"):
        refused(shop.get(path, by="anna"), 403, "NotAllowed")
