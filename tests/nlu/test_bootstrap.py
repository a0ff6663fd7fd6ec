"""Intervals by resampling, and the F1 that they are made for."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from nlu.bootstrap import bootstrap, macro_f1


def test_the_interval_of_a_share_is_about_two_standard_errors_wide_each_way() -> None:
    right = np.arange(1000) < 900
    low, high = bootstrap(1000, statistic=lambda rows: float(right[rows].mean()))
    error = np.sqrt(0.9 * 0.1 / 1000)
    assert low == pytest.approx(0.9 - 1.96 * error, abs=0.2 * error)
    assert high == pytest.approx(0.9 + 1.96 * error, abs=0.2 * error)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(0).random(50)
    one, other = (
        bootstrap(50, 50, statistic=lambda a, b: float(values[a].mean() - values[b].mean()))
        for _ in range(2)
    )
    assert one == other
    assert one[0] < 0 < one[1]


def test_macro_f1_is_that_of_scikit_learn_over_the_classes_that_occur() -> None:
    rng = np.random.default_rng(0)
    truth, said = rng.integers(0, 5, 200), rng.integers(0, 7, 200)
    expected = f1_score(truth, said, labels=np.unique(truth), average="macro")
    assert macro_f1(truth, said) == pytest.approx(expected)
