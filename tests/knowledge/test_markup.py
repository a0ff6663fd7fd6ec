"""Where the markup of a paragraph stands."""

from __future__ import annotations

import pytest

from knowledge.markup import markup_in


def found(paragraph: str) -> list[str]:
    return [paragraph[first:after] for first, after in markup_in(paragraph)]


def test_a_paragraph_of_words_has_none() -> None:
    assert found("七天之内可以退货，2 * 3 [不是链接] **没有结束\n第二行") == []


@pytest.mark.parametrize(
    "markup",
    ["[看这里](https://example.com/a)", "![尺码表](/files/a.png)", "<https://example.com>",
     "`一行`", "**七天**", "***七天** 可退*", "<b>", "&amp;", "\\*"],
)  # fmt: skip
def test_each_kind_is_found_where_it_stands(markup: str) -> None:
    assert found(f"前面{markup} 后面\n又是{markup} 。") == [markup, markup]


@pytest.mark.parametrize(
    "markup",
    ["**先 [去**看**看](https://example.com) 再说**", "![a *b* `c`](/files/a.png)",
     "[![图 *a*](/files/a.png)](https://example.com)", "*一 **二** `三` 四*"],
)  # fmt: skip
def test_what_stands_within_other_markup_is_part_of_it(markup: str) -> None:
    assert found(f"前面 {markup} 后面") == [markup]
