"""What terms are worth: questions in a house's own words, on a small base written for this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.evaluate import Case, TestReport, run_cases
from knowledge.loader import load_articles
from knowledge.search import KnowledgeBase
from knowledge.term_files import parse_terms, read_terms
from nlu.encoder import load_encoder

pytestmark = [pytest.mark.quality, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "terms"


@pytest.fixture(scope="module")
def questions() -> Any:
    return yaml.safe_load((HERE / "questions.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    encoder = load_encoder(ROOT / "models" / "encoder")
    articles = load_articles(HERE / "articles")
    return KnowledgeBase(encoder.encode_with_tokens, articles=articles)


def asked(base: KnowledgeBase, entries: Any, *, terms: bool) -> TestReport:
    read = read_terms(parse_terms((HERE / "terms.yml").read_bytes(), "terms.yml"), [])
    assert read.failed == ()
    base.read_terms(read.added if terms else ())
    cases = [Case(one["question"], one["article"], one["heading"]) for one in entries]
    return run_cases(base, cases)


def test_questions_in_house_words_are_answered_with_the_terms_and_seldom_without(
    base: KnowledgeBase, questions: Any
) -> None:
    without = asked(base, questions["held_out"], terms=False)
    reading = asked(base, questions["held_out"], terms=True)
    figures = f"without {_figures(without)}, with terms {_figures(reading)}"
    assert (without.recall_at_1 or 0) <= 0.85, figures
    assert (without.answered or 0) <= 0.2, figures
    assert (reading.recall_at_1 or 0) >= 0.95, figures
    assert (reading.answered or 0) >= 0.8, figures


def test_other_questions_get_the_very_same_hits(base: KnowledgeBase, questions: Any) -> None:
    without = asked(base, questions["others"], terms=False)
    assert asked(base, questions["others"], terms=True) == without


def _figures(report: TestReport) -> str:
    return f"{report.recall_at_1}, answered {report.answered}, abstained {report.abstained}"
