"""Fuse what speaks for a passage into one calibrated score.

Ranking is a linear model of the features, fitted as a conditional logit (McFadden 1974): the right
passage against the other candidates of its question. Calibration is a logistic model over the
ranking value, its lead over the next passage and a few absolute features, so that the score is the
probability that the passage answers. Both were fitted by `scripts/fit_knowledge_fusion.py` on the
packs' own tests, written for this project; `fusion.json` holds the numbers and the fit's
cross-validated figures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from knowledge.features import FEATURES, Candidates

Floats = NDArray[np.float64]

RANKING = ("late", "meaning", "cover_best")
"""The features that rank: few, since each further one lost as much as it won (ADR 0005, 0009)."""

CALIBRATION = (
    "constant",
    "rank_value",
    "lead",
    "dense_best",
    "dense_second",
    "cover_best",
    "lexical_best",
    "generality",
)
"""The columns of a calibration matrix. `lead` is the distance to the best other passage, cut to
±`_MOST_LEAD`; the rest are features of the passage or of the question."""

_MOST_LEAD = 4.0


@dataclass(frozen=True, slots=True)
class Fusion:
    """The fitted numbers: `weights` by RANKING, `calibration` by CALIBRATION, and the score from
    which a passage may be said.
    """

    weights: Floats
    calibration: Floats
    min_score: float

    def rank_values(self, candidates: Candidates) -> Floats:
        """One number a candidate; higher ranks first."""
        values: Floats = ranking_rows(candidates) @ self.weights
        return values

    def probabilities(self, candidates: Candidates, values: Floats) -> Floats:
        """The calibrated score of each candidate, in [0, 1]."""
        rows = calibration_rows(candidates, values)
        scores: Floats = 1 / (1 + np.exp(-np.clip(rows @ self.calibration, -30, 30)))
        return scores


def ranking_rows(candidates: Candidates) -> Floats:
    """The ranking matrix, one row a candidate."""
    columns = [FEATURES.index(name) for name in RANKING]
    rows: Floats = candidates.features[:, columns].astype(np.float64)
    return rows


def best_of(found: Sequence[Candidates], fusion: Fusion) -> Candidates:
    """What several wordings of one question found, as one: each passage with the features of the
    wording that ranks it highest, and how general the last wording is.
    """
    if len(found) == 1:
        return found[0]
    places = np.concatenate([one.places for one in found])
    features = np.concatenate([one.features for one in found])
    values = np.concatenate([fusion.rank_values(one) for one in found])
    best_first = np.argsort(-values, kind="stable")
    distinct, first = np.unique(places[best_first], return_index=True)
    return Candidates(distinct, features[best_first[first]], found[-1].generality)


def leads(values: Floats) -> Floats:
    """How far each value is ahead of the best other one (negative when behind)."""
    if len(values) < 2:
        return np.full(len(values), _MOST_LEAD)
    second, best = np.sort(values)[-2:]
    lead: Floats = np.clip(
        np.where(values == best, values - second, values - best), -_MOST_LEAD, _MOST_LEAD
    )
    return lead


def calibration_rows(candidates: Candidates, values: Floats) -> Floats:
    """The calibration matrix, one row a candidate."""
    columns = {
        "constant": np.ones(len(values)),
        "rank_value": values,
        "lead": leads(values),
        "generality": np.full(len(values), candidates.generality),
    }
    for name in CALIBRATION:
        if name not in columns:
            columns[name] = candidates.features[:, FEATURES.index(name)].astype(np.float64)
    return np.stack([columns[name] for name in CALIBRATION], axis=1)


@lru_cache(maxsize=1)
def default_fusion() -> Fusion:
    """The numbers that come with the package."""
    text = resources.files("knowledge").joinpath("fusion.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Fusion(
        weights=np.array([data["weights"][name] for name in RANKING]),
        calibration=np.array([data["calibration"][name] for name in CALIBRATION]),
        min_score=float(data["min_score"]),
    )
