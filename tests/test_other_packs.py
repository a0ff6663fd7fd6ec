"""The packs of other industries as data: consistent, and their tests written apart."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.loader import load_articles
from knowledge.passages import split_article
from nlu.formats import read_training_data
from nlu.text import canonical
from nlu.understanding import OUT_OF_SCOPE

PACKS = Path(__file__).parent.parent / "training_data"
pytestmark = pytest.mark.parametrize("pack", ["education", "finance", "saas"])


def test_its_intents_are_those_that_are_described(pack: str) -> None:
    described = yaml.safe_load((PACKS / pack / "intents.yml").read_text(encoding="utf-8"))
    trained = set(read_training_data([PACKS / pack]).intents)
    shared = set(read_training_data([PACKS / "common" / "nlu"]).intents)
    assert trained - shared == set(described["intents"])
    assert len(described["intents"]) >= 25


def test_every_intent_and_strangers_are_tested(pack: str) -> None:
    tested = read_training_data([PACKS / pack / "test"]).examples
    assert {e.intent for e in tested} >= set(read_training_data([PACKS / pack]).intents)
    assert OUT_OF_SCOPE in {e.intent for e in tested}


def test_similar_questions_and_tests_name_headings(pack: str) -> None:
    articles = load_articles(PACKS / pack / "knowledge")
    assert len(articles) >= 8
    for article in articles:
        headings = {passage.heading for passage in split_article(article)}
        named = {question.rpartition(" -> ")[2] for question in article.questions}
        assert named | {test.heading for test in article.tests} <= headings, article.id
        assert article.tests, article.id


def test_no_test_question_is_a_similar_question(pack: str) -> None:
    articles = load_articles(PACKS / pack / "knowledge")
    known = {canonical(q.split(" -> ")[0]) for article in articles for q in article.questions}
    asked = [test.question for article in articles for test in article.tests]
    assert [question for question in asked if canonical(question) in known] == []
    assert len({canonical(question) for question in asked}) == len(asked)
