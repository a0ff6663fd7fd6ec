"""From which confidence on an intent is right as often as was asked for."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.intents import Floats

_DOUBT: Final = 4.0  # made-up texts of exactly the wanted precision: few real ones prove little


def confidence_thresholds(
    probabilities: Floats, truth: NDArray[np.int64], *, precision: float
) -> tuple[float, ...]:
    """For each intent the lowest confidence at which its answers are right as often as wanted.

    `probabilities` has shape (texts, intents) and must be of texts that were not learnt from;
    `truth` is the column of each text's intent, -1 for a text that has none of them. 0 where every
    answer may be believed; where no confidence is enough, that of its most confident answer.
    """
    best = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    right = best == truth
    result = [0.0] * probabilities.shape[1]
    for intent in range(probabilities.shape[1]):
        own = best == intent
        if own.any():
            result[intent] = _threshold(confidence[own], right[own], precision)
    return tuple(result)


def _threshold(confidence: Floats, right: NDArray[np.bool_], precision: float) -> float:
    order = np.argsort(-confidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    reached = (np.cumsum(right[order]) + _DOUBT * precision) / (count + _DOUBT)
    good = np.flatnonzero(reached >= precision)
    if not len(good):
        return float(confidence[order[0]])
    last = int(good[-1])
    return 0.0 if last == len(order) - 1 else float(confidence[order[last]])
