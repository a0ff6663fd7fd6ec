"""Steps on many articles over HTTP: each by itself, nobody's work overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handoff.agent import Role
from knowledge.loader import read_article
from tests.webapp.site import Site, make_site
from webapp.db.database import Database

BULK = "/api/v1/articles/bulk"
TEXT = "---\ntitle: {title}\nauthor: 店长\n---\n\n{title}的说明。\n"


def people(site: Site) -> Site:
    for name, role in (("ed", Role.EDITOR), ("eva", Role.EDITOR), ("chief", Role.SUPERVISOR)):
        site.add_staff(name, role)
    return site


@pytest.fixture
def shop(any_site: Site) -> Site:
    """Three live articles: of b its editor has a draft, of c somebody else."""
    site = people(any_site)
    for name in "abc":
        body = {"markdown": TEXT.format(title=f"文章{name}"), "id": name}
        assert site.post("/api/v1/articles", by="ed", json=body).status_code == 201
    for name, by in (("b", "ed"), ("c", "eva")):
        body = {"markdown": TEXT.format(title=f"新文章{name}"), "version": 0}
        assert site.put(f"/api/v1/articles/{name}/draft", by=by, json=body).status_code == 200
    return site


def entries(site: Site) -> list[dict[str, Any]]:
    """What the library shows, as the page sends it back."""
    shown = site.get("/api/v1/knowledge/catalogue", by="ed").get_json()["items"]
    return [
        {"id": e["id"], "revision": e["revision"], "version": (e["draft"] or {}).get("version", 0)}
        for e in sorted(shown, key=lambda entry: entry["id"])
    ]


def bulk(site: Site, action: str, items: list[dict[str, Any]], **more: Any) -> Any:
    answer = site.post(BULK, by="ed", json={"action": action, "items": items, **more})
    assert answer.status_code == 200, answer.get_json()
    told = answer.get_json()
    done = {one["id"]: one["outcome"] for one in told["done"]}
    return done, {one["id"]: one["error"] for one in told["failed"]}


def test_a_change_is_live_in_the_draft_or_refused_for_each_by_itself(shop: Site) -> None:
    change = {"category": "售后/退换", "tags": ["退换"], "valid_until": "2030-01-31"}
    done, failed = bulk(shop, "change", entries(shop), change=change)
    assert (done, failed) == ({"a": "live", "b": "draft"}, {"c": "DraftLocked"})
    a = shop.get("/api/v1/articles/a", by="ed").get_json()
    assert (a["category"], a["tags"], a["valid_until"]) == (
        ["售后", "退换"],
        ["退换"],
        "2030-01-31",
    )
    assert "author: 店长" in a["markdown"]
    assert shop.get("/api/v1/articles/b", by="ed").get_json()["category"] == []
    draft = shop.get("/api/v1/articles/b/draft", by="ed").get_json()
    assert "category: 售后/退换" in draft["markdown"]
    assert bulk(shop, "change", entries(shop)[:1], change=change) == ({"a": "unchanged"}, {})
    done, _ = bulk(shop, "change", entries(shop)[:1], change={"valid_until": None, "category": ""})
    a = shop.get("/api/v1/articles/a", by="ed").get_json()
    assert (done, a["valid_until"], a["category"]) == ({"a": "live"}, None, [])


def test_what_somebody_changed_meanwhile_is_not_touched(shop: Site) -> None:
    seen = entries(shop)
    body = {"markdown": TEXT.format(title="更新的文章a"), "revision": 1}
    assert shop.put("/api/v1/articles/a", by="eva", json=body).status_code == 200
    body = {"markdown": TEXT.format(title="更新的草稿b"), "version": 1}
    assert shop.put("/api/v1/articles/b/draft", by="ed", json=body).status_code == 200
    done, failed = bulk(shop, "archive", seen)
    assert (done, failed) == ({"b": "archived", "c": "archived"}, {"a": "EditConflict"})
    assert bulk(shop, "publish", seen)[1]["b"] == "DraftMoved"


def test_drafts_are_submitted_and_published_and_what_has_none_is_told(shop: Site) -> None:
    done, failed = bulk(shop, "publish", entries(shop), reason="一起发布")
    assert (done, failed) == ({"b": "live", "c": "live"}, {"a": "DraftNotFound"})
    history = shop.get("/api/v1/articles/b/revisions", by="ed").get_json()["items"]
    assert (history[0]["state"], history[0]["reason"]) == ("published", "一起发布")
    body = {"markdown": TEXT.format(title="再改"), "version": 0}
    shop.put("/api/v1/articles/a/draft", by="ed", json=body)
    assert bulk(shop, "submit", entries(shop)[:1]) == ({"a": "review"}, {})
    assert bulk(shop, "publish", entries(shop)[:1]) == ({}, {"a": "DraftLocked"})


def test_where_texts_are_reviewed_a_change_waits_and_nothing_is_published(
    sqlite_db: Database, tmp_path: Path
) -> None:
    site = people(make_site(sqlite_db, tmp_path, review_required=True))
    body = {"markdown": TEXT.format(title="文章a"), "id": "a"}
    site.post("/api/v1/articles/drafts", by="ed", json=body)
    assert bulk(site, "publish", entries(site)) == ({}, {"a": "ReviewRequired"})
    assert bulk(site, "archive", entries(site)) == ({}, {"a": "NotPublished"})
    assert bulk(site, "change", entries(site), change={"category": "售后"})[0] == {"a": "draft"}
    (shown,) = site.get("/api/v1/knowledge/catalogue", by="ed").get_json()["items"]
    assert shown["category"] == ["售后"]
    assert bulk(site, "submit", entries(site))[0] == {"a": "review"}
    version = entries(site)[0]["version"]
    site.post("/api/v1/articles/a/draft/approve", by="chief", json={"version": version})
    done, _ = bulk(site, "change", entries(site), change={"product": "耳机"})
    assert done == {"a": "review"}
    waiting = site.get("/api/v1/articles/drafts?state=review", by="chief").get_json()["items"]
    assert [draft["article_id"] for draft in waiting] == ["a"]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "archive", "items": []},
        {"action": "change", "items": [{"id": "a", "revision": 1}]},
        {"action": "change", "items": [{"id": "a", "revision": 1}], "change": {}},
        {"action": "change", "items": [{"id": "a", "revision": 1}], "change": {"category": "a//b"}},
        {"action": "burn", "items": [{"id": "a", "revision": 1}]},
        {"action": "archive", "items": [{"id": "a", "revision": 1}] * 2},
        {"action": "archive", "items": [{"id": f"a{n}", "revision": 1} for n in range(51)]},
    ],
)
def test_what_cannot_be_meant_is_refused_as_a_whole(site: Site, body: dict[str, Any]) -> None:
    people(site)
    assert site.post(BULK, by="ed", json=body).status_code == 422


def test_an_article_that_is_not_there_is_told(shop: Site) -> None:
    done, failed = bulk(shop, "archive", [{"id": "z", "revision": 1}])
    assert (done, failed) == ({}, {"z": "ArticleNotFound"})


def test_properties_of_a_text_that_was_live_before_its_words_were_refused_are_changed(
    shop: Site,
) -> None:
    publisher = shop.services.publisher
    assert publisher is not None
    text = read_article(TEXT.format(title="文章标题"), file="old.md")
    publisher.publish(text, by="ed", now=shop.clock())
    items = [entry for entry in entries(shop) if entry["id"] == "old"]
    assert bulk(shop, "change", items, change={"tags": ["退换"]}) == ({"old": "live"}, {})


def test_a_change_leaves_the_brand_as_it_is(shop: Site) -> None:
    """Also where the text does not name it: the brand is the article's."""
    with shop.services.db.write() as work:
        work.articles.get("a").brand_id = "lux"
    with shop.services.db.read() as work:
        item = {"id": "a", "revision": work.articles.get("a").revision}
    assert bulk(shop, "change", [item], change={"product": "手表"}) == ({"a": "live"}, {})
    with shop.services.db.read() as work:
        article = work.articles.get("a")
        assert (article.product, article.brand_id) == ("手表", "lux")


