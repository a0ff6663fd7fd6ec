"""What is left of the template of a new article."""

from __future__ import annotations

import pytest

from knowledge.loader import read_article
from knowledge.template import TEMPLATES, UNANSWERED, left_over

WRITTEN = "---\ntitle: 退货\nquestions:\n  - 几天能退\n---\n\n## 期限\n\n七天。\n"


@pytest.mark.parametrize("language", TEMPLATES)
def test_a_new_article_says_nothing_of_its_own(language: str) -> None:
    source = TEMPLATES[language].source()
    found = left_over(read_article(source, file="new.md"), source=source)
    assert [problem.line for problem in found] == [2, 5, 8, 10]


def test_an_article_that_was_written_has_nothing_left_over() -> None:
    assert left_over(read_article(WRITTEN, file="a.md"), source=WRITTEN) == []


@pytest.mark.parametrize(
    ("own", "template", "line"),
    [("退货", "文章标题", 2), ("几天能退", "客户会怎么问 -> 期限", 4), ("期限", "小标题", 7),
     ("七天。", UNANSWERED, 9)],
)  # fmt: skip
def test_what_was_left_is_named_with_its_line(own: str, template: str, line: int) -> None:
    source = WRITTEN.replace(own, template)
    (problem,) = left_over(read_article(source, file="a.md"), source=source)
    assert problem.line == line
    assert problem.message.startswith(f"`{template.partition(' ->')[0]}` is still as")


def test_words_of_the_template_within_ones_own_are_ones_own() -> None:
    source = "# 小标题和文章标题怎么写\n\n## 小标题怎么写\n\n小标题写在 ## 后面。\n"
    assert left_over(read_article(source, file="a.md"), source=source) == []
