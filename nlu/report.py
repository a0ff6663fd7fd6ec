"""Writes the report of an evaluation: JSON files and pictures, named as Rasa names them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from nlu.evaluate import Judged, Metrics, measure, report_intents
from nlu.understanding import OUT_OF_SCOPE


def write_report(judged: Sequence[Judged], folder: Path) -> Metrics:
    """Write `metrics.json`, `intent_report.json`, `intent_errors.json` and both pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    metrics = measure(judged)
    own = [j for j in judged if j.intent != OUT_OF_SCOPE]
    _write(folder / "metrics.json", asdict(metrics))
    _write(folder / "intent_report.json", rasa_report(own, metrics))
    _write(folder / "intent_errors.json", _errors(judged))
    _draw_confusion(own, folder / "intent_confusion_matrix.png")
    _draw_histogram(own, folder / "intent_histogram.png")
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


def _draw_confusion(judged: Sequence[Judged], path: Path) -> None:
    from matplotlib.figure import Figure  # half a second that only reports need

    names = sorted({name for j in judged for name in (j.intent, j.predicted)})
    places = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for j in judged:
        counts[places[j.intent], places[j.predicted]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.0, 0.22 * len(names) + 2)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    if len(names) <= 80:
        for row, column in zip(*np.nonzero(counts), strict=True):
            shade = "white" if shares[row, column] > 0.5 else "black"
            count = str(counts[row, column])
            axes.text(column, row, count, ha="center", va="center", fontsize=5, color=shade)
    _save(figure, path)


def _draw_histogram(judged: Sequence[Judged], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    bins = [i / 25 for i in range(26)]
    right = [j.confidence for j in judged if j.predicted == j.intent]
    wrong = [j.confidence for j in judged if j.predicted != j.intent]
    axes.hist([right, wrong], bins=bins, label=["right", "wrong"], color=["#2f6fdb", "#d9534f"])
    axes.set_xlabel("confidence of the best intent")
    axes.set_ylabel("texts")
    axes.legend()
    _save(figure, path)


def _save(figure: object, path: Path) -> None:
    with warnings.catch_warnings():
        # An intent with a Chinese name is drawn as boxes where no such font is installed.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(path, dpi=150)  # type: ignore[attr-defined]
