"""Training: calibration, scope, and data of odd shapes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlu.artefact import read_manifest
from nlu.evaluate import judge_examples, judge_unseen, measure
from nlu.intents import Floats
from nlu.model import NluModel
from nlu.out_of_scope import EVIDENCE, Neighbours, ScopeJudge
from nlu.train import train
from nlu.training_data import Example
from nlu.unseen import Learning, encode_examples
from tests.nlu.toy import EXAMPLES, STRANGERS, toy_encode

ROOT = Path(__file__).parents[2]


def test_the_same_data_gives_the_same_model() -> None:
    one, other = (train([*EXAMPLES, *STRANGERS], toy_encode) for _ in range(2))
    np.testing.assert_array_equal(one.model.classifier.weights_, other.model.classifier.weights_)
    assert one.model.judge.threshold_ == other.model.judge.threshold_
    assert one.model.temperature == other.model.temperature


def test_the_order_of_sets_in_a_process_changes_nothing_in_a_model(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from nlu.artefact import save_model; from nlu.train import train\n"
        "from tests.nlu.toy import EXAMPLES, toy_encode\n"
        "everyday = ('明天下雨吗', '房价涨没涨', '有什么景点', 'how are you', 'nice weather')\n"
        "model = train(EXAMPLES, toy_encode, everyday=everyday, language={'are', 'you'}).model\n"
        "save_model(model, Path(sys.argv[1]), encoder='toy', examples=EXAMPLES, scores={},\n"
        "    created_at=datetime(2026, 11, 22, tzinfo=UTC))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(tmp_path / seed)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
    first, second = (read_manifest(tmp_path / seed) for seed in ("1", "2"))
    assert first == second


def test_examples_left_out_are_understood_and_strangers_told_apart() -> None:
    metrics = measure(judge_unseen(train([*EXAMPLES, *STRANGERS], toy_encode)))
    assert metrics.accuracy == 1.0
    assert metrics.auroc is not None
    assert metrics.auroc > 0.95
    assert metrics.strangers == len(STRANGERS)


def test_scope_is_judged_without_contrast_examples_too() -> None:
    model = train(EXAMPLES, toy_encode).model
    metrics = measure(judge_examples(model, [*EXAMPLES, *STRANGERS], toy_encode))
    assert metrics.auroc is not None
    assert metrics.auroc > 0.9


def test_what_people_write_to_anybody_tells_strangers_where_there_is_no_contrast() -> None:
    model = train(EXAMPLES, toy_encode, everyday=[e.text for e in STRANGERS[::2]]).model
    ours, strange = (
        _evidence(model, [e.text for e in examples]) for examples in (EXAMPLES, STRANGERS[1::2])
    )
    lead, off_contrast = (EVIDENCE.index(name) for name in ("lead", "off_contrast"))
    assert ours[:, lead].min() > 0 > strange[:, lead].max()
    assert ours[:, off_contrast].min() > 0
    assert ours[:, off_contrast].mean() > strange[:, off_contrast].mean()
    assert (model.judge.weights_[[lead, off_contrast]] > 0).all()


def test_an_intent_is_known_by_the_words_of_its_name() -> None:
    named, coded = (
        train([Example(e.text, names[e.intent]) for e in EXAMPLES], toy_encode).model
        for names in (
            {"apply_return": "退货", "query_logistics": "查询运输进度", "ask_price": "价格"},
            {"apply_return": "A1", "query_logistics": "B2", "ask_price": "C3"},
        )
    )
    text = ["查询运输进度"]
    by_name, by_code = (
        model.classifier.margins(text, toy_encode(text))[0] for model in (named, coded)
    )
    place = named.intents.index("查询运输进度")
    assert by_name.argmax() == place
    assert by_name[place] > by_code[coded.intents.index("B2")]


def test_the_name_of_an_intent_without_examples_teaches_nothing() -> None:
    encoded = encode_examples(EXAMPLES, toy_encode)
    names = encode_examples([Example("ask price", "ask_price")], toy_encode)
    some = np.flatnonzero(np.array(encoded.labels) != "ask_price")
    with_names, _ = Learning(names=names).learn(encoded, some)
    without, _ = Learning().learn(encoded, some)
    assert with_names.classes_ == without.classes_ == ("apply_return", "query_logistics")
    np.testing.assert_array_equal(with_names.weights_, without.weights_)


def _evidence(model: NluModel, texts: list[str]) -> Floats:
    vectors = toy_encode(texts)
    margins = model.classifier.margins(texts, vectors)
    return model.evidence.measure(model.classifier, texts, vectors, margins)


def test_what_people_write_to_anybody_changes_nothing_between_the_intents() -> None:
    without = train(EXAMPLES, toy_encode).model
    model = train(EXAMPLES, toy_encode, everyday=[e.text for e in STRANGERS]).model
    texts = [e.text for e in (*EXAMPLES, *STRANGERS)]
    expected, scores = (m.score(texts, toy_encode(texts)) for m in (without, model))
    assert model.intents == without.intents
    np.testing.assert_allclose(scores.probabilities, expected.probabilities, atol=1e-6)


def test_few_contrast_examples_stand_beside_what_people_write_to_anybody() -> None:
    everyday = [e.text for e in STRANGERS[::2]]
    own = STRANGERS[1:4:2]
    model = train([*EXAMPLES, *own], toy_encode, everyday=everyday).model
    assert len(model.evidence.contrast_.vectors_) == len(everyday) + len(own)
    assert set(model.intents) == {e.intent for e in EXAMPLES}


def test_a_shop_is_no_stranger_to_what_it_is_asked_itself() -> None:
    everyday = [e.text for e in (*STRANGERS, *EXAMPLES[:8])]
    model = train(EXAMPLES, toy_encode, everyday=everyday).model
    assert len(model.evidence.contrast_.vectors_) == len(STRANGERS)


def test_contrast_examples_of_ones_own_leave_everyday_messages_out() -> None:
    own = train([*EXAMPLES, *STRANGERS], toy_encode)
    both = train([*EXAMPLES, *STRANGERS], toy_encode, everyday=["外面在下雨"])
    np.testing.assert_array_equal(own.in_scope, both.in_scope)


@pytest.mark.parametrize("examples", [EXAMPLES[6:10], EXAMPLES[6:10] + EXAMPLES[16:18]])
def test_two_examples_an_intent_are_enough(examples: tuple[Example, ...]) -> None:
    model = train(examples, toy_encode).model
    assert measure(judge_examples(model, examples, toy_encode)).accuracy == 1.0


def test_very_unequal_intents_do_not_swallow_the_small_one() -> None:
    many = [Example(f"我要退掉这个{i}号东西", "apply_return") for i in range(60)]
    few = [Example(text, "ask_price") for text in ("这个多少钱", "多少钱一个", "卖多少钱")]
    model = train([*many, *few], toy_encode).model
    judged = judge_examples(model, [Example("多少钱", "ask_price")], toy_encode)
    assert judged[0].predicted == "ask_price"


def test_examples_without_a_visible_character_are_left_out() -> None:
    trained = train([*EXAMPLES, Example("\u200b", "ask_price")], toy_encode)
    assert len(trained.encoded.texts) == len(EXAMPLES)


def test_progress_is_told_to_its_end() -> None:
    told: list[tuple[str, float]] = []
    train(EXAMPLES, toy_encode, progress=lambda stage, done: told.append((stage, done)))
    assert {("encode", 1.0), ("cross-validate", 1.0), ("final", 1.0)} <= set(told)


def test_the_threshold_never_rejects_more_than_its_share() -> None:
    rng = np.random.default_rng(1)
    own = rng.normal(0.3, 1, size=(500, len(EVIDENCE))).astype(np.float32)
    strange = rng.normal(-0.3, 1, size=(500, len(EVIDENCE))).astype(np.float32)
    in_scope = np.r_[np.ones(500, np.bool_), np.zeros(500, np.bool_)]
    evidence = np.concatenate([own, strange])
    judge = ScopeJudge(most_rejected=0.02).fit(evidence, in_scope, contrast=True)
    assert float(np.mean(judge.in_scope(own) < judge.threshold_)) <= 0.02
    assert float(judge.in_scope(own).mean()) > float(judge.in_scope(strange).mean())


def test_without_contrast_only_the_lack_of_known_words_tells() -> None:
    rng = np.random.default_rng(1)
    own = rng.normal(0, 1, size=(500, len(EVIDENCE))).astype(np.float32)
    strange = rng.normal(-2, 1, size=(500, len(EVIDENCE))).astype(np.float32)
    in_scope = np.r_[np.ones(500, np.bool_), np.zeros(500, np.bool_)]
    judge = ScopeJudge().fit(np.concatenate([own, strange]), in_scope, contrast=False)
    usual = np.zeros((4, len(EVIDENCE)), np.float32)
    known = EVIDENCE.index("known")
    usual[:, known] = [-3, -2, 0, 3]
    lacking, lacking_less, as_usual, more = judge.in_scope(usual)
    assert lacking < lacking_less < as_usual
    assert more == as_usual


def test_texts_that_agree_in_a_measure_leave_probabilities_finite() -> None:
    rng = np.random.default_rng(1)
    evidence = rng.normal(0, 1, size=(60, len(EVIDENCE))).astype(np.float32)
    known = EVIDENCE.index("known")
    evidence[:, known] = np.where(np.arange(60) < 30, 1.0, 0.4)
    in_scope = np.arange(60) < 30
    judge = ScopeJudge().fit(evidence, in_scope, contrast=False)
    strange = np.zeros((1, len(EVIDENCE)), np.float32)
    assert 0 <= judge.in_scope(strange)[0] < 0.5


def test_nearness_is_the_mean_cosine_of_the_nearest() -> None:
    known = np.eye(3, dtype=np.float32)
    near = Neighbours(neighbours=2).fit(known).nearness(np.array([[1.0, 0, 0]], np.float32))
    assert near.tolist() == [0.5]
    nothing = Neighbours().fit(known[:0])
    assert nothing.nearness(known).tolist() == [0.0, 0.0, 0.0]
    assert len(Neighbours(most=2).fit(known).vectors_) == 2


def test_nothing_is_added_to_rare_intents_where_nothing_is_gained() -> None:
    assert not train(EXAMPLES[4:], toy_encode).model.rarity.any()
