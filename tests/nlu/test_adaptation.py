"""What the reading layers learnt: written small, added again at the conversion."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nlu.adaptation import adapt, adaptation_bytes, write_adaptation
from nlu.convert_graph import TRUNK_LAYERS, build_reading
from nlu.convert_weights import EncoderWeights, find_source, read_weights
from nlu.errors import ModelMismatch
from nlu.graph_writer import Precision


@pytest.fixture(scope="module")
def weights() -> EncoderWeights:
    return read_weights(find_source())


def test_a_correction_of_low_rank_is_read_back_as_it_was(
    weights: EncoderWeights, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    matrix, vector = weights.plain("l9.q.w"), weights.vectors["l9.q.b"]
    change = (rng.normal(size=(384, 2)) @ rng.normal(size=(2, 384)) / 100).astype(np.float32)
    moved = vector + rng.normal(size=384).astype(np.float32) / 100
    path = tmp_path / "adaptation.npz"
    write_adaptation(path, weights, {"l9.q.w": matrix + change, "l9.q.b": moved}, rank=2)
    adapted = adapt(weights, path.read_bytes())
    np.testing.assert_allclose(adapted.plain("l9.q.w") - matrix, change, atol=1e-4)
    np.testing.assert_allclose(adapted.vectors["l9.q.b"], moved, atol=1e-4)
    np.testing.assert_array_equal(adapted.plain("l9.k.w"), weights.plain("l9.k.w"))


def test_only_the_largest_part_of_a_change_is_kept(weights: EncoderWeights, tmp_path: Path) -> None:
    matrix = weights.plain("l8.ao.w")
    large, small = np.zeros_like(matrix), np.zeros_like(matrix)
    large[0, 0], small[1, 1] = 0.5, 0.1
    path = tmp_path / "adaptation.npz"
    write_adaptation(path, weights, {"l8.ao.w": matrix + large + small}, rank=1)
    kept = adapt(weights, path.read_bytes()).plain("l8.ao.w") - matrix
    np.testing.assert_allclose(kept, large, atol=1e-3)


def test_corrections_of_another_encoder_are_refused(
    weights: EncoderWeights, tmp_path: Path
) -> None:
    path = tmp_path / "adaptation.npz"
    left, right = np.zeros((5, 1), np.float16), np.zeros((1, 7), np.float16)
    np.savez(path, **{"l8.ao.w.left": left, "l8.ao.w.right": right})
    with pytest.raises(ModelMismatch, match=r"l8\.ao\.w"):
        adapt(weights, path.read_bytes())


@pytest.mark.parametrize("damage", [lambda c: c[: len(c) // 2], lambda c: b"", lambda c: b"<html>"])
def test_a_damaged_file_is_refused_with_a_remedy(
    weights: EncoderWeights, damage: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(ModelMismatch, match=r"damaged.*scripts/setup"):
        adapt(weights, damage(adaptation_bytes()))


def test_what_was_learnt_is_in_the_layers_above_the_trunk_alone(weights: EncoderWeights) -> None:
    changed = adapt(weights).trained
    upper = set(range(TRUNK_LAYERS, weights.shape.layers))
    assert {int(name[1 : name.index(".")]) for name in changed} == upper


@pytest.mark.parametrize("name", ["l0.q.w", "l5.oln.b", "emb.ln.w", "emb.word"])
def test_reading_layers_on_a_changed_trunk_are_refused(weights: EncoderWeights, name: str) -> None:
    present = weights.vectors[name] if name in weights.vectors else weights.plain(name)
    changed = weights.with_trained({name: present})
    with pytest.raises(ValueError, match=re.escape(name)):
        build_reading(changed, precision=Precision.ROWS_8_BIT)
