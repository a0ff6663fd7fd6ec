"""Close comparison: the same from memory and when fetched, token by token."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from knowledge.evidence import EvidenceInMemory, EvidenceOnDemand
from knowledge.vectors import TextVectors, quantise

PLACES = np.array([2, 0])


def unit_rows(count: int, size: int, seed: int = 7) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def texts() -> list[tuple[np.ndarray, np.ndarray]]:
    return [(unit_rows(1, 8, n)[0], unit_rows(count, 6, n)) for n, count in enumerate((4, 5, 3))]


def in_memory(texts) -> EvidenceInMemory:
    return EvidenceInMemory([s for s, _ in texts], [quantise(tokens) for _, tokens in texts])


def test_tokens_are_compared_with_the_best_of_the_other_side(texts) -> None:
    question, tokens = unit_rows(1, 8)[0], unit_rows(2, 6)
    close = in_memory(texts).compare(question, tokens, PLACES)
    chosen = [texts[place] for place in PLACES]
    similar = [own @ tokens.T for _, own in chosen]
    assert np.allclose(close.sentence, [s @ question for s, _ in chosen], atol=1e-2)
    assert np.allclose(close.asked, [one.max(axis=0).mean() for one in similar], atol=2e-2)
    assert np.allclose(close.said, [one.max(axis=1).mean() for one in similar], atol=2e-2)


def test_what_is_fetched_is_compared_alike(texts) -> None:
    question, tokens = unit_rows(1, 8)[0], unit_rows(2, 6)
    hashes = [hashlib.sha256(bytes([n])).hexdigest() for n in range(3)]
    known = {
        one: TextVectors(sentence, np.zeros(0, np.float32), quantise(own))
        for one, (sentence, own) in zip(hashes, texts, strict=True)
    }
    asked: list[str] = []

    def fetch(wanted):
        asked.extend(wanted)
        return [known[one] for one in wanted]

    near = EvidenceOnDemand(hashes, fetch).compare(question, tokens, PLACES)
    same = in_memory(texts).compare(question, tokens, PLACES)
    assert asked == [hashes[2], hashes[0]]
    assert np.allclose(near.sentence, same.sentence, atol=1e-2)
    assert np.allclose(near.asked, same.asked)


def test_a_text_whose_vectors_were_lost_is_far_from_everything() -> None:
    lost = EvidenceOnDemand([hashlib.sha256(b"gone").hexdigest()], lambda wanted: [None])
    close = lost.compare(unit_rows(1, 8)[0], unit_rows(2, 6), np.array([0]))
    assert close.asked.tolist() == close.said.tolist() == close.sentence.tolist() == [0]
