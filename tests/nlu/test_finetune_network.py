"""The network that learns is the encoder that serves, and its state survives."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from nlu.adaptation import adapt
from nlu.convert_weights import find_source, read_weights
from nlu.encoder import load_encoder
from nlu.errors import ModelMismatch
from nlu.finetune_network import Network, Recipe

ENCODER = Path(__file__).parents[2] / "models" / "encoder"
TEXTS = ("快递咋还没到", "我要退货", "where is my parcel", "东西坏了要求换一台新的，" * 20)
PAIRS = (("我要退货", "东西不想要了"), ("快递咋还没到", "包裹到哪了"))
WEIGHTS = adapt(read_weights(find_source()))

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None,
        reason="the extra `train` is not installed",
    ),
]


def network() -> Network:
    return Network(WEIGHTS, Recipe(steps=10), threads=1)


def before() -> np.ndarray:
    return load_encoder(ENCODER).features([first for first, _ in PAIRS])


def test_it_begins_as_the_encoder_that_serves() -> None:
    served = load_encoder(ENCODER)
    fresh = network()
    assert np.sum(fresh.features(TEXTS) * served.features(TEXTS), axis=1).min() > 0.98


def test_what_was_saved_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    whole, resumed = network(), network()
    file, about = tmp_path / "checkpoint.pt", {"data": "a"}
    whole.learn(PAIRS, before())
    whole.save(file, about=about)
    assert not resumed.resume(file, about={"data": "b"})
    assert resumed.resume(file, about=about)
    assert resumed.step == 1
    assert whole.learn(PAIRS, before()) == resumed.learn(PAIRS, before())
    for name, weights in whole.trained().items():
        np.testing.assert_array_equal(weights, resumed.trained()[name], err_msg=name)


@pytest.mark.parametrize("content", [b"", b"no state"])
def test_a_file_that_is_no_checkpoint_begins_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(content)
    fresh = network()
    assert not fresh.resume(tmp_path / "checkpoint.pt", about={})
    assert not fresh.resume(tmp_path / "none.pt", about={})
    assert fresh.step == 0


def test_only_the_upper_layers_learn() -> None:
    learning = network()
    learning.learn(PAIRS, before())
    learning.learn(PAIRS, before())
    trained = learning.trained()
    assert {name.split(".")[0] for name in trained} == {f"l{i}" for i in range(6, 12)}
    changed = [
        n for n, w in trained.items() if n.endswith(".fo.w") and (w != WEIGHTS.plain(n)).any()
    ]
    assert len(changed) == 6


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ModelMismatch, match="fits no weight"):
        WEIGHTS.with_trained({"l11.fo.w": np.zeros((2, 2), np.float32)})