def test_what_is_wrong_with_a_text_is_told_in_both_languages(shop: Site) -> None:
    body = {"markdown": "---\n- kein\n---\n\n正文\n", "version": 1}
    assert shop.put("/api/v1/articles/b/draft", by="ed", json=body).status_code == 200
    item = {"id": "b", "revision": 1, "version": 2}
    sent = {"action": "change", "items": [item], "change": {"product": "手表"}}
    (failed,) = shop.post(BULK, by="ed", json=sent).get_json()["failed"]
    assert failed["error"] == "BadArticle"
    assert "its front matter cannot be read" in failed["message"]
    assert failed["message_zh"] == "抬头读不出来；先在编辑器里改好。"


def test_what_was_held_up_says_as_much_as_a_single_step(shop: Site) -> None:
    """Words of the template, a test that fails, a draft in review, no draft."""
    test = "tests:\n  - question: 文章a的说明\n    heading: 龙虾"
    texts = [
        ("a", 0, TEXT.format(title="文章标题")),
        ("b", 1, f"---\ntitle: 龙虾\n{test}\n---\n\n趁热吃。\n"),
    ]
    for name, version, text in texts:
        body = {"markdown": text, "version": version}
        assert shop.put(f"/api/v1/articles/{name}/draft", by="ed", json=body).status_code == 200
    shop.post("/api/v1/articles/c/draft/submit", by="eva", json={"version": 1})
    items = entries(shop)
    answer = shop.post(BULK, by="ed", json={"action": "publish", "items": items}).get_json()
    told = {one["id"]: one for one in answer["failed"]}
    for name, item in zip("ab", items, strict=False):
        body = {"version": item["version"]}
        alone = shop.post(f"/api/v1/articles/{name}/draft/publish", by="ed", json=body).get_json()
        assert (told[name]["error"], told[name]["details"]) == (alone["error"], alone["details"])
    assert told["a"]["details"][0]["line"] == 2
    assert "模板" in told["a"]["message_zh"]
    assert told["c"]["message_zh"] == "这份草稿正在审核；先撤回。"
