"""Look-alikes, leaks and damaged texts in training data."""

from __future__ import annotations

import pytest

from nlu.encodings import doubts
from nlu.lint import find_damage, find_leaks, find_look_alikes
from nlu.training_data import Example, Place, Severity, TrainingData
from tests.nlu.toy import toy_encode


def example(text: str, intent: str, line: int) -> Example:
    return Example(text, intent, place=Place("x.tsv", line))


LEARN = (
    example("我要退货", "apply_return", 1),
    example("怎么退货", "ask_return", 2),
    example("快递到哪里了啊", "query_logistics", 3),
    example("我要退货！", "ask_return", 4),
    example("快递到哪里了", "query_order", 5),
)


def test_texts_of_two_intents_that_differ_in_punctuation_are_found() -> None:
    [found] = find_look_alikes(LEARN, None)
    assert (found.kind, found.severity, found.place.line) == ("near_duplicate", Severity.WARNING, 4)
    assert "'我要退货' of 'apply_return' at x.tsv:1" in found.message


def test_a_text_is_compared_with_the_first_of_each_intent_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0

    def count(a: Example, b: Example) -> bool:
        nonlocal compared
        compared += 1
        return False

    monkeypatch.setattr("nlu.lint._same", count)
    texts = [example("我要退货", "a", line) for line in range(1, 301)]
    found = list(find_look_alikes([*texts, example("我要退货！", "b", 301)], None))
    assert [(p.place.line, "x.tsv:1," in p.message) for p in found] == [(301, True)]
    assert compared == 1


def test_messages_show_the_beginning_of_long_texts() -> None:
    long = "我要退货" * 1000
    learn = [example(long, "a", 1), example(long + "！", "b", 2)]
    tests = TrainingData((example(long, "a", 3),))
    found = [*find_look_alikes(learn, None), *find_leaks(TrainingData((learn[0],)), tests, None)]
    assert [p.kind for p in found] == ["near_duplicate", "leak"]
    assert all(len(p.message) < 300 and "我要退货" * 15 in p.message for p in found)


def test_the_encoder_hints_at_texts_of_two_intents_that_are_close() -> None:
    hints = [p for p in find_look_alikes(LEARN, toy_encode, near=0.8) if p.kind == "close_pair"]
    assert [(p.place.line, p.severity) for p in hints] == [(5, Severity.HINT)]
    assert "x.tsv:3" in hints[0].message


def test_test_texts_that_were_learnt_are_leaks() -> None:
    tests = (
        example("我要 退货", "apply_return", 1),
        example("怎么退货?", "ask_return", 2),
        example("快递到哪里了呀", "query_logistics", 3),
        example("能开发票吗", "ask_invoice", 4),
    )
    found = list(find_leaks(TrainingData(LEARN), TrainingData(tests), toy_encode, near=0.85))
    assert [(p.place.line, p.kind, p.severity.value) for p in found] == [
        (1, "leak", "error"),
        (2, "near_leak", "warning"),
        (4, "unknown_intent", "warning"),
        (3, "near_leak", "hint"),
    ]
    assert "x.tsv:5" in found[3].message


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("浣犲ソ", "reads like '你好'"),
        ("鐗╂祦鍒板摢浜嗭紵", "reads like '物流到哪了？'"),
        ("ä½\xa0å¥½", "reads like '你好'"),
        ("你\ufffd好", "replacement character"),
        ("你\ue415好", "private character"),
        ("你\x08好", "control character"),
    ],
)
def test_damaged_texts_are_doubted(text: str, doubt: str) -> None:
    [problem] = find_damage([example(text, "greet", 7)])
    assert doubt in problem.message
    assert (problem.kind, problem.place.line) == ("encoding", 7)


@pytest.mark.parametrize(
    "text",
    ["你好", "咖啡 café", "naïve", "请问😀", "鎏金手镯多少钱", "両替", "第一行\n第二行", "“引号”"],
)
def test_sound_texts_are_not_doubted(text: str) -> None:
    assert doubts(text) is None
