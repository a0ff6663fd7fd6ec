"""Tests of knowledge: read, run and judged; and search measured on a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.article import KnowledgeTest
from knowledge.errors import BadArticle
from knowledge.evaluate import Case, benchmark_faq, cases_of, read_case_file, run_cases
from knowledge.search import KnowledgeBase
from tests.knowledge.letters import LetterEncoder, make_article

ARTICLE = make_article(
    "returns",
    "## 期限\n\n签收后七天内可退。\n\n## 运费\n\n质量问题我们承担邮费。",
    title="退货",
    tests=(KnowledgeTest("七天内可退", "期限"), KnowledgeTest("天气", None)),
)


def test_the_articles_own_tests_are_cases() -> None:
    assert cases_of([ARTICLE]) == (
        Case("七天内可退", "returns", "期限"),
        Case("天气", None, None),
    )


def test_a_case_passes_when_its_heading_is_first_and_said() -> None:
    base = KnowledgeBase(LetterEncoder(), articles=[ARTICLE], min_score=0.0)
    report = run_cases(base, [*cases_of([ARTICLE]), Case("质量问题邮费", "returns", "期限")])
    assert [result.passed for result in report.results] == [True, False, False]
    assert report.results[2].rank == 2
    assert report.recall_at_1 == 0.5
    assert report.recall_at_5 == 1.0
    assert report.mrr == 0.75
    assert report.abstained == 0.0


def test_figures_without_cases_are_left_out() -> None:
    base = KnowledgeBase(LetterEncoder(), articles=[ARTICLE], min_score=1.01)
    report = run_cases(base, [Case("天气", None, None)])
    assert (report.recall_at_1, report.abstained) == (None, 1.0)


def test_cases_are_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "tests.yml"
    path.write_text("tests:\n  - {question: 几天, article: returns, heading: 期限}\n", "utf-8")
    assert read_case_file(path, [ARTICLE]) == (Case("几天", "returns", "期限"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tests: [", "must hold"),
        ("- a", "must hold"),
        ("tests: 2026-13-01", "must hold"),
        ("tests:\n  - {question: a}", "must hold"),
        ("tests:\n  - {question: a, article: returns, heading: 没有}", "does not exist"),
        ("tests:\n  - {question: a, article: other, heading: 期限}", "does not exist"),
    ],
)
def test_a_case_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "tests.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArticle, match=words):
        read_case_file(path, [ARTICLE])


@pytest.mark.parametrize("names", [("faq.tsv", "test.tsv"), ("corpus.tsv", "queries.tsv")])
def test_a_benchmark_gives_its_figures(tmp_path: Path, names: tuple[str, str]) -> None:
    (tmp_path / names[0]).write_text("A\t怎么退货\nB\t怎么开发票\n", encoding="utf-8")
    (tmp_path / names[1]).write_text("退货怎么弄\tA\n发票呢\tB\n退货\tB\n", encoding="utf-8")
    figures = benchmark_faq(tmp_path, LetterEncoder())
    assert figures["recall_at_1"] == pytest.approx(2 / 3)
    assert figures["recall_at_5"] == 1.0
    assert set(figures) == {
        "recall_at_1",
        "recall_at_5",
        "recall_at_10",
        "mrr_at_10",
        "p50_ms",
        "p95_ms",
    }


def test_a_benchmark_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"faq\.tsv"):
        benchmark_faq(tmp_path, LetterEncoder())
    (tmp_path / "faq.tsv").write_text("A\t一\n乱\n", encoding="utf-8")
    (tmp_path / "test.tsv").write_text("一\tA\n", encoding="utf-8")
    with pytest.raises(BadArticle, match=r"faq\.tsv:2"):
        benchmark_faq(tmp_path, LetterEncoder())
