"""Labels that are probably wrong: whether there are many, and which ones.

Real logs are labelled in haste, some data sets wrongly on purpose. A soft machine is not misled by
wrong labels, but learns little from right ones; with the wrong ones taken out a harder machine
learns more (confident learning, Northcutt et al. 2021, "Confident Learning: Estimating Uncertainty
in Dataset Labels"; figures in docs/adr/0008).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.folds import stratified_folds
from nlu.intents import (
    SOFTNESS,
    SOFTNESS_FOR_NOISE,
    Floats,
    IntentClassifier,
    fit_temperature,
    probabilities,
)
from nlu.unseen import Doubts, Encoded, Unseen

_ENOUGH_TO_CHOOSE: Final = 200  # texts left out: fewer cannot tell two softnesses apart
_CLEARLY_BETTER: Final = 0.01
_HARDLY_ITS_OWN: Final = 0.05  # the probability of its label below which a text belongs elsewhere
_RATHER_ANOTHERS: Final = 0.5  # and that of another intent above which it does
_FEWEST_BELIEVED: Final = 2


def choose_softness(encoded: Encoded, *, seed: int) -> float:
    """Much softer where many labels are wrong: when that is clearly right more often.

    Judged on one fold that is left out; a machine that may ignore examples learns less from the
    wrong ones.
    """
    held = stratified_folds(encoded.labels, folds=5, seed=seed) == 0
    learn, rest = encoded.take(np.flatnonzero(~held)), encoded.take(np.flatnonzero(held))
    if len(set(learn.labels)) < 2 or len(rest.labels) < _ENOUGH_TO_CHOOSE:
        return SOFTNESS

    def accuracy(softness: float) -> float:
        classifier = IntentClassifier(softness=softness)
        classifier.fit(learn.texts, learn.vectors, learn.labels)
        found = classifier.margins(rest.texts, rest.vectors).argmax(axis=1)
        return float(
            np.mean([classifier.classes_[i] == y for i, y in zip(found, rest.labels, strict=True)])
        )

    with ThreadPoolExecutor(2) as pool:
        usual, softer = pool.map(accuracy, (SOFTNESS, SOFTNESS_FOR_NOISE))
    return SOFTNESS_FOR_NOISE if softer > usual + _CLEARLY_BETTER else SOFTNESS


def find_doubts(encoded: Encoded, unseen: Unseen) -> Doubts:
    """Which labels of the examples are to be believed, by what was said of them unseen."""
    own, truth = encoded.own, unseen.truth(encoded)
    margins = unseen.margins[own]
    found = probabilities(margins, temperature=fit_temperature(margins, truth, noisy=True))
    doubtful, beliefs = np.zeros(len(own), np.bool_), np.ones(len(own), np.float32)
    doubtful[own] = doubtful_labels(found, truth)
    of_label = np.take_along_axis(margins, truth[:, None], axis=1)
    beliefs[own] = 1 / (1 + (margins > of_label).sum(axis=1))
    return Doubts(doubtful, beliefs)


def doubtful_labels(unseen: Floats, truth: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which texts probably belong to another intent than the one they are labelled with.

    `unseen` are probabilities (texts, intents) by classifiers that had not seen the text, `truth`
    is the column of its label. An intent of which fewer than two labels would be left keeps all.
    """
    own = unseen[np.arange(len(truth)), truth]
    doubtful: NDArray[np.bool_] = (own < _HARDLY_ITS_OWN) & (unseen.max(axis=1) > _RATHER_ANOTHERS)
    believed = np.bincount(truth[~doubtful], minlength=unseen.shape[1])
    doubtful &= believed[truth] >= _FEWEST_BELIEVED
    return doubtful
