"""Spoilt utterances: one slip each, the same for the same seed, intents kept."""

from __future__ import annotations

import random

import pytest

from nlu.perturb import PERTURBATIONS, perturb
from nlu.text import canonical
from nlu.training_data import Example

EXAMPLES = (
    Example("我的快递到哪里了？", "query_logistics"),
    Example("这件衣服能退货吗", "apply_return"),
    Example("where is my order", "query_order_status"),
    Example("OK", "affirm"),
)


def test_every_kind_changes_something_and_keeps_the_intents() -> None:
    spoilt = perturb(EXAMPLES)
    assert spoilt.keys() == PERTURBATIONS.keys()
    intents = {example.text: example.intent for example in EXAMPLES}
    for kind, examples in spoilt.items():
        assert examples, kind
        assert all(example.text not in intents for example in examples), kind
        assert {example.intent for example in examples} <= set(intents.values())


def test_the_same_seed_gives_the_same_texts_and_another_others() -> None:
    assert perturb(EXAMPLES, seed=3) == perturb(EXAMPLES, seed=3)
    assert perturb(EXAMPLES, seed=3) != perturb(EXAMPLES, seed=4)


@pytest.mark.parametrize(
    ("kind", "text", "allowed"),
    [
        ("pinyin", "退货", {"tuihuo", "退huo"}),
        ("traditional", "发货", {"發貨"}),
        ("full_width", "SF100?", {"ＳＦ１００？"}),
        ("doubled", "退货", {"退退货", "退货货"}),
        ("missing", "退货退货退", {"退货退货", "货退货退", "退退货退", "退货货退", "退货退退"}),
        ("swapped", "快递单号", {"递快单号", "快单递号", "快递号单"}),
        ("unpunctuated", "你好，在吗？", {"你好 在吗"}),
        ("spelt_out", "我的iPhone快递,", {"wo de iPhone kuai di ,", "wo de iPhone kuaidi ,"}),
    ],
)
def test_a_kind_does_what_its_name_says(kind: str, text: str, allowed: set[str]) -> None:
    change = PERTURBATIONS[kind]
    assert {change(text, random.Random(seed)) for seed in range(40)} == allowed


def test_a_homophone_sounds_the_same() -> None:
    from pypinyin import lazy_pinyin

    for seed in range(20):
        spoilt = PERTURBATIONS["homophone"]("快递到哪里了", random.Random(seed))
        assert spoilt != "快递到哪里了"
        assert lazy_pinyin(spoilt) == lazy_pinyin("快递到哪里了")


@pytest.mark.parametrize("kind", ["traditional", "full_width"])
def test_the_normal_form_undoes_what_is_only_another_script(kind: str) -> None:
    text = "请问iPhone15什么时候发货?"
    assert canonical(PERTURBATIONS[kind](text, random.Random(0))) == canonical(text)


@pytest.mark.parametrize("text", ["", " ", "😀", "123"])
def test_what_cannot_be_spoilt_stays(text: str) -> None:
    for kind in ("homophone", "pinyin", "missing", "swapped", "wrong_key"):
        assert PERTURBATIONS[kind](text, random.Random(0)) == text
