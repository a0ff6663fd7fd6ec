"""Single keys of the front matter are changed, and the rest stays as it was written."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.errors import BadArticle
from knowledge.front_matter_keys import Value, with_keys
from knowledge.loader import read_article

SOURCE = """---
# ours
author: 小李
title: 退货  # 标题
tags:
  - 售后
  - 退货
# 有效期
valid_until: 2030-01-31
---

正文。
"""


def test_what_is_not_meant_stays_as_it_was_written() -> None:
    changed = with_keys(SOURCE, {"tags": ["新"], "category": "手机/屏幕"}, file="a.md")
    assert changed == SOURCE.replace("tags:\n  - 售后\n  - 退货", "category: 手机/屏幕\ntags: [新]")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("valid_until", date(2031, 5, 1), date(2031, 5, 1)),
        ("valid_until", None, None),
        ("product", "no: 1", "no: 1"),
        ("product", "true", "true"),
        ("product", "", None),
        ("tags", ["a, b", "#c"], ("a, b", "#c")),
        ("tags", [], ()),
    ],
)
@pytest.mark.parametrize("source", [SOURCE, "# 退货\n\n正文。\n", "---\n---\n\n# 退货\n\n正文。\n"])
def test_a_value_reads_back_as_it_was_meant(
    source: str, key: str, value: Value, expected: object
) -> None:
    changed = with_keys(source, {key: value}, file="a.md")
    article = read_article(changed, file="a.md")
    assert getattr(article, key) == expected
    assert (article.title, "正文。" in article.body) == ("退货", True)
    assert with_keys(changed, {key: value}, file="a.md") == changed


@pytest.mark.parametrize("head", ["title: [a", "- a", "{title: a}", "a: b: c"])
def test_what_cannot_be_read_is_left_to_the_editor(head: str) -> None:
    with pytest.raises(BadArticle, match="mend it in the editor"):
        with_keys(f"---\n{head}\n---\n\n正文\n", {"tags": ["a"]}, file="a.md")
