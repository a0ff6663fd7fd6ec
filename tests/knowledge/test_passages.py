"""Articles become passages by heading, with tables and lists whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article import Article
from knowledge.passages import first_heading, plain_text, split_article, split_question
from tests.knowledge.letters import make_article

RETURNS = """\
七天内可退。

## 条件

- 吊牌完整
- 未洗涤

### 例外

| 商品 | 能退吗 |
|---|---|
| 面霜 | 拆封**不退** |

## 流程

点“申请退货”。
"""


def test_each_heading_with_text_is_a_passage_with_its_path() -> None:
    passages = split_article(make_article("returns", RETURNS, title="退货"))
    assert [passage.heading_path for passage in passages] == [
        ("退货",),
        ("退货", "条件"),
        ("退货", "条件", "例外"),
        ("退货", "流程"),
    ]
    assert [passage.order for passage in passages] == [0, 1, 2, 3]


def test_markup_is_shown_but_not_searched() -> None:
    table = split_article(make_article("returns", RETURNS))[2]
    assert "| 面霜 | 拆封**不退** |" in table.markdown
    assert table.text == "商品 能退吗\n面霜 拆封不退"


def test_a_heading_that_repeats_the_title_is_not_repeated_in_the_path() -> None:
    (passage,) = split_article(make_article("a", "# 退货\n\n## 条件\n\n七天", title="退货"))
    assert passage.heading_path == ("退货", "条件")


def test_a_long_section_is_cut_between_blocks_only() -> None:
    table = "| a | b |\n|---|---|\n" + "| 一 | 二 |\n" * 100
    body = f"## 长\n\n{'字' * 400}\n\n{'词' * 400}\n\n{table}\n尾声"
    passages = split_article(make_article("long", body), max_characters=500)
    assert [passage.heading for passage in passages] == ["长"] * len(passages)
    assert len(passages) == 4
    assert passages[2].markdown == table.strip()


def test_html_and_link_targets_are_not_searched() -> None:
    text = plain_text("见[这里](https://example.com)<script>alert(1)</script>\n\n<b>粗</b>")
    assert "example.com" not in text
    assert "script" not in text


def test_the_first_heading_is_found_behind_text() -> None:
    assert first_heading("前言\n\n标题\n====\n") == "标题"
    assert first_heading("没有") is None


def test_a_similar_question_may_name_its_heading() -> None:
    assert split_question("几天能退 -> 期限") == ("几天能退", "期限")
    assert split_question("a -> b -> c") == ("a -> b", "c")
    assert split_question("几天能退") == ("几天能退", None)
    assert split_question("几天能退 ->") == ("几天能退 ->", None)


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_split(body: str) -> None:
    passages = split_article(make_article("any", body))
    assert all(passage.markdown and passage.text for passage in passages)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("![尺码表，S 到 XL](/files/a.png)", "尺码表，S 到 XL"),
        ('![](/files/a.png "尺码表")', "尺码表"),
        ("## 怎么选尺码\n\n![](/files/a.png)", "怎么选尺码"),
        ("![](/files/a.png)", "尺码"),
    ],
)
def test_a_picture_alone_is_an_answer_and_says_what_it_is_called(body: str, text: str) -> None:
    (passage,) = split_article(Article(id="a", title="尺码", body=body))
    assert passage.text == text
    assert "/files/a.png" in passage.markdown
