"""Writes the report of an evaluation: JSON files and pictures as Rasa names them, and a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from nlu.evaluate import (
    Judged,
    Metrics,
    coverage_curve,
    measure,
    reliability,
    report_intents,
)
from nlu.report_page import write_page
from nlu.report_pictures import draw_confusion, draw_coverage, draw_histogram, draw_reliability
from nlu.understanding import OUT_OF_SCOPE


def write_report(judged: Sequence[Judged], folder: Path) -> Metrics:
    """Write the figures, the pictures, and `report.html`, which shows all of it in one file.

    Beside Rasa's `intent_report.json`, `intent_errors.json`, `intent_confusion_matrix.png` and
    `intent_histogram.png` these are `metrics.json`, `reliability.png` and `coverage.json` with its
    picture. At least one example must be in scope.
    """
    folder.mkdir(parents=True, exist_ok=True)
    metrics = measure(judged)
    own = [j for j in judged if j.intent != OUT_OF_SCOPE]
    _write(folder / "metrics.json", asdict(metrics))
    _write(folder / "intent_report.json", rasa_report(own, metrics))
    _write(folder / "intent_errors.json", _errors(judged))
    curve = coverage_curve(judged)
    _write(folder / "coverage.json", [asdict(point) for point in curve])
    draw_confusion(own, folder / "intent_confusion_matrix.png")
    draw_histogram(own, folder / "intent_histogram.png")
    draw_reliability(reliability(judged), folder / "reliability.png")
    draw_coverage(curve, folder / "coverage.png")
    write_page(judged, metrics, curve, folder)
    return metrics


def rasa_report(judged: Sequence[Judged], metrics: Metrics) -> dict[str, object]:
    """Every intent's figures and their averages, in the shape of Rasa's `intent_report.json`."""
    reports = report_intents(judged)
    seen = [r for r in reports.values() if r.support]
    content: dict[str, object] = {
        name: {
            "precision": r.precision,
            "recall": r.recall,
            "f1-score": r.f1,
            "support": r.support,
            "confused_with": r.confused_with,
        }
        for name, r in reports.items()
    }
    total = sum(r.support for r in seen)
    for title, weights in (
        ("macro avg", [1 / len(seen)] * len(seen)),
        ("weighted avg", [r.support / total for r in seen]),
    ):
        content[title] = {
            "precision": sum(w * r.precision for w, r in zip(weights, seen, strict=True)),
            "recall": sum(w * r.recall for w, r in zip(weights, seen, strict=True)),
            "f1-score": sum(w * r.f1 for w, r in zip(weights, seen, strict=True)),
            "support": total,
        }
    content["accuracy"] = metrics.accuracy
    return content


def _errors(judged: Sequence[Judged]) -> list[Mapping[str, object]]:
    """Wrong intents, wrong rejections and strangers taken for customers; the surest first."""
    wrong = [j for j in judged if j.decision != j.intent]
    return [
        {
            "text": j.text,
            "intent": j.intent,
            "intent_prediction": {"name": j.decision, "confidence": round(j.confidence, 4)},
            "best_intent": j.predicted,
            "in_scope": round(j.in_scope, 4),
        }
        for j in sorted(wrong, key=lambda j: -j.confidence)
    ]


def _write(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
