"""What the editor's form writes into a source, the program reads back as it was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from knowledge.front_matter import FrontMatter, read_front_matter, split_source
from tests.browser.people import Window, sign_in
from tests.browser.product import Product

Open = Callable[..., Window]

WRITE = """async ([source, key, value]) => {
  const editor = document.querySelector('script[src$="/editor.js"]').src;
  const { withKey } = await import(editor.replace("editor.js", "editor/frontmatter.js"));
  return withKey(source, key, value);
}"""

SOURCE = """---
# kept
title: 旧标题
author: 别的程序写的
tags:
- 一
- 二
questions:
  - 旧问题

valid_until: 2030-01-01
---

## 小标题

正文里也有 --- 和 title: 不是抬头。
"""

AWKWARD = (
    "怎么退", "a: b", "以冒号结尾:", "#号", "有 # 号", "- 横线", "? 问号", "true", "no", "null",
    "~", "12", "1_000", "0x1F", "2026-12-31", "12:30", "'单引号", '"双引号"', "[方括号]",
    "{大括号}", "逗号, 两个", "%百分", "@某人", "`反引号`", "反斜杠\\n", "星*号", "&和", "!叹",
    "|竖线", ">大于", "A -> B", "...", "---", "=", "<<", "😀 表情",
)  # fmt: skip


@pytest.fixture
def page(window: Open, product: Product) -> Page:
    opened = window()
    sign_in(opened, product, product.editor)
    opened.page.goto(product.url + "/knowledge/new")
    return opened.page


def read(source: str) -> FrontMatter:
    """The front matter, in which nothing may be wrong."""
    yaml_text, body, _ = split_source(source)
    assert yaml_text is not None
    assert "正文" in body
    front, problems = read_front_matter(yaml_text, "a.md")
    assert problems == []
    return front


def test_every_text_is_read_back_as_it_was_typed(page: Page) -> None:
    for text in AWKWARD:
        assert read(page.evaluate(WRITE, [SOURCE, "title", text])).title == text
        assert read(page.evaluate(WRITE, [SOURCE, "tags", [text, "另一个"]])).tags == (
            text,
            "另一个",
        )


def test_questions_and_tests_are_read_back_with_their_headings(page: Page) -> None:
    rows = [{"question": text, "heading": None} for text in AWKWARD]
    rows += [{"question": f"{text}?", "heading": "小: 标题"} for text in AWKWARD]
    written = page.evaluate(WRITE, [SOURCE, "questions", rows])
    assert read(written).questions == (*AWKWARD, *(f"{text}? -> 小: 标题" for text in AWKWARD))
    written = page.evaluate(WRITE, [SOURCE, "tests", rows])
    assert [(test.question, test.heading) for test in read(written).tests] == [
        (row["question"], row["heading"]) for row in rows
    ]


def test_a_change_leaves_everything_else_as_it_was_written(page: Page) -> None:
    changed = page.evaluate(WRITE, [SOURCE, "tags", ["三"]])
    assert changed == SOURCE.replace("tags:\n- 一\n- 二", "tags: [三]")
    assert page.evaluate(WRITE, [SOURCE, "tags", []]) == SOURCE.replace("tags:\n- 一\n- 二\n", "")
    added = page.evaluate(WRITE, [SOURCE, "product", "手机"])
    assert added == SOURCE.replace("title: 旧标题\n", "title: 旧标题\nproduct: 手机\n")


def test_a_source_without_front_matter_gets_one_when_something_is_in_it(page: Page) -> None:
    assert page.evaluate(WRITE, ["正文\n", "title", ""]) == "正文\n"
    assert page.evaluate(WRITE, ["正文\n", "title", "题"]) == "---\ntitle: 题\n---\n\n正文\n"
