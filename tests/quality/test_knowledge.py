"""What search must reach on the demo base, and on questions of real bank customers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.article import Article
from knowledge.evaluate import TestReport, benchmark_faq, cases_of, read_case_file, run_cases
from knowledge.loader import load_articles
from knowledge.search import KnowledgeBase
from nlu.encoder import Encoder, load_encoder

pytestmark = [pytest.mark.quality, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
PACK = ROOT / "training_data" / "ecommerce"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(ROOT / "models" / "encoder")


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return load_articles(PACK / "knowledge")


@pytest.fixture(scope="module")
def report(encoder: Encoder, articles: tuple[Article, ...]) -> TestReport:
    cases = cases_of(articles) + read_case_file(PACK / "knowledge_tests.yml", articles)
    return run_cases(KnowledgeBase(encoder.encode_with_tokens, articles=articles), cases)


def test_the_right_heading_comes_first(report: TestReport) -> None:
    assert report.recall_at_1 is not None
    assert report.recall_at_1 >= 0.95
    assert report.recall_at_5 is not None
    assert report.recall_at_5 >= 0.98


def test_nothing_is_said_where_the_articles_hold_no_answer(report: TestReport) -> None:
    assert report.abstained is not None
    assert report.abstained >= 0.9


def test_most_questions_are_answered_and_nearly_always_rightly(report: TestReport) -> None:
    said = [r for r in report.results if r.case.heading is not None and r.answerable]
    assert report.answered is not None
    assert report.answered >= 0.75
    assert sum(r.rank == 1 for r in said) / len(said) >= 0.97


@pytest.mark.skipif("JIEDAI_EVAL_DATA" not in os.environ, reason="JIEDAI_EVAL_DATA is not set")
def test_real_customers_questions_find_their_standard_question(encoder: Encoder) -> None:
    folder = Path(os.environ["JIEDAI_EVAL_DATA"]) / "webank_faq34"
    figures = benchmark_faq(folder, encoder.encode_with_tokens, baseline=True)
    assert figures["recall_at_1"] >= 0.80
    assert figures["recall_at_1"] >= figures["ngrams_recall_at_1"] + 0.1


@pytest.mark.skipif("JIEDAI_EVAL_DATA" not in os.environ, reason="JIEDAI_EVAL_DATA is not set")
def test_similar_questions_help_to_find_it(encoder: Encoder) -> None:
    folder = Path(os.environ["JIEDAI_EVAL_DATA"]) / "webank_faq34"
    similar = folder / "train.tsv"
    figures = benchmark_faq(folder, encoder.encode_with_tokens, similar=similar, baseline=True)
    assert figures["recall_at_1"] >= 0.92
    assert figures["recall_at_1"] >= figures["ngrams_recall_at_1"] + 0.03
