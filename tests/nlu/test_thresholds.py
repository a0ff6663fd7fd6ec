"""From which confidence on an intent may be acted on."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.thresholds import confidence_thresholds


def _two_intents(confidence: list[float]) -> np.ndarray:
    first = np.array(confidence, np.float32)
    return np.stack([first, 1 - first], axis=1)


def test_an_intent_that_is_right_often_enough_is_always_believed() -> None:
    said = _two_intents([0.95, 0.9, 0.8, 0.7, 0.6])
    assert confidence_thresholds(said, np.zeros(5, np.int64), precision=0.9) == (0.0, 0.0)


def test_below_its_threshold_an_intent_is_wrong_too_often() -> None:
    confidence = np.linspace(0.99, 0.51, 200)
    right = np.array([True] * 100 + [False, True] * 50)
    threshold = confidence_thresholds(
        _two_intents(confidence.tolist()), np.where(right, 0, 1), precision=0.9
    )[0]
    kept = confidence >= threshold
    assert right[kept].mean() == pytest.approx(0.9, abs=0.02)
    assert 0.5 < threshold < 0.8


def test_a_higher_wish_never_gives_a_lower_threshold() -> None:
    rng = np.random.default_rng(3)
    confidence = rng.uniform(0.5, 1, 500)
    truth = np.where(rng.uniform(size=500) < confidence, 0, 1)
    said = _two_intents(confidence.tolist())
    found = [confidence_thresholds(said, truth, precision=p)[0] for p in (0.6, 0.8, 0.9, 0.97)]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_an_intent_that_is_never_right_is_believed_only_at_its_surest() -> None:
    said = _two_intents([0.9, 0.7, 0.6])
    assert confidence_thresholds(said, np.ones(3, np.int64), precision=0.9)[0] == pytest.approx(0.9)
