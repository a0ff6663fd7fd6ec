"""Vectors: packed and unpacked without loss that matters, searched exactly."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.late import LateIndex
from knowledge.vectors import FlatIndex, MemoryVectors, find_or_encode, pack, unpack


def unit_rows(count: int, size: int) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize(("count", "token_size"), [(1, 3), (5, 7), (12, 192)])
def test_packed_text_is_unpacked(count: int, token_size: int) -> None:
    sentence, tokens = unit_rows(1, 384)[0], unit_rows(count, token_size)
    kept = np.frombuffer(pack((sentence, tokens)).tobytes(), np.float32)
    again, tokens_again = unpack(kept)
    assert np.array_equal(again, sentence)
    assert np.allclose(tokens_again, tokens, atol=1e-3)


def test_the_same_text_twice_is_encoded_once() -> None:
    asked: list[str] = []

    def encode(texts):
        asked.extend(texts)
        return unit_rows(len(texts), 4)

    found = find_or_encode(["a", "b", "a"], encode=encode, kept=MemoryVectors(), encoder="e")
    assert asked == ["a", "b"]
    assert np.array_equal(found[0][0], found[2][0])


def test_the_nearest_allowed_vectors_are_found() -> None:
    rows = unit_rows(50, 8)
    allowed = np.arange(50) % 3 == 0
    exact = [place for place in np.argsort(-rows @ rows[7]) if allowed[place]]
    index = FlatIndex(rows)
    assert list(index.search(rows[7], limit=5, allowed=allowed)) == exact[:5]
    assert len(index.search(rows[7], limit=40, allowed=allowed)) == allowed.sum()
    assert np.allclose(index.take(np.array([3, 7])), rows[[3, 7]])


def test_late_interaction_takes_the_best_token_for_each_of_the_question() -> None:
    texts = [unit_rows(4, 6), unit_rows(9, 6)[4:], unit_rows(3, 6)]
    question = unit_rows(2, 6)
    expected = [(text @ question.T).max(axis=0).mean() for text in texts]
    index = LateIndex(texts)
    assert np.allclose(index.match(question, 0, 3), expected, atol=1e-2)
    assert np.allclose(index.match(question, 1, 2), expected[1:2], atol=1e-2)
