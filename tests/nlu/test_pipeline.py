"""One message, end to end, with a small trained model."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu.mood import read_mood_lexicon
from nlu.pipeline import NluPipeline, shorten
from nlu.train import Trained, train
from nlu.understanding import Entity, Language, Mood
from tests.nlu.toy import EXAMPLES, STRANGERS, toy_encode

MOOD = Path(__file__).parents[2] / "training_data" / "common" / "mood.yml"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def trained() -> Trained:
    mood = read_mood_lexicon(MOOD.read_text(encoding="utf-8"))
    return train([*EXAMPLES, *STRANGERS], toy_encode, mood=mood)


@pytest.fixture(scope="module")
def pipeline(trained: Trained) -> NluPipeline:
    return NluPipeline(trained.model, toy_encode)


def test_a_message_is_understood(pipeline: NluPipeline) -> None:
    found = pipeline.understand("我要退掉这个鼠标，你们这群骗子！")
    assert found.text == "我要退掉这个鼠标，你们这群骗子！"
    assert found.intent == found.ranking[0]
    assert found.intent.name == "apply_return"
    assert sum(score.confidence for score in found.ranking) == pytest.approx(1, abs=1e-5)
    assert found.language is Language.CHINESE
    assert found.mood is Mood.ANGRY


@pytest.mark.parametrize(
    "text", ["我要腿掉这个鼠标", "嗯，我要tuidiao这个鼠标😭", "我退要掉这个鼠标"]
)
def test_a_mistyped_message_is_understood_and_kept_as_it_was_typed(
    pipeline: NluPipeline, text: str
) -> None:
    found = pipeline.understand(text)
    assert found.text == text
    assert found.intent.name == "apply_return"


def test_pinyin_typed_for_chinese_is_chinese(pipeline: NluPipeline) -> None:
    assert pipeline.understand("wo yao tui diao zhe ge er ji").language is Language.CHINESE
    assert pipeline.understand("where is my parcel").language is Language.ENGLISH


def test_a_stranger_is_rejected_and_keeps_its_ranking(pipeline: NluPipeline) -> None:
    found = pipeline.understand("深圳明天下雨吗")
    assert found.rejected
    assert found.intent.confidence == pytest.approx(1 - found.in_scope)
    assert {score.name for score in found.ranking} == {e.intent for e in EXAMPLES}


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\ufeff", "\x00"])
def test_nothing_visible_is_out_of_scope(pipeline: NluPipeline, text: str) -> None:
    found = pipeline.understand(text)
    assert found.rejected
    assert found.text == text
    assert (found.in_scope, found.ranking) == (0.0, ())


@pytest.mark.parametrize(
    "text",
    ["退" * 1_000_000, "\u0301" * 100_000, "\x00\ud800😡" * 1000, "<script>alert(1)</script>"],
)
def test_any_text_has_an_answer(pipeline: NluPipeline, text: str) -> None:
    assert 0.0 <= pipeline.understand(text).in_scope <= 1.0


def test_of_a_long_text_beginning_and_end_count(pipeline: NluPipeline) -> None:
    assert shorten("短") == "短"
    long = shorten("头" + "中" * 5000 + "尾")
    assert (long[0], long[-1], len(long)) == ("头", "尾", 501)


def test_entities_are_found_in_the_text_as_it_was_typed(trained: Trained) -> None:
    asked: list[tuple[str, datetime | None, Mood]] = []

    def find(text: str, *, now: datetime | None, mood: Mood) -> tuple[Entity, ...]:
        asked.append((text, now, mood))
        return (Entity("region", "杭州", 0, 2),)

    found = NluPipeline(trained.model, toy_encode, find_entities=find).understand(
        "杭州　１", now=NOW
    )
    assert asked == [("杭州　１", NOW, Mood.CALM)]
    assert found.values("region") == ("杭州",)


def test_a_threshold_can_be_set(trained: Trained) -> None:
    strict = NluPipeline(trained.model, toy_encode, threshold=1.1)
    assert strict.understand("我要退掉这个耳机").rejected


def test_threads_get_the_same_answers(pipeline: NluPipeline) -> None:
    texts = [e.text for e in EXAMPLES]
    expected = [pipeline.understand(text) for text in texts]
    answers: list[object] = [None] * 4

    def work(place: int) -> None:
        answers[place] = [pipeline.understand(text) for text in texts]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4
