"""What is left of the template of a new article."""

from __future__ import annotations

import pytest

from knowledge.article import Article
from knowledge.errors import Problem
from knowledge.loader import read_article
from knowledge.template import TEMPLATES, UNANSWERED, left_over

WRITTEN = "---\ntitle: 退货\nquestions:\n  - 几天能退\n---\n\n## 期限\n\n七天。\n"


def left(source: str) -> list[Problem]:
    return left_over(read_article(source, file="a.md"), source=source)


@pytest.mark.parametrize("language", TEMPLATES)
def test_a_new_article_says_nothing_of_its_own(language: str) -> None:
    found = left(TEMPLATES[language].source())
    assert [problem.line for problem in found] == [2, 5, 8, 10]


def test_an_article_that_was_written_has_nothing_left_over() -> None:
    assert left(WRITTEN) == []


@pytest.mark.parametrize(
    ("own", "template", "line"),
    [("退货", "文章标题", 2), ("退货", '"文章标题"', 2), ("几天能退", "客户会怎么问 -> 期限", 4),
     ("七天。", f"七天。{UNANSWERED}", 9), ("七天。", "一段能直接发给客户的回答。", 9)],
)  # fmt: skip
def test_what_was_left_is_named_with_its_line(own: str, template: str, line: int) -> None:
    source = WRITTEN.replace(own, template)
    (problem,) = left(source)
    assert problem.line == line
    words = template.partition(" ->")[0].strip('"').removeprefix("七天。")
    assert problem.message.startswith(f"`{words}` is still as")


@pytest.mark.parametrize(
    ("entries", "line"),
    [("questions: 客户会怎么问", 3), ("questions: [几天, 客户会怎么问]", 3),
     ("questions:\n- '客户会怎么问 -> 期限'", 4), ("tests:\n  - question: 客户会怎么问", 4),
     ("tests:\n  - heading: 期限\n    question: 客户会怎么问", 5),
     ("tests:\n  - 客户会怎么问 -> 期限", 4), ("tests:\n  客户会怎么问: 期限", 4)],
)  # fmt: skip
def test_a_question_is_named_with_its_line_however_it_is_written(entries: str, line: int) -> None:
    (problem,) = left(f"---\ntitle: 退货\n{entries}\n---\n\n## 期限\n\n七天。\n")
    assert problem.line == line


def test_a_title_that_is_the_first_heading_is_named_with_its_line() -> None:
    assert [problem.line for problem in left("\n\n# 文章标题\n\n七天。\n")] == [3]


def test_without_the_source_no_line_is_named() -> None:
    article = read_article(TEMPLATES["zh"].source(), file="a.md")
    assert [problem.line for problem in left_over(article)] == [None] * 4


@pytest.mark.parametrize("heading", ["小标题", "heading"])
def test_a_heading_alone_may_be_what_somebody_chose(heading: str) -> None:
    assert left(WRITTEN.replace("## 期限", f"## {heading}")) == []


@pytest.mark.parametrize(
    "text",
    ["## 期限\n\n```\n# 小标题\n```", "## 期限\n\n    # 小标题", "##\n\n小标题"],
    ids=["in a fence", "in code", "below an empty heading"],
)
def test_what_only_looks_like_a_heading_is_none(text: str) -> None:
    source = f"---\ntitle: 文章标题\n---\n\n{text}\n"
    assert [problem.line for problem in left(source)] == [2]


@pytest.mark.parametrize("heading", ["## 小标题 ##", "小标题\n---", "### **小标题**"])
def test_a_heading_is_found_however_it_is_written(heading: str) -> None:
    source = f"---\ntitle: 文章标题\n---\n\n开头。\n\n{heading}\n\n七天。\n"
    assert [problem.line for problem in left(source)] == [2, 7]


@pytest.mark.parametrize(
    "line",
    ["# a" + " " * 500_000 + "b", "# a" + "# " * 250_000 + "b", "#" * 500_000, "-" * 500_000 + "b"],
    ids=["spaces", "hashes and spaces", "hashes", "dashes"],
)
def test_a_long_line_is_read_once(line: str) -> None:
    source = f"---\ntitle: 文章标题\nx: '{line}'\n---\n\n{line}\n\n{UNANSWERED}\n"
    article = Article(id="a", title="文章标题", body=f"{line}\n\n{UNANSWERED}")
    assert [problem.line for problem in left_over(article, source=source)] == [2, 8]


def test_words_of_the_template_within_ones_own_are_ones_own() -> None:
    assert left("# 小标题和文章标题怎么写\n\n## 小标题怎么写\n\n小标题写在 ## 后面。\n") == []
