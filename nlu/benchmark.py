"""Measures the understanding on a folder of public data, beside baselines."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nlu.baselines import BaselineFigures, Separation, measure_nearest, measure_ngrams
from nlu.bootstrap import Interval, bootstrap, macro_f1
from nlu.errors import BadTrainingData
from nlu.evaluate import (
    Judged,
    calibration_error_by_chance,
    judge_examples,
    judge_unseen,
    measure,
    separation,
)
from nlu.formats import read_training_data
from nlu.model import NluModel
from nlu.pipeline import Encode, NluPipeline
from nlu.text import gist
from nlu.train import train
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from nlu.unseen import Progress

_MOST_TIMED = 1000
_FEWEST_INTENTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came out; times of one text at a time with the encoder, memory of this process.

    `intervals` are those of 95 %, by bootstrap: of `accuracy`, `macro_f1`, and of the AUROC of each
    file in `oos` by the file's name. `baselines` are named `ngrams` and `nearest`.
    """

    accuracy: float
    macro_f1: float
    oos: Mapping[str, Separation]
    train_seconds: float
    p50_ms: float
    p95_ms: float
    peak_mb: float
    calibration_error: float
    calibration_error_by_chance: float
    cross_validated_accuracy: float
    examples: int
    intents: int
    softness: float
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    baselines: Mapping[str, BaselineFigures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Folder:
    learn: tuple[Example, ...]
    test: tuple[Example, ...]
    strangers: Mapping[str, tuple[Example, ...]]


def benchmark(
    folder: Path,
    encode: Encode,
    *,
    language: Collection[str] = (),
    everyday: Sequence[str] = (),
    baseline: bool = False,
    with_dev: bool = False,
    progress: Progress = lambda stage, done: None,
) -> Figures:
    """Train on `train.tsv` (and `oos_train.tsv`), measure on `test.tsv` and `*oos_test.tsv`.

    Lines of `test.tsv` that are out of scope, or whose label the training file does not have, are
    strangers and count under `test.tsv` in `oos`. `dev.tsv` is learnt from only `with_dev`, as one
    does when nothing is left to choose. For `language` and `everyday` see `nlu.train.train`. Raises
    BadTrainingData on files that cannot be read, fewer than two intents to learn, or a `test.tsv`
    without a text of any of them.
    """
    data = _read(folder, ("train.tsv", "dev.tsv") if with_dev else ("train.tsv",))
    started = time.perf_counter()
    trained = train(data.learn, encode, language=language, everyday=everyday, progress=progress)
    train_seconds = time.perf_counter() - started
    peak = _peak_mb()
    milliseconds = _time_each(NluPipeline(trained.model, encode), data.test)
    own = judge_examples(trained.model, data.test, encode)
    metrics = measure(own)
    separated, spans = _tell_apart(trained.model, own, data.strangers, encode)
    return Figures(
        accuracy=metrics.accuracy,
        macro_f1=metrics.macro_f1,
        oos=separated,
        train_seconds=train_seconds,
        p50_ms=float(np.percentile(milliseconds, 50)),
        p95_ms=float(np.percentile(milliseconds, 95)),
        peak_mb=peak,
        calibration_error=metrics.calibration_error,
        calibration_error_by_chance=calibration_error_by_chance(own),
        cross_validated_accuracy=measure(judge_unseen(trained)).accuracy,
        examples=metrics.examples,
        intents=len(trained.model.intents),
        softness=trained.model.classifier.softness,
        intervals={**intervals(own), **spans},
        baselines=_baselines(data, encode) if baseline else {},
    )


def intervals(own: Sequence[Judged]) -> dict[str, Interval]:
    """The intervals of accuracy and macro-F1 over texts in scope."""
    names = {
        name: i for i, name in enumerate(sorted({n for j in own for n in (j.intent, j.predicted)}))
    }
    truth = np.array([names[j.intent] for j in own])
    said = np.array([names[j.predicted] for j in own])
    right = truth == said
    return {
        "accuracy": bootstrap(len(own), statistic=lambda rows: float(right[rows].mean())),
        "macro_f1": bootstrap(len(own), statistic=lambda rows: macro_f1(truth[rows], said[rows])),
    }


def _tell_apart(
    model: NluModel,
    own: Sequence[Judged],
    strangers: Mapping[str, Sequence[Example]],
    encode: Encode,
) -> tuple[dict[str, Separation], dict[str, Interval]]:
    """How well each file's strangers are told from our texts, and the interval of the AUROC."""
    kept = np.array([j.in_scope for j in own])
    separated, spans = {}, {}
    for name, examples in strangers.items():
        strange = np.array([j.in_scope for j in judge_examples(model, examples, encode)])
        separated[name] = Separation(*separation(kept, strange))
        spans[name] = bootstrap(
            len(kept),
            len(strange),
            statistic=lambda a, b, others=strange: separation(kept[a], others[b])[0],
        )
    return separated, spans


def _baselines(data: _Folder, encode: Encode) -> dict[str, BaselineFigures]:
    parts = data.learn, data.test, data.strangers
    return {"ngrams": measure_ngrams(*parts), "nearest": measure_nearest(*parts, encode)}


def _read(folder: Path, learnt: Sequence[str]) -> _Folder:
    missing = [n for n in (*learnt, "test.tsv") if not (folder / n).is_file()]
    if missing:
        raise BadTrainingData(f"{folder} lacks {' and '.join(missing)} (`text<TAB>label` a line)")
    learn = list(read_training_data([folder / name for name in learnt]).examples)
    known = {example.intent for example in learn if not example.is_contrast}
    if len(known) < _FEWEST_INTENTS:
        raise BadTrainingData(f"{folder / 'train.tsv'}: two intents are needed, {len(known)} found")
    test = read_training_data([folder / "test.tsv"]).examples
    strangers: dict[str, tuple[Example, ...]] = {}
    unknown = _visible(_as_stranger(e) for e in test if e.intent not in known)
    if unknown:
        strangers["test.tsv"] = unknown
    for path in sorted(folder.glob("*oos_test.tsv")):
        strangers[path.name] = _visible(map(_as_stranger, read_training_data([path]).examples))
    if (folder / "oos_train.tsv").is_file():
        learn += map(_as_stranger, read_training_data([folder / "oos_train.tsv"]).examples)
    own = _visible(e for e in test if e.intent in known)
    if not own:
        raise BadTrainingData(f"{folder / 'test.tsv'}: no text is of an intent of train.tsv")
    return _Folder(tuple(learn), own, {name: found for name, found in strangers.items() if found})


def _visible(examples: Iterable[Example]) -> tuple[Example, ...]:
    return tuple(e for e in examples if gist(e.text))


def _as_stranger(example: Example) -> Example:
    return Example(example.text, OUT_OF_SCOPE, place=example.place)


def _time_each(pipeline: NluPipeline, examples: Sequence[Example]) -> list[float]:
    """Milliseconds of understanding each text alone, the first one apart (it warms up)."""
    pipeline.understand("warm up")
    times = []
    for example in examples[:_MOST_TIMED]:
        started = time.perf_counter()
        pipeline.understand(example.text)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _peak_mb() -> float:
    import resource  # not on Windows, where only this figure is missing

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2
