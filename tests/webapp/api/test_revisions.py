"""The history of an article over HTTP: read, compared, rolled back, restored."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.agent import Role
from tests.webapp.site import Site

SEVEN = "---\ntitle: 退货\nvalid_until: 2026-11-21\n---\n\n签收后七天内可以退货。\n"
EIGHT = SEVEN.replace("七", "八")
NINE = SEVEN.replace("七", "九")
ARTICLE = "/api/v1/articles/returns"


@pytest.fixture
def shop(site: Site) -> Site:
    """An article that was published twice, and the draft of a third text."""
    site.add_staff("ed", Role.EDITOR)
    site.add_staff("eva", Role.EDITOR)
    body: dict[str, Any] = {"markdown": SEVEN, "id": "returns"}
    assert site.post("/api/v1/articles", by="ed", json=body).status_code == 201
    body = {"markdown": EIGHT, "revision": 1}
    assert site.put(ARTICLE, by="eva", json=body).status_code == 200
    body = {"markdown": NINE, "version": 0}
    assert site.put(f"{ARTICLE}/draft", by="ed", json=body).status_code == 200
    return site


def marked(side: list[dict[str, Any]]) -> str:
    return "".join(f"[{span['text']}]" if span["changed"] else span["text"] for span in side)


def test_every_text_is_kept_as_it_was_written(shop: Site) -> None:
    history = shop.get(f"{ARTICLE}/revisions", by="ed").get_json()
    assert [(h["number"], h["state"], h["author"]) for h in history["items"]] == [
        (3, "draft", "ed"),
        (2, "published", "eva"),
        (1, "published", "ed"),
    ]
    assert history["next_cursor"] is None
    first = shop.get(f"{ARTICLE}/revisions/1", by="ed").get_json()
    assert (first["markdown"], first["live"]) == (SEVEN, False)
    assert "七天" in first["html"]
    assert shop.get(ARTICLE, by="ed").get_json()["markdown"] == EIGHT
    for number in (9, 0):
        missing = shop.get(f"{ARTICLE}/revisions/{number}", by="ed")
        assert (missing.status_code, missing.get_json()["error"]) == (404, "RevisionNotFound")


def test_a_long_history_is_read_in_parts(shop: Site) -> None:
    first = shop.get(f"{ARTICLE}/revisions?limit=2", by="ed").get_json()
    rest = shop.get(f"{ARTICLE}/revisions?cursor={first['next_cursor']}", by="ed").get_json()
    assert [h["number"] for h in [*first["items"], *rest["items"]]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "numbers", "old", "new"),
    [
        ("", (2, None), "[八]天", "[九]天"),
        ("?from=1&to=2", (1, 2), "[七]天", "[八]天"),
        ("?from=draft&to=1", (None, 1), "[九]天", "[七]天"),
        ("?from=3&to=live", (3, 2), "[九]天", "[八]天"),
    ],
)
def test_two_texts_stand_side_by_side(
    shop: Site, query: str, numbers: tuple[int | None, int | None], old: str, new: str
) -> None:
    diff = shop.get(f"{ARTICLE}/diff{query}", by="ed").get_json()
    assert (diff["old"]["number"], diff["new"]["number"]) == numbers
    (row,) = [row for row in diff["rows"] if row["kind"] != "equal"]
    assert (row["kind"], row["old_line"], row["new_line"]) == ("changed", 6, 6)
    assert marked(row["old"]) == f"签收后{old}内可以退货。"
    assert marked(row["new"]) == f"签收后{new}内可以退货。"
    assert len(diff["rows"]) == 6


@pytest.mark.parametrize("query", ["from=0", "to=x", "from=-1", "from=99999999999"])
def test_a_side_that_cannot_be_is_refused(shop: Site, query: str) -> None:
    assert shop.get(f"{ARTICLE}/diff?{query}", by="ed").status_code == 422


def test_a_side_that_is_not_there_is_not_found(shop: Site) -> None:
    shop.call("DELETE", f"{ARTICLE}/draft?version=1", by="ed")
    assert shop.get(f"{ARTICLE}/diff?from=1&to=2", by="ed").status_code == 200
    for query in ("", "?from=1&to=77"):
        assert shop.get(f"{ARTICLE}/diff{query}", by="ed").status_code == 404


def test_an_article_is_rolled_back_to_an_earlier_text(shop: Site) -> None:
    path = f"{ARTICLE}/revisions/1/roll-back"
    late = shop.post(path, by="ed", json={"revision": 1})
    assert (late.status_code, late.get_json()["error"]) == (409, "EditConflict")
    back = shop.post(path, by="ed", json={"revision": 2, "reason": "写错了"}).get_json()
    assert (back["revision"], back["markdown"]) == (4, SEVEN)
    newest = shop.get(f"{ARTICLE}/revisions", by="ed").get_json()["items"][0]
    assert (newest["restores"], newest["reason"], newest["live"]) == (1, "写错了", True)


def test_an_archived_article_is_restored(shop: Site) -> None:
    early = shop.post(f"{ARTICLE}/restore", by="ed", json={})
    assert (early.status_code, early.get_json()["error"]) == (409, "NotArchived")
    shop.call("DELETE", f"{ARTICLE}?reason=下架了", by="ed")
    history = shop.get(f"{ARTICLE}/revisions", by="ed").get_json()["items"]
    assert (history[0]["state"], history[0]["reason"]) == ("archived", "下架了")
    assert not any(h["live"] for h in history)
    back = shop.post(f"{ARTICLE}/restore", by="ed", json={"reason": "又上架了"}).get_json()
    assert (back["status"], back["revision"], back["markdown"]) == ("published", 5, EIGHT)


def test_an_article_whose_last_day_is_past_is_listed_as_expired(shop: Site) -> None:
    body = {"markdown": SEVEN.replace("2026-11-21", "2026-11-22"), "id": "today"}
    shop.post("/api/v1/articles", by="ed", json=body)
    listed = shop.get("/api/v1/articles", by="ed").get_json()["items"]
    assert {a["id"]: a["expired"] for a in listed} == {"returns": True, "today": False}
