from pathlib import Path

import pytest

from handoff.agent import Role
from tests.webapp.site import Site, make_site
from webapp.db.database import Database

GOOD = "---\ntitle: 退货\ntags: [售后]\n---\n\n# 退货\n\n签收后七天内可以退货。\n"


@pytest.fixture
def editors(site: Site) -> Site:
    site.add_staff("ed", Role.EDITOR)
    site.add_staff("anna")
    return site


def test_an_article_is_written_read_changed_and_archived(editors: Site) -> None:
    made = editors.post("/api/v1/articles", by="ed", json={"markdown": GOOD, "id": "returns"})
    assert made.status_code == 201
    article = made.get_json()
    assert (article["id"], article["title"], article["tags"]) == ("returns", "退货", ["售后"])
    assert article["html"] == "<p>签收后七天内可以退货。</p>\n"
    assert article["markdown"].startswith("---\n")
    assert article["updated_by"] == "ed"

    changed = editors.put(
        "/api/v1/articles/returns",
        by="ed",
        json={"markdown": article["markdown"].replace("七天", "十五天"), "revision": 1},
    ).get_json()
    assert changed["revision"] == 2
    found = editors.get("/api/v1/articles/search?q=十五天", by="anna").get_json()
    assert found["answerable"] is True
    assert found["hits"][0]["article_id"] == "returns"
    assert set(found["hits"][0]) >= {"title", "heading", "passage", "score", "why"}

    assert editors.call("DELETE", "/api/v1/articles/returns", by="ed").status_code == 200
    assert editors.get("/api/v1/articles", by="ed").get_json()["items"] == []
    archived = editors.get("/api/v1/articles?status=archived", by="ed").get_json()["items"]
    assert [a["id"] for a in archived] == ["returns"]


def test_of_two_editors_the_later_one_is_told(editors: Site) -> None:
    editors.post("/api/v1/articles", by="ed", json={"markdown": GOOD, "id": "returns"})
    change = {"markdown": GOOD.replace("七", "八"), "revision": 1}
    assert editors.put("/api/v1/articles/returns", by="ed", json=change).status_code == 200
    late = editors.put("/api/v1/articles/returns", by="ed", json=change)
    assert (late.status_code, late.get_json()["error"]) == (409, "EditConflict")


def test_an_id_that_is_taken_is_refused(editors: Site) -> None:
    body = {"markdown": GOOD, "id": "returns"}
    editors.post("/api/v1/articles", by="ed", json=body)
    again = editors.post("/api/v1/articles", by="ed", json=body)
    assert (again.status_code, again.get_json()["error"]) == (409, "AlreadyExists")


def test_an_article_without_an_id_is_named_after_its_title(editors: Site) -> None:
    made = editors.post("/api/v1/articles", by="ed", json={"markdown": "# 会员 等级\n\n三级。"})
    assert made.get_json()["id"] == "会员-等级"


def test_an_article_without_a_title_is_refused(editors: Site) -> None:
    bare = {"markdown": "---\ntitle:\n---\n\n下单备注即可。\n"}
    refused = editors.post("/api/v1/articles", by="ed", json=bare)
    assert refused.status_code == 422
    assert refused.get_json()["error"] == "TitleMissing"


def test_script_in_markdown_does_not_run_in_any_rendering(editors: Site) -> None:
    evil = GOOD + "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=a()>"
    made = editors.post("/api/v1/articles", by="ed", json={"markdown": evil, "id": "evil"})
    preview = editors.post("/api/v1/articles/preview", by="ed", json={"markdown": evil})
    found = editors.get("/api/v1/articles/search?q=签收", by="ed").get_json()
    for html in (made.get_json()["html"], preview.get_json()["html"], found["hits"][0]["html"]):
        assert "<script" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html


def test_a_preview_says_what_is_wrong_and_still_renders(editors: Site) -> None:
    broken = "---\ntitle: [\n---\n\n**字**"
    preview = editors.post("/api/v1/articles/preview", by="ed", json={"markdown": broken})
    assert preview.status_code == 200
    assert preview.get_json()["problem"]


def test_a_broken_front_matter_is_refused_with_its_line(editors: Site) -> None:
    body = {"markdown": "---\ntitle: 好\nversions: {a: 1}\n---\n\n字", "id": "a"}
    refused = editors.post("/api/v1/articles", by="ed", json=body)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "BadArticle")
    (problem,) = refused.get_json()["details"]
    assert problem["line"] == 3
    assert problem["message"]


@pytest.mark.parametrize("query", ["", "q=", "q=a&limit=0", "q=a&limit=x", "q=" + "长" * 1001])
def test_a_bad_search_is_refused(editors: Site, query: str) -> None:
    assert editors.get(f"/api/v1/articles/search?{query}", by="ed").status_code == 422


def test_times_without_a_zone_are_in_the_installations(sqlite_db: Database, tmp_path: Path) -> None:
    site = make_site(sqlite_db, tmp_path, timezone="America/Los_Angeles")
    site.add_staff("ed", Role.EDITOR)
    text = "---\ntitle: 退货\npublish_at: 2026-12-20 09:00\n---\n\n七天。\n"
    moment = "2026-12-20T17:00:00Z"
    at_once = site.post("/api/v1/articles", by="ed", json={"markdown": text, "id": "returns"})
    assert at_once.get_json()["draft"]["publish_at"] == moment
    begun = site.post("/api/v1/articles/drafts", by="ed", json={"markdown": text, "id": "repair"})
    assert begun.status_code == 201
    step = {"version": 1}
    planned = site.post("/api/v1/articles/repair/draft/publish", by="ed", json=step)
    assert planned.get_json()["draft"]["publish_at"] == moment
    shown = site.post("/api/v1/articles/preview", by="ed", json={"markdown": text})
    assert shown.get_json()["front_matter"]["publish_at"] == moment
