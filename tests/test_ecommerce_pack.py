"""The e-commerce pack as data: complete, consistent, and its tests written apart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge.article import Article
from knowledge.loader import load_articles
from knowledge.passages import split_article
from nlu.formats import read_training_data
from nlu.text import canonical
from nlu.training_data import TrainingData
from nlu.understanding import OUT_OF_SCOPE
from webapp.demo_shop.rows import STOCK

PACK = Path(__file__).parent.parent / "training_data" / "ecommerce"
TEST = PACK / "test"


def training() -> TrainingData:
    return read_training_data([PACK])


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return load_articles(PACK / "knowledge")


def test_every_intent_has_its_own_test_utterances() -> None:
    tested = Counter(e.intent for e in read_training_data([TEST / "nlu_test.yml"]).examples)
    assert set(tested) == {e.intent for e in training().examples} - {OUT_OF_SCOPE}
    assert min(tested.values()) >= 8


def test_the_english_test_asks_for_intents_of_the_pack() -> None:
    tested = {e.intent for e in read_training_data([TEST / "nlu_test_en.yml"]).examples}
    assert tested <= {e.intent for e in training().examples}


def test_out_of_scope_is_tested_with_many_different_messages() -> None:
    examples = read_training_data([TEST / "oos_test.yml"]).examples
    assert {e.intent for e in examples} == {OUT_OF_SCOPE}
    assert len({canonical(e.text) for e in examples}) >= 150


@pytest.mark.parametrize("name", ["nlu_test.yml", "nlu_test_en.yml", "oos_test.yml"])
def test_no_test_utterance_is_trained_on(name: str) -> None:
    trained = {canonical(e.text) for e in training().examples}
    tested = read_training_data([TEST / name]).examples
    assert [e.text for e in tested if canonical(e.text) in trained] == []


def test_the_demo_base_is_as_large_as_a_shops(articles: tuple[Article, ...]) -> None:
    assert len(articles) >= 40
    assert sum(len(a.tests) for a in articles) >= 120


def test_every_article_has_its_place_in_a_small_tree(articles: tuple[Article, ...]) -> None:
    assert [a.id for a in articles if not a.category] == []
    assert len({a.category[0] for a in articles}) <= 12


def test_every_article_is_asked_for_in_customers_words(articles: tuple[Article, ...]) -> None:
    assert [a.id for a in articles if len(a.questions) < 3] == []


def test_the_tests_of_an_article_name_its_headings(articles: tuple[Article, ...]) -> None:
    missing = [
        (article.id, test.question)
        for article in articles
        for test in article.tests
        if test.heading not in {passage.heading for passage in split_article(article)}
    ]
    assert missing == []


def test_a_similar_question_with_a_heading_names_one_of_its_article(
    articles: tuple[Article, ...],
) -> None:
    missing = [
        (article.id, question)
        for article in articles
        for question in article.questions
        if " -> " in question
        and question.rpartition(" -> ")[2] not in {p.heading for p in split_article(article)}
    ]
    assert missing == []


def test_the_tests_apart_name_headings_or_nothing(articles: tuple[Article, ...]) -> None:
    headings = {(a.id, p.heading) for a in articles for p in split_article(a)}
    tests = yaml.safe_load((PACK / "knowledge_tests.yml").read_text(encoding="utf-8"))["tests"]
    named = [(t["article"], t["heading"]) for t in tests if t["article"] is not None]
    assert [pair for pair in named if pair not in headings] == []
    assert sum(t["article"] is None and t["heading"] is None for t in tests) >= 30


def test_no_test_question_is_a_similar_question(articles: tuple[Article, ...]) -> None:
    # A similar question may name its heading: `question -> heading`.
    known = {canonical(q.split(" -> ")[0]) for article in articles for q in article.questions}
    tests = yaml.safe_load((PACK / "knowledge_tests.yml").read_text(encoding="utf-8"))["tests"]
    asked = [t.question for a in articles for t in a.tests] + [t["question"] for t in tests]
    assert [question for question in asked if canonical(question) in known] == []
    assert len({canonical(question) for question in asked}) == len(asked)


def test_no_article_that_is_tested_expires(articles: tuple[Article, ...]) -> None:
    assert [a.id for a in articles if a.valid_until and a.tests] == []


def test_prices_in_the_warehouse_are_those_of_the_articles(articles: tuple[Article, ...]) -> None:
    text = {article.id: article.body for article in articles}
    article_of = {
        "SERUM-30": "serum",
        "CLEANSER-100": "cleanser",
        "BUDS-PRO-BLACK": "earbuds",
        "TEE-WHITE-M": "tshirt",
        "ROBOT-S5": "robot-s5",
        "ROBOT-T7": "robot-compare",
        "WATCH-2": "watch",
        "THERMOS-500-WHITE": "thermos",
    }
    prices = {row.sku: row.price for row in STOCK}
    wrong = [sku for sku, name in article_of.items() if f"{prices[sku]} 元" not in text[name]]
    assert wrong == []
