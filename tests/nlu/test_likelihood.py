"""The likelihood ratio of some intent against all texts."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.likelihood import fit_likelihood_ratio

RNG = np.random.default_rng(0)
CENTRES = np.eye(8, dtype=np.float32)[:3] * 4
LABELS = [f"意图{i % 3}" for i in range(300)]
TEXTS = (CENTRES[np.arange(300) % 3] + RNG.normal(0, 0.5, (300, 8))).astype(np.float32)


def test_what_stands_between_the_intents_is_less_likely_than_what_stands_in_one() -> None:
    ratio = fit_likelihood_ratio(TEXTS, LABELS)
    within, between = ratio.measure(CENTRES).min(), ratio.measure(CENTRES.mean(axis=0)[None])[0]
    assert within > 0 > between


@pytest.mark.parametrize("times", [1, 30], ids=["few texts", "more than are read at once"])
def test_the_ratio_is_that_of_the_normal_distributions(times: int) -> None:
    known = np.tile(TEXTS, (times, 1))
    ratio = fit_likelihood_ratio(known, LABELS * times)
    of = np.arange(len(known)) % 3
    means = np.stack([known[of == i].mean(axis=0) for i in range(3)]).astype(np.float64)

    def covariance(moved: np.ndarray) -> np.ndarray:
        size = moved.shape[1]
        texts = len(moved)
        full = moved.T @ moved / texts
        return (texts * full + 50 * np.trace(full) / size * np.eye(size)) / (texts + 50)

    def distance(x: np.ndarray, middle: np.ndarray, shape: np.ndarray) -> float:
        return float((x - middle) @ np.linalg.inv(shape) @ (x - middle))

    within = covariance(known - means[of])
    overall = covariance(known - known.mean(axis=0))
    for x in RNG.normal(0, 2, (20, 8)).astype(np.float32):
        nearest = min(distance(x, mean, within) for mean in means)
        expected = distance(x, known.mean(axis=0), overall) - nearest
        assert ratio.measure(x[None])[0] == pytest.approx(expected, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("texts", [1, 2])
def test_hardly_any_texts_give_finite_ratios(texts: int) -> None:
    ratio = fit_likelihood_ratio(TEXTS[:texts], LABELS[:texts])
    assert np.isfinite(ratio.measure(TEXTS)).all()
