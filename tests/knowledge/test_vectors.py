"""Vectors: made by the metric, packed and unpacked without loss that matters."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.metric import default_metric
from knowledge.vectors import (
    MemoryVectors,
    TextVectors,
    encode_texts,
    find_or_encode,
    pack,
    quantise,
    unpack,
)


def unit_rows(count: int, size: int) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize(("count", "token_size", "meaning"), [(1, 3, 0), (5, 7, 4), (12, 192, 96)])
def test_packed_text_is_unpacked(count: int, token_size: int, meaning: int) -> None:
    tokens = unit_rows(count, token_size)
    before = TextVectors(unit_rows(1, 384)[0], unit_rows(1, 96)[0, :meaning], quantise(tokens))
    after = unpack(np.frombuffer(pack(before).tobytes(), np.float32))
    assert np.array_equal(after.sentence, before.sentence)
    assert np.array_equal(after.meaning, before.meaning)
    assert np.allclose(after.tokens.bytes * after.tokens.scales[:, None], tokens, atol=5e-3)


def test_features_of_the_encoder_become_a_sentence_and_a_meaning() -> None:
    size = len(default_metric().mean)
    features, tokens = unit_rows(2, size), unit_rows(3, default_metric().token_dimension)
    one, other = encode_texts(lambda texts: [(row, tokens) for row in features], ["a", "b"])
    assert one.sentence.shape == (size // 2,)
    for vector in (one.sentence, one.meaning, other.meaning):
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert np.allclose(one.meaning, default_metric().meanings(features)[0])


def test_the_metric_is_not_used_on_another_encoder_with_as_many_numbers() -> None:
    rows = unit_rows(2, len(default_metric().mean))
    [first, _] = encode_texts(lambda texts: [(row, row[None, :]) for row in rows], ["a", "b"])
    assert len(first.meaning) == 0
    assert np.array_equal(first.sentence, rows[0])


def test_the_same_text_twice_is_encoded_once() -> None:
    asked: list[str] = []

    def encode(texts):
        asked.extend(texts)
        return unit_rows(len(texts), 4)

    found = find_or_encode(["a", "b", "a"], encode=encode, kept=MemoryVectors(), encoder="e")
    assert asked == ["a", "b"]
    assert np.array_equal(found[0].sentence, found[2].sentence)
