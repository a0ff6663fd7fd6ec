"""Splits examples for cross-validation and hold-out: stratified, seeded, classes of any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.text import bare


def stratified_folds(labels: Sequence[str], *, folds: int = 5, seed: int = 0) -> NDArray[np.int32]:
    """For each example the fold in `[0, folds)` that tests it; every class is spread evenly.

    A class smaller than `folds` is absent from the test of some folds; one with a single example
    is absent from the training of one.
    """
    rng = np.random.default_rng(seed)
    own = np.empty(len(labels), dtype=np.int32)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for i, label in enumerate(labels):
        members[label].append(i)
    turn = 0
    for label in sorted(members):
        # Going on where the last class ended keeps the folds equally large.
        order = rng.permutation(len(members[label]))
        for position, i in zip(order.tolist(), members[label], strict=True):
            own[i] = (turn + position) % folds
        turn += len(order)
    return own


def stratified_split(
    labels: Sequence[str],
    texts: Sequence[str] | None = None,
    *,
    test_share: float = 0.2,
    seed: int = 0,
) -> NDArray[np.bool_]:
    """True for each example of the test part; at least one of every class stays in training.

    Copies of one of `texts`, whatever their signs and capitals, stay together and count as one
    example; a text with two labels stays in training.
    """
    rng = np.random.default_rng(seed)
    is_test = np.zeros(len(labels), dtype=np.bool_)
    copies: defaultdict[str | int, list[int]] = defaultdict(list)
    for i in range(len(labels)):
        copies[i if texts is None else bare(texts[i])].append(i)
    members: defaultdict[str, list[list[int]]] = defaultdict(list)
    for own in copies.values():
        if len({labels[i] for i in own}) == 1:
            members[labels[own[0]]].append(own)
    for label in sorted(members):
        size = len(members[label])
        wanted = min(size - 1, max(1, round(size * test_share)))
        for place in rng.permutation(size)[:wanted].tolist():
            is_test[members[label][place]] = True
    return is_test
