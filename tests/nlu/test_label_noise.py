"""Labels that are wrong are noticed, and do not spoil what is learnt."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from nlu.evaluate import judge_examples, measure
from nlu.intents import SOFTNESS, SOFTNESS_FOR_NOISE, IntentClassifier
from nlu.label_noise import choose_softness, doubtful_labels, find_doubts
from nlu.train import train
from nlu.training_data import Example
from nlu.unseen import encode_examples
from tests.nlu.toy import toy_encode

_COLOURS = "红橙黄绿青蓝紫黑白灰金银铜粉"
_THINGS = "鞋帽裙裤伞灯杯包表笔锅碗床桌椅书琴球镜刀瓶盒箱席"
_ASKED = {"我要退掉{}": "apply_return", "{}到哪里了": "query_logistics", "{}卖多少钱": "ask_price"}

CLEAN = [
    Example(sentence.format(f"{colour}{thing}"), intent)
    for (sentence, intent), colour, thing in product(_ASKED.items(), _COLOURS, _THINGS)
]


def spoil(examples: list[Example], *, share: float) -> tuple[list[Example], np.ndarray]:
    """So large a share of the labels drawn by lot among the wrong ones; and which."""
    rng = np.random.default_rng(0)
    wrong = rng.random(len(examples)) < share
    names = sorted(set(_ASKED.values()))
    spoilt = [
        replace(e, intent=names[(names.index(e.intent) + int(rng.integers(1, 3))) % 3]) if w else e
        for e, w in zip(examples, wrong, strict=True)
    ]
    return spoilt, wrong


def test_a_soft_machine_is_chosen_only_where_many_labels_are_wrong() -> None:
    noisy, _ = spoil(CLEAN, share=0.35)
    assert choose_softness(encode_examples(CLEAN, toy_encode), seed=0) == SOFTNESS
    assert choose_softness(encode_examples(noisy, toy_encode), seed=0) == SOFTNESS_FOR_NOISE


def test_what_is_learnt_from_wrong_labels_is_right_nevertheless() -> None:
    noisy, _ = spoil(CLEAN, share=0.35)
    model = train(noisy, toy_encode).model
    assert measure(judge_examples(model, CLEAN, toy_encode)).accuracy > 0.99


def test_where_labels_are_often_wrong_training_learns_how_far_to_trust_them() -> None:
    noisy, _ = spoil(CLEAN, share=0.35)
    assert train(noisy, toy_encode).model.evidence.trust_.is_learnt


def test_a_text_that_clearly_belongs_elsewhere_is_doubtful() -> None:
    unseen = np.array(
        [[0.9, 0.1, 0.0], [0.02, 0.9, 0.08], [0.04, 0.48, 0.48], [0.8, 0.1, 0.1], [0.7, 0.2, 0.1]],
        np.float32,
    )
    assert (
        doubtful_labels(unseen, np.zeros(5, np.int64)).tolist()
        == [False, True, False] + [False] * 2
    )


def test_an_intent_that_would_be_left_without_examples_keeps_them_all() -> None:
    unseen = np.tile(np.array([[0.01, 0.99]], np.float32), (4, 1))
    truth = np.array([0, 0, 1, 1])
    assert not doubtful_labels(unseen, truth).any()


def test_the_doubtful_labels_are_the_wrong_ones() -> None:
    noisy, wrong = spoil(CLEAN, share=0.35)
    told: list[tuple[str, float]] = []
    trained = train(noisy, toy_encode, progress=lambda stage, done: told.append((stage, done)))
    doubtful = find_doubts(trained.encoded, trained.unseen).doubtful
    assert wrong[doubtful].mean() > 0.95
    assert doubtful[wrong].mean() > 0.5
    passes = [done for stage, done in told if stage == "cross-validate"]
    assert len(passes) == 10
    assert passes == sorted(passes)


def test_with_doubtful_labels_taken_out_the_classifier_trusts_the_rest_more() -> None:
    noisy, wrong = spoil(CLEAN, share=0.2)
    texts, labels = [e.text for e in noisy], [e.intent for e in noisy]
    vectors = toy_encode(texts)
    soft = IntentClassifier(softness=SOFTNESS_FOR_NOISE).fit(texts, vectors, labels)
    both = IntentClassifier(softness=SOFTNESS_FOR_NOISE)
    both.fit(texts, vectors, labels, doubtful=wrong)
    right = np.array([both.classes_.index(e.intent) for e in CLEAN])
    rows = np.arange(len(CLEAN))
    lead = [m.margins(texts, vectors)[rows, right].mean() for m in (soft, both)]
    assert lead[1] > lead[0]


def test_without_any_doubt_there_is_one_machine() -> None:
    texts, labels = [e.text for e in CLEAN], [e.intent for e in CLEAN]
    vectors = toy_encode(texts)
    one = IntentClassifier().fit(texts, vectors, labels)
    other = IntentClassifier().fit(texts, vectors, labels, doubtful=np.zeros(len(texts), np.bool_))
    np.testing.assert_array_equal(one.weights_, other.weights_)
