"""How far a figure could lie from its true value, given how few texts it was measured on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Interval = tuple[float, float]
"""The lower and the upper end of a 95 % interval."""


def bootstrap(
    *sizes: int, statistic: Callable[..., float], resamples: int = 1000, seed: int = 0
) -> Interval:
    """The interval that holds 95 % of what a figure would be on other samples of the same sizes.

    Efron's percentile method: `statistic` is called with one array of row numbers for each size,
    drawn with replacement, and gives the figure of those rows. The same seed gives the same.
    """
    rng = np.random.default_rng(seed)
    found = [statistic(*(rng.integers(0, n, n) for n in sizes)) for _ in range(resamples)]
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))


def macro_f1(truth: Rows, said: Rows) -> float:
    """The mean of F1 over the classes that occur in `truth`; both are numbers of classes."""
    size = int(max(truth.max(), said.max())) + 1
    hits = np.bincount(truth[truth == said], minlength=size)
    support = np.bincount(truth, minlength=size)
    claimed = np.bincount(said, minlength=size)
    scores = 2 * hits / np.maximum(support + claimed, 1)
    return float(scores[support > 0].mean())
