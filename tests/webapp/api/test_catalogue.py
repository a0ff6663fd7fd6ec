"""The library over HTTP: search, filters, the tree, pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from handoff.agent import Role
from tests.webapp.site import Site
from webapp.api.catalogue import PAGE_SIZE


@pytest.fixture
def library(site: Site) -> Site:
    for name, role in (("ed", Role.EDITOR), ("eva", Role.EDITOR), ("anna", Role.AGENT)):
        site.add_staff(name, role)
    publish(site, "returns", "退货", "category: 售后/退换\ntags: [退货]\nvalid_until: 2026-12-01")
    publish(site, "repair", "维修", "category: 售后\nproduct: 手机\nchannels: [web]", by="eva")
    publish(site, "gifts", "赠品", "questions: [送不送气球]", body="满额有100%好礼。")
    publish(site, "old", "旧活动", "valid_until: 2026-11-01")
    return site


def publish(
    site: Site, name: str, title: str, front: str = "", *, by: str = "ed", body: str = "正文。"
) -> None:
    markdown = f"---\nid: {name}\ntitle: {title}\n{front}\n---\n\n{body}\n"
    made = site.post("/api/v1/articles", by=by, json={"markdown": markdown})
    assert made.status_code == 201, made.get_data(as_text=True)


def catalogue(site: Site, *, by: str = "ed", **query: str) -> dict[str, Any]:
    answer = site.get(f"/api/v1/knowledge/catalogue?{urlencode(query)}", by=by)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def ids(found: dict[str, Any]) -> set[str]:
    return {item["id"] for item in found["items"]}


def test_everything_but_the_archive_is_shown_with_its_standing(library: Site) -> None:
    library.call("DELETE", "/api/v1/articles/repair", by="ed")
    found = catalogue(library, by="anna")
    assert {item["id"]: item["standing"] for item in found["items"]} == {
        "returns": "published",
        "gifts": "published",
        "old": "expired",
    }
    assert found["states"] == {"published": 2, "expired": 1, "archived": 1}
    assert (found["total"], found["everything"]) == (3, 4)
    assert ids(catalogue(library, state="archived")) == {"repair"}


def test_a_draft_beside_a_live_text_changes_the_standing(library: Site) -> None:
    draft = "/api/v1/articles/gifts/draft"
    saved = library.put(
        draft, by="eva", json={"markdown": "# 赠品\n\n火星上的礼物。\n", "version": 0}
    )
    assert saved.status_code == 200
    assert ids(catalogue(library, state="changed")) == {"gifts"}
    assert ids(catalogue(library, q="火星")) == {"gifts"}
    assert ids(catalogue(library, by="eva", mine="true")) == {"gifts", "repair"}
    library.post(f"{draft}/submit", by="eva", json={"version": saved.get_json()["version"]})
    (item,) = catalogue(library, state="review")["items"]
    assert (item["id"], item["draft"]["author"], item["status"]) == ("gifts", "eva", "published")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("退货", {"returns"}),
        ("RETURNS", {"returns"}),
        ("气球", {"gifts"}),
        ("100%", {"gifts"}),
        ("100_", set()),
        ("正文 维修", {"repair"}),
        ("正文 没有的词", set()),
    ],
)
def test_every_word_must_be_somewhere_in_the_article(
    library: Site, words: str, found: set[str]
) -> None:
    assert ids(catalogue(library, q=words)) == found


def test_the_tree_counts_what_the_other_filters_leave(library: Site) -> None:
    counted = {"/".join(b["path"]): b["count"] for b in catalogue(library)["categories"]}
    assert counted == {"": 2, "售后": 1, "售后/退换": 1}
    assert ids(catalogue(library, category="售后")) == {"returns", "repair"}
    assert ids(catalogue(library, category="售后/退换")) == {"returns"}
    assert ids(catalogue(library, category="-")) == {"gifts", "old"}
    assert catalogue(library, category="售后", q="退货")["categories"] == [
        {"path": ["售后", "退换"], "count": 1}
    ]


def test_articles_are_filtered_by_what_they_are_for(library: Site) -> None:
    assert ids(catalogue(library, product="手机")) == {"repair"}
    assert ids(catalogue(library, channel="web")) == {"repair"}
    assert ids(catalogue(library, tag="退货")) == {"returns"}
    assert ids(catalogue(library, expiring="true")) == {"returns"}
    found = catalogue(library)
    assert (found["products"], found["tags"], found["channels"]) == (["手机"], ["退货"], ["web"])


def test_a_long_list_is_shown_a_page_at_a_time(library: Site) -> None:
    for number in range(PAGE_SIZE):
        publish(library, f"a{number}", f"第{number}篇")
    first, second = catalogue(library), catalogue(library, page="2")
    assert (len(first["items"]), len(second["items"])) == (PAGE_SIZE, 4)
    assert first["total"] == second["total"] == PAGE_SIZE + 4
    assert not ids(first) & ids(second)
    assert catalogue(library, page="3")["items"] == []


@pytest.mark.parametrize("query", ["page=0", "state=nonsense", "mine=maybe", "q=" + "长" * 201])
def test_a_bad_filter_is_refused(library: Site, query: str) -> None:
    assert library.get(f"/api/v1/knowledge/catalogue?{query}", by="ed").status_code == 422
