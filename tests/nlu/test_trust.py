"""Strangers that were labelled all the same, now as this and now as that, are known again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from nlu.artefact import load_model, save_model
from nlu.evaluate import separation
from nlu.intents import SOFTNESS_FOR_NOISE
from nlu.label_noise import find_doubts
from nlu.model import NluModel
from nlu.train import train
from nlu.training_data import Example
from nlu.trust import NEIGHBOURS, NO_TRUST, fit_trust
from nlu.unseen import Learning, cross_validate, encode_examples
from tests.nlu.toy import FINGERPRINT, toy_encode

_COLOURS = "红橙黄绿青蓝紫黑白灰金银铜粉"
_THINGS = "鞋帽裙裤伞灯杯包表笔锅碗床桌椅书琴球镜刀瓶盒箱席"
_ASKED = {"我要退掉{}": "apply_return", "{}到哪里了": "query_logistics", "{}卖多少钱": "ask_price"}
_STRANGE = "{}上能刻名字吗"

LEARNT = ["".join(parts) for parts in product(_COLOURS, _THINGS)]
UNSEEN = ["".join(parts) for parts in product(_COLOURS, "帘毯壶秤钟")]


CLEAN = [Example(s.format(item), name) for (s, name), item in product(_ASKED.items(), LEARNT)]


def labelled_in_haste() -> list[Example]:
    """A fifth of the labels is another intent's, and strangers' are drawn by lot."""
    rng = np.random.default_rng(0)
    names = sorted(set(_ASKED.values()))

    def slip(name: str) -> str:
        return names[(names.index(name) + int(rng.integers(1, 3))) % 3]

    own = [replace(e, intent=slip(e.intent)) if rng.random() < 0.2 else e for e in CLEAN]
    return own + [Example(_STRANGE.format(item), str(rng.choice(names))) for item in LEARNT]


@pytest.fixture(scope="module")
def clean() -> NluModel:
    return train(CLEAN, toy_encode).model


@pytest.fixture(scope="module")
def model(clean: NluModel) -> NluModel:
    """As the clean one, but learnt from labels in haste, and from what is believed of them."""
    encoded = encode_examples(labelled_in_haste(), toy_encode)
    learning = Learning(softness=SOFTNESS_FOR_NOISE)
    doubts = find_doubts(encoded, cross_validate(encoded, learning=learning))
    classifier, evidence = replace(learning, doubts=doubts).learn(encoded)
    return replace(clean, classifier=classifier, evidence=evidence)


def trust_in(model: NluModel, texts: list[str]) -> np.ndarray:
    vectors = toy_encode(texts)
    margins = model.classifier.margins(texts, vectors)
    evidence = model.evidence.measure(model.classifier, texts, vectors, margins)
    return evidence[:, -1]


def test_where_labels_contradict_each_other_they_are_trusted_less(model: NluModel) -> None:
    strange = trust_in(model, [_STRANGE.format(item) for item in UNSEEN])
    own = trust_in(model, [s.format(item) for s, item in product(_ASKED, UNSEEN)])
    assert separation(own, strange)[0] > 0.99


def test_one_text_is_trusted_as_it_is_among_others(model: NluModel) -> None:
    texts = [s.format(item) for s, item in product([*_ASKED, _STRANGE], UNSEEN[:3])]
    alone = [trust_in(model, [text])[0] for text in texts]
    np.testing.assert_allclose(alone, trust_in(model, texts), rtol=1e-4)


def test_a_loaded_model_trusts_as_the_saved_one_did(model: NluModel, tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    save_model(model, tmp_path / "m", encoder=FINGERPRINT, examples=[], scores={}, created_at=now)
    loaded = load_model(tmp_path / "m", encoder=FINGERPRINT)
    texts = [s.format(item) for s, item in product([*_ASKED, _STRANGE], UNSEEN[:20])]
    np.testing.assert_array_equal(trust_in(loaded, texts), trust_in(model, texts))


def test_labels_that_agree_are_all_believed_and_nothing_is_learnt_of_trust(clean: NluModel) -> None:
    assert not clean.evidence.trust_.is_learnt
    assert not trust_in(clean, [_STRANGE.format(item) for item in UNSEEN]).any()


def test_the_line_is_that_of_the_least_squares_with_small_weights() -> None:
    sparse = sp.random(60, 5, density=0.5, random_state=1, format="csr", dtype=np.float32)
    rng = np.random.default_rng(1)
    dense = rng.normal(size=(60, 4)).astype(np.float32)
    beliefs = rng.random(60).astype(np.float32)
    trust = fit_trust(sparse, dense, beliefs)
    x = np.hstack([sparse.toarray(), dense]).astype(np.float64)
    expected = np.linalg.solve(x.T @ x + 10 * np.eye(9), x.T @ (beliefs - beliefs.mean()))
    np.testing.assert_allclose(trust.weights[:, 0], expected, atol=1e-3)
    assert trust.usual == pytest.approx(beliefs.mean())


@pytest.mark.parametrize("texts", [1, 2, NEIGHBOURS, NEIGHBOURS + 1])
def test_few_neighbours_say_what_they_can(texts: int) -> None:
    beliefs = np.linspace(0.25, 1, texts).astype(np.float32)
    trust = fit_trust(sp.csr_matrix((texts, 3), dtype=np.float32), np.eye(texts, 4), beliefs)
    cosines = np.random.default_rng(0).uniform(-1, 1, (5, texts)).astype(np.float32)
    around = trust.around(cosines)
    assert (around >= beliefs.min() - 1e-6).all()
    assert (around <= beliefs.max() + 1e-6).all()


def test_the_nearer_a_text_is_the_more_its_label_counts() -> None:
    trust = fit_trust(sp.csr_matrix((2, 3), dtype=np.float32), np.eye(2), np.array([1.0, 0.25]))
    nearer_first, nearer_second = trust.around(np.array([[0.9, 0.1], [0.1, 0.9]], np.float32))
    assert 1 > nearer_first > 0.625 > nearer_second > 0.25


def test_where_nothing_was_learnt_nothing_is_said() -> None:
    assert NO_TRUST.around(np.ones((3, 7), np.float32)).tolist() == [0, 0, 0]
