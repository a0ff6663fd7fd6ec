"""What the names of intents say."""

from __future__ import annotations

import pytest

from nlu.intent_names import name_examples, said_by_name
from nlu.understanding import OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ask_refund", "ask refund"),
        ("askRefund", "ask refund"),
        ("CHECK_WALLET_BALANCE", "check wallet balance"),
        ("faq/ask-refund", "faq ask refund"),
        ("100_night_trial", "100 night trial"),
        ("买家咨询材质/面料", "买家咨询材质 面料"),
        ("退款", "退款"),
        ("W06", ""),
        ("q_1", ""),
        ("3.1", ""),
        ("_", ""),
    ],
)
def test_a_name_says_its_words(name: str, said: str) -> None:
    assert said_by_name(name) == said


def test_each_intent_with_few_examples_gets_one_from_its_name() -> None:
    labels = ["track_order"] * 3 + ["退款"] * 30 + ["W06"] * 2
    assert [(e.text, e.intent) for e in name_examples(labels)] == [
        ("track order", "track_order"),
        ("退款", "退款"),
    ]


def test_intents_with_many_examples_and_texts_out_of_scope_get_none() -> None:
    assert name_examples(["track_order"] * 31 + [OUT_OF_SCOPE] * 2) == []


def test_names_that_differ_in_their_numbers_alone_say_nothing() -> None:
    labels = ["intent_1", "intent_2", "faq12", "100_night_trial"] * 2
    assert [e.text for e in name_examples(labels)] == ["100 night trial", "faq12"]


def test_titles_in_any_language_say_what_their_intent_is_about() -> None:
    titles = {"ask_price": ("问价格", "Price", "问价格"), "unknown": ("没有例句",)}
    labels = ["ask_price", "W06", "track_order"] * 2 + ["greet"] * 31
    assert [
        (e.text, e.intent) for e in name_examples(labels, {**titles, "greet": ("打招呼",)})
    ] == [
        ("ask price", "ask_price"),
        ("问价格", "ask_price"),
        ("Price", "ask_price"),
        ("track order", "track_order"),
    ]
