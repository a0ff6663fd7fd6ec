"""A text that is not live is asked as if it were, and nobody notices."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from handoff.agent import Role
from tests.webapp.site import Site, with_real_search

ASK = "/api/v1/articles/ask"
LIVE = "---\nid: returns\ntitle: 退货\n---\n\n## 期限\n\n七天内可退。\n"
DRAFT = LIVE.replace("七天内可退。", "十五天内可退，运费我们出。")
OTHER = "---\nid: lobster\ntitle: 龙虾\n---\n\n## 怎么吃\n\n龙虾趁热吃。\n"


@pytest.fixture
def staffed(any_site: Site) -> Site:
    site = with_real_search(any_site)
    site.add_staff("Eve", Role.EDITOR)
    site.add_staff("Sam", Role.SUPERVISOR)
    for markdown in (LIVE, OTHER):
        published = site.post("/api/v1/articles", by="Eve", json={"markdown": markdown})
        assert published.status_code == 201
    return site


def asked(site: Site, q: str, markdown: str, **more: Any) -> TestResponse:
    return site.post(ASK, by="Eve", json={"q": q, "markdown": markdown, **more})


def live(site: Site, q: str) -> list[str]:
    hits = site.get(f"/api/v1/articles/search?q={q}", by="Eve").get_json()["hits"]
    return [hit["passage"] for hit in hits]


def test_a_text_answers_in_the_place_of_its_article_and_is_not_live(staffed: Site) -> None:
    answer = asked(staffed, "几天内可退", DRAFT, id="returns").get_json()
    first = answer["hits"][0]
    assert (answer["article_id"], first["article_id"]) == ("returns", "returns")
    assert first["passage"] == "十五天内可退，运费我们出。"
    assert "七天内可退。" not in [hit["passage"] for hit in answer["hits"]]
    assert live(staffed, "几天内可退")[0] == "七天内可退。"


def test_other_articles_answer_as_they_do(staffed: Site) -> None:
    answer = asked(staffed, "龙虾怎么吃", DRAFT, id="returns").get_json()
    assert answer["hits"][0]["article_id"] == "lobster"
    assert answer["hits"][0]["article_id"] != answer["article_id"]


def test_a_new_text_stands_beside_what_is_live(staffed: Site) -> None:
    answer = asked(staffed, "螃蟹几分钟", "# 螃蟹\n\n螃蟹蒸十五分钟。").get_json()
    assert answer["hits"][0]["article_id"] == answer["article_id"] == "new-article"
    assert {hit["article_id"] for hit in answer["hits"]} >= {"new-article", "returns"}
    assert "螃蟹蒸十五分钟。" not in live(staffed, "螃蟹几分钟")


def test_the_draft_is_asked_within_a_product_too(staffed: Site) -> None:
    phone = DRAFT.replace("id:", "product: 手机\nid:")
    within = asked(staffed, "几天内可退", phone, id="returns", product="耳机").get_json()
    assert [hit["article_id"] for hit in within["hits"]] == ["lobster"]


def test_what_seems_none_of_our_business_takes_more_before_it_is_told(staffed: Site) -> None:
    search = "/api/v1/articles/search?q="
    for question in ("几天内可退", "天气"):
        draft = asked(staffed, question, DRAFT, id="returns").get_json()
        live = staffed.get(search + question, by="Eve").get_json()
        for answer in (draft, live):
            usual = answer["min_score"] if question != "天气" else 0.97
            assert answer["told_from"] == usual


def test_terms_are_read_in_it_too(staffed: Site) -> None:
    term = {"term": "十五天", "synonyms": ["半个月"]}
    assert staffed.post("/api/v1/knowledge/terms", by="Eve", json=term).status_code == 201
    answer = asked(staffed, "半个月能退吗", DRAFT, id="returns").get_json()
    assert answer["read"] == [{"said": "半个月", "term": "十五天"}]


def test_a_text_with_mistakes_is_not_asked_and_says_what_is_wrong(staffed: Site) -> None:
    refused = asked(staffed, "几天内可退", DRAFT.replace("title: 退货", "title: [退"), id="returns")
    assert (refused.status_code, refused.get_json()["error"]) == (422, "BadArticle")
    assert refused.get_json()["details"][0]["message"]
    other = asked(staffed, "几天内可退", OTHER, id="returns")
    assert "leave the id as it is" in other.get_json()["message"]


def test_only_who_writes_may_ask_a_text(staffed: Site) -> None:
    body = {"q": "几天内可退", "markdown": DRAFT}
    assert staffed.post(ASK, by="Sam", json=body).status_code == 403
