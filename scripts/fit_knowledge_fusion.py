"""Fit the numbers that fuse a passage's features: `python scripts/fit_knowledge_fusion.py`.

Data: the demo base and its tests, written for this project. Each question is used three times: with
its article there (the right passage against the other candidates, and: is the first one right?),
and with its article taken away (then nothing answers); questions without an answer join the last.
Figures are cross-validated over articles: no article is judged by numbers fitted on its own tests.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from knowledge.evaluate import Case, cases_of, read_case_file
from knowledge.features import Candidates, find_candidates
from knowledge.fusion import CALIBRATION, RANKING, calibration_rows, ranking_rows
from knowledge.index import build_index
from knowledge.loader import load_articles
from knowledge.text import normalise
from knowledge.vectors import MemoryVectors
from nlu.encoder import load_encoder

FOLDS = 10
RANK_PENALTY = 0.1
CALIBRATION_PENALTY = 0.01


@dataclass(frozen=True)
class Sample:
    """A question with its candidates; `right` flags the passages that answer it."""

    case: Case
    group: int
    candidates: Candidates
    right: np.ndarray
    without: Candidates | None


def collect(articles, cases) -> list[Sample]:
    """Candidates of every question, with and without its article."""
    encoder = load_encoder()
    index = build_index(
        articles, encode=encoder.encode_with_tokens, kept=MemoryVectors(), encoder=""
    )
    place = {article.id: i for i, article in enumerate(index.articles)}
    everything = np.ones(len(index.passages), bool)
    samples = []
    for number, case in enumerate(cases):
        encoded = encoder.encode_with_tokens([normalise(case.question)])[0]
        found = find_candidates(index, case.question, encoded, allowed=everything)
        right = np.array([case.is_answered_by(index.passages[p]) for p in found.places], bool)
        without = None
        if case.heading is not None:
            rest = index.article_of != place[case.article_id]
            without = find_candidates(index, case.question, encoded, allowed=rest)
        group = place[case.article_id] if case.heading is not None else number
        samples.append(Sample(case, group % FOLDS, found, right, without))
    return samples


def fit_ranking(samples: list[Sample]) -> np.ndarray:
    """Conditional logit by L-BFGS, with a small penalty on the squares."""
    used = [(ranking_rows(s.candidates), s.right) for s in samples if s.right.any()]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros(len(weights))
        for features, right in used:
            values = features @ weights
            shares = np.exp(values - values.max())
            shares /= shares.sum()
            mass = shares[right].sum() + 1e-12
            total -= np.log(mass)
            slope -= features.T @ (np.where(right, shares / mass, 0) - shares)
        return total + RANK_PENALTY * weights @ weights / 2, slope + RANK_PENALTY * weights

    return minimize(loss, np.zeros(len(RANKING)), jac=True, method="L-BFGS-B").x


def calibration_data(samples: list[Sample], weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the first candidate of each question, and whether it answers."""
    rows, labels = [], []
    for sample in samples:
        for found, right in ((sample.candidates, sample.right), (sample.without, None)):
            if found is None:
                continue
            values = ranking_rows(found) @ weights
            first = int(np.argmax(values))
            rows.append(calibration_rows(found, values)[first])
            labels.append(right is not None and bool(right[first]))
    return np.array(rows), np.array(labels, float)


def fit_calibration(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Logistic regression by L-BFGS."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = rows @ weights
        chances = 1 / (1 + np.exp(-logits))
        total = np.sum(np.logaddexp(0, logits) - labels * logits)
        penalty = CALIBRATION_PENALTY * weights
        return total + penalty @ weights / 2, rows.T @ (chances - labels) + penalty

    # More evidence must never lower the score; only generality speaks against an answer.
    signs = {"constant": (None, None), "generality": (None, 0)}
    bounds = [signs.get(name, (0, None)) for name in CALIBRATION]
    start = np.zeros(len(CALIBRATION))
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x


def cross_validate(samples: list[Sample], min_score: float | None) -> dict[str, float]:
    """Figures of models that never saw the article they are judged on."""
    right, answerable_scores, empty_scores, labels, scores = [], [], [], [], []
    for fold in range(FOLDS):
        seen = [s for s in samples if s.group != fold]
        ranking = fit_ranking(seen)
        calibration = fit_calibration(*calibration_data(seen, ranking))
        held = [s for s in samples if s.group == fold]
        rows, truth = calibration_data(held, ranking)
        chances = 1 / (1 + np.exp(-rows @ calibration))
        labels += list(truth)
        scores += list(chances)
        for sample in held:
            values = ranking_rows(sample.candidates) @ ranking
            row = calibration_rows(sample.candidates, values)[int(np.argmax(values))]
            score = float(1 / (1 + np.exp(-row @ calibration)))
            if sample.case.heading is None:
                empty_scores.append(score)
            else:
                right.append(bool(sample.right[int(np.argmax(values))]))
                answerable_scores.append(score)
    labels, scores = np.array(labels), np.array(scores)
    if min_score is None:
        min_score = float(np.quantile(empty_scores, 0.95)) if empty_scores else 0.5
    order = scores.argsort()
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    positive = labels.sum()
    auroc = (ranks[labels == 1].sum() - positive * (positive + 1) / 2) / (
        positive * (len(labels) - positive)
    )
    said = np.array(answerable_scores) >= min_score
    return {
        "questions": len(right),
        "recall_at_1": float(np.mean(right)),
        "abstain_questions": len(empty_scores),
        "abstained": float(np.mean(np.array(empty_scores) < min_score)),
        "answered": float(said.mean()),
        "right_when_answered": float(np.mean(np.array(right)[said])),
        "auroc_answer_or_not": float(auroc),
        "min_score": min_score,
    }


def main() -> None:
    """Fit, print the figures, and write them with the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=Path("training_data/ecommerce"))
    parser.add_argument("--out", type=Path, default=Path("knowledge/fusion.json"))
    parser.add_argument("--min-score", type=float, default=None)
    options = parser.parse_args()
    articles = load_articles(options.pack / "knowledge")
    cases = cases_of(articles) + read_case_file(options.pack / "knowledge_tests.yml", articles)
    samples = collect(articles, cases)
    figures = cross_validate(samples, options.min_score)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    ranking = fit_ranking(samples)
    calibration = fit_calibration(*calibration_data(samples, ranking))
    data = {
        "fitted_by": "scripts/fit_knowledge_fusion.py on training_data/ecommerce",
        "cross_validated": {name: round(value, 4) for name, value in figures.items()},
        "weights": dict(zip(RANKING, np.round(ranking, 4).tolist(), strict=True)),
        "calibration": dict(zip(CALIBRATION, np.round(calibration, 4).tolist(), strict=True)),
        "min_score": round(figures["min_score"], 3),
    }
    options.out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
