"""Fit the numbers that fuse a passage's features: `python scripts/fit_knowledge_fusion.py`.

Data: every pack's base and its tests, written for this project. Each question is used with
its article there (the right passage against the other candidates, and: is the first one right?),
and with its article taken away (then nothing answers); questions without an answer join the last.
Ranking learns from all packs, the score from the demo base, which has questions without answer.
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
from scorecard_sets import PACKS

from knowledge.article import Scope
from knowledge.background import load_background
from knowledge.evaluate import Case, cases_of, read_case_file
from knowledge.features import Candidates, find_candidates
from knowledge.fusion import CALIBRATION, RANKING, calibration_rows, ranking_rows
from knowledge.index import build_index
from knowledge.loader import load_articles
from knowledge.segment import Source
from knowledge.text import normalise
from knowledge.vectors import MemoryVectors, encode_texts
from nlu.encoder import load_encoder

DEMO = "ecommerce"
FOLDS = 10
RANK_PENALTY = 0.1
CALIBRATION_PENALTY = 0.01


@dataclass(frozen=True)
class Sample:
    """A question with its candidates; `right` flags the passages that answer it."""

    pack: str
    case: Case
    group: int
    candidates: Candidates
    right: np.ndarray
    without: Candidates | None


@dataclass(frozen=True)
class Judged:
    """Whether the first passage was right, its score, and the first one's without the article."""

    right: bool
    score: float
    without: float | None


def collect(pack: Path) -> list[Sample]:
    """Candidates of every question of a pack, with and without its article."""
    articles = load_articles(pack / "knowledge")
    cases = cases_of(articles)
    if (pack / "knowledge_tests.yml").is_file():
        cases += read_case_file(pack / "knowledge_tests.yml", articles)
    encoder = load_encoder()
    encode, kept = encoder.encode_with_tokens, MemoryVectors()
    background = load_background(encode=encode, kept=kept, encoder="")
    index = build_index(articles, Source(encode, kept, "", background))
    everything = index.allowed(Scope(), None)
    samples = []
    for number, case in enumerate(cases):
        encoded = encode_texts(encode, [normalise(case.question)])[0]
        found = find_candidates(index, case.question, encoded, allowed=everything)
        right = np.array([case.is_answered_by(index.passage(p)) for p in found.places], bool)
        without, group = None, number
        if case.heading is not None:
            _, group = index.places[case.article_id]
            rest = everything[0].copy()
            rest[group] = False
            without = find_candidates(index, case.question, encoded, allowed=[rest])
        samples.append(Sample(pack.name, case, group % FOLDS, found, right, without))
    return samples


def fit_ranking(samples: list[Sample]) -> np.ndarray:
    """Conditional logit by L-BFGS, with a small penalty on the squares."""
    used = [(ranking_rows(s.candidates), s.right) for s in samples if s.right.any()]
    features = np.concatenate([rows for rows, _ in used])
    right = np.concatenate([flags for _, flags in used])
    counts = np.array([len(flags) for _, flags in used])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        values = features @ weights
        shares = np.exp(values - np.repeat(np.maximum.reduceat(values, starts), counts))
        shares /= np.repeat(np.add.reduceat(shares, starts), counts)
        mass = np.add.reduceat(np.where(right, shares, 0), starts) + 1e-12
        slope = features.T @ (shares - np.where(right, shares / np.repeat(mass, counts), 0))
        total = -np.log(mass).sum() + RANK_PENALTY * weights @ weights / 2
        return float(total), slope + RANK_PENALTY * weights

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


def cross_validate(samples: list[Sample]) -> list[tuple[Sample, Judged]]:
    """What models that never saw an article make of the questions about it."""
    judged = []
    for fold in range(FOLDS):
        seen = [s for s in samples if s.group != fold]
        ranking = fit_ranking(seen)
        calibration = fit_calibration(*calibration_data(_demo(seen), ranking))
        judged += [(s, judge(s, ranking, calibration)) for s in samples if s.group == fold]
    return judged


def _demo(samples: list[Sample]) -> list[Sample]:
    """What scores are fitted on: the base that has questions without an answer as well."""
    return [s for s in samples if s.pack == DEMO]


def judge(sample: Sample, ranking: np.ndarray, calibration: np.ndarray) -> Judged:
    """The first candidate of one question, with and without its article."""
    right, scores = False, []
    for found in (sample.candidates, sample.without):
        if found is None:
            continue
        values = ranking_rows(found) @ ranking
        first = int(np.argmax(values))
        row = calibration_rows(found, values)[first]
        scores.append(float(1 / (1 + np.exp(-row @ calibration))))
        right = right or (found is sample.candidates and bool(sample.right[first]))
    return Judged(right, scores[0], scores[1] if len(scores) > 1 else None)


def figures(judged: list[tuple[Sample, Judged]], min_score: float | None) -> dict[str, float]:
    """Sum up; `min_score` None is the one that 95 % of the questions without answer stay below."""
    wanted = [j for s, j in judged if s.case.heading is not None]
    empty = [j.score for s, j in judged if s.case.heading is None]
    nothing = empty + [j.without for j in wanted if j.without is not None]
    if min_score is None:
        min_score = float(np.quantile(empty, 0.95)) if empty else 0.5
    said = [j for j in wanted if j.score >= min_score]
    found = {
        "questions": len(wanted),
        "recall_at_1": float(np.mean([j.right for j in wanted])),
        "abstain_questions": len(empty),
        "abstained": float(np.mean(np.array(empty) < min_score)) if empty else float("nan"),
        "answered": len(said) / len(wanted),
        "right_when_answered": float(np.mean([j.right for j in said])) if said else float("nan"),
        "auroc_article_there_or_not": auroc([j.score for j in wanted], nothing),
        "auroc_right_or_not": auroc(
            [j.score for j in wanted if j.right],
            nothing + [j.score for j in wanted if not j.right],
        ),
        "min_score": min_score,
    }
    return {name: value for name, value in found.items() if not np.isnan(value)}


def auroc(higher: list[float], lower: list[float]) -> float:
    """The chance that one of the first is above one of the second (ties count half)."""
    a, b = np.array(higher)[:, None], np.array(lower)[None, :]
    return float(((a > b) + 0.5 * (a == b)).mean())


def main() -> None:
    """Fit, print the figures of each pack, and write those of the demo base with the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("knowledge/fusion.json"))
    parser.add_argument("--min-score", type=float, default=None)
    options = parser.parse_args()
    samples = [s for pack in sorted(PACKS) for s in collect(Path("training_data") / pack)]
    judged = cross_validate(samples)
    demo = figures([(s, j) for s, j in judged if s.pack == DEMO], options.min_score)
    for pack in sorted(PACKS):
        own = figures([(s, j) for s, j in judged if s.pack == pack], demo["min_score"])
        sys.stdout.write(json.dumps({pack: {k: round(v, 4) for k, v in own.items()}}) + "\n")
    ranking = fit_ranking(samples)
    calibration = fit_calibration(*calibration_data(_demo(samples), ranking))
    data = {
        "fitted_by": "scripts/fit_knowledge_fusion.py on the bases of all packs",
        "cross_validated_on_the_demo_base": {name: round(v, 4) for name, v in demo.items()},
        "weights": dict(zip(RANKING, np.round(ranking, 4).tolist(), strict=True)),
        "calibration": dict(zip(CALIBRATION, np.round(calibration, 4).tolist(), strict=True)),
        "min_score": round(demo["min_score"], 3),
    }
    sys.stdout.write(json.dumps({k: data[k] for k in ("weights", "calibration")}) + "\n")
    options.out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
