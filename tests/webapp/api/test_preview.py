"""The preview over HTTP: what an editor sees while writing."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.agent import Role
from tests.webapp.site import Site

WHOLE = """---
title: 退货
category: 售后/退换
product: 手机
tags: [退货, 售后]
publish_at: 2026-12-01T09:00:00+08:00
valid_until: 2026-12-31
questions:
  - 几天内可以退
  - 拆了还能退吗 -> 条件
tests:
  - question: 过了一周还给退不
    heading: 期限
  - question: 今天天气怎么样
    heading: null
---

## 期限

七天。

## 条件

没拆封。
"""


@pytest.fixture
def editor(site: Site) -> Site:
    site.add_staff("ed", Role.EDITOR)
    return site


def preview(site: Site, markdown: str, **more: str) -> dict[str, Any]:
    answer = site.post("/api/v1/articles/preview", by="ed", json={"markdown": markdown, **more})
    assert answer.status_code == 200
    shown: dict[str, Any] = answer.get_json()
    return shown


def test_a_preview_reads_the_front_matter_and_the_headings_for_a_form(editor: Site) -> None:
    shown = preview(editor, WHOLE)
    assert (shown["title"], shown["problems"], shown["problem"]) == ("退货", [], None)
    assert shown["headings"] == ["期限", "条件"]
    assert "<h2>期限</h2>" in shown["html"]
    front = shown["front_matter"]
    assert (front["category"], front["product"]) == (["售后", "退换"], "手机")
    assert (front["publish_at"], front["valid_until"]) == ("2026-12-01T01:00:00Z", "2026-12-31")
    assert front["questions"] == [
        {"question": "几天内可以退", "heading": None},
        {"question": "拆了还能退吗", "heading": "条件"},
    ]
    assert front["tests"][1] == {"question": "今天天气怎么样", "heading": None}


def test_a_preview_names_the_line_of_what_is_wrong_and_still_reads_the_rest(editor: Site) -> None:
    shown = preview(editor, WHOLE.replace("-> 条件", "-> 没有的"))
    (problem,) = shown["problems"]
    assert problem["line"] == 10
    assert shown["problem"].startswith("10: ")
    assert shown["front_matter"]["questions"][1]["heading"] == "没有的"


def test_a_preview_of_a_broken_front_matter_still_shows_the_text(editor: Site) -> None:
    shown = preview(editor, "---\ntitle: [没有收尾\n---\n\n字\n")
    assert (shown["front_matter"], shown["title"]) == (None, None)
    assert shown["problems"][0]["line"]
    assert shown["html"] == "<p>字</p>\n"


def test_a_preview_for_an_article_refuses_another_id(editor: Site) -> None:
    other = WHOLE.replace("title: 退货", "title: 退货\nid: other")
    assert preview(editor, other)["problems"] == []
    assert preview(editor, other, id="returns")["problems"][0]["line"] == 2


def test_a_preview_of_nothing_says_what_is_missing(editor: Site) -> None:
    shown = preview(editor, "")
    assert shown["problems"]
    assert (shown["html"], shown["headings"]) == ("", [])


def test_windows_line_ends_do_not_shift_the_lines(editor: Site) -> None:
    shown = preview(editor, WHOLE.replace("-> 条件", "-> 没有的").replace("\n", "\r\n"))
    assert shown["problems"][0]["line"] == 10


def test_a_title_that_the_text_begins_with_is_shown_once(editor: Site) -> None:
    shown = preview(editor, "# 退货\n\n七天。\n")
    assert (shown["title"], shown["html"]) == ("退货", "<p>七天。</p>\n")
    other = preview(editor, "---\ntitle: 退货\n---\n\n# 期限\n\n七天。\n")
    assert (other["title"], other["html"]) == ("退货", "<h1>期限</h1>\n<p>七天。</p>\n")


def test_what_the_template_still_says_is_named_with_its_line(editor: Site) -> None:
    shown = preview(editor, WHOLE.replace("title: 退货", "title: 文章标题"))
    (problem,) = shown["problems"]
    assert problem["line"] == 2
    assert "文章标题" in problem["message"]
