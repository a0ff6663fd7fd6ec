"""Measures the understanding on a folder of public data, beside a baseline without an encoder."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nlu.errors import BadTrainingData
from nlu.evaluate import judge_examples, judge_unseen, measure, separation
from nlu.formats import read_training_data
from nlu.pipeline import Encode, NluPipeline
from nlu.text import canonical
from nlu.train import Progress, train
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE

_MOST_TIMED = 1000


@dataclass(frozen=True, slots=True)
class Separation:
    """How well texts out of scope are told from those in scope; see `nlu.evaluate.separation`."""

    auroc: float
    recall_at_95_in_scope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFigures:
    """Character n-grams with a linear support vector machine, strangers by its best margin."""

    accuracy: float
    macro_f1: float
    oos: Mapping[str, Separation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came out; times of one text at a time with the encoder, memory of this process."""

    accuracy: float
    macro_f1: float
    oos: Mapping[str, Separation]
    train_seconds: float
    p50_ms: float
    p95_ms: float
    peak_mb: float
    calibration_error: float
    cross_validated_accuracy: float
    baseline: BaselineFigures | None = None


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
    baseline: bool = False,
    progress: Progress = lambda stage, done: None,
) -> Figures:
    """Train on `train.tsv` (and `oos_train.tsv`), measure on `test.tsv` and `*oos_test.tsv`.

    Lines of `test.tsv` whose label the training file does not have are strangers and count under
    `test.tsv` in `oos`. `dev.tsv` is not used. `language`: see `nlu.train.train`. Raises
    BadTrainingData on files that cannot be read.
    """
    data = _read(folder)
    started = time.perf_counter()
    trained = train(data.learn, encode, language=language, progress=progress)
    train_seconds = time.perf_counter() - started
    milliseconds = _time_each(NluPipeline(trained.model, encode), data.test)
    own = judge_examples(trained.model, data.test, encode)
    metrics = measure(own)
    kept = [j.in_scope for j in own]
    separated = {}
    for name, examples in data.strangers.items():
        strange = judge_examples(trained.model, examples, encode)
        separated[name] = Separation(*separation(kept, [j.in_scope for j in strange]))
    return Figures(
        accuracy=metrics.accuracy,
        macro_f1=metrics.macro_f1,
        oos=separated,
        train_seconds=train_seconds,
        p50_ms=float(np.percentile(milliseconds, 50)),
        p95_ms=float(np.percentile(milliseconds, 95)),
        peak_mb=_peak_mb(),
        calibration_error=metrics.calibration_error,
        cross_validated_accuracy=measure(judge_unseen(trained)).accuracy,
        baseline=_baseline(data) if baseline else None,
    )


def _read(folder: Path) -> _Folder:
    missing = [n for n in ("train.tsv", "test.tsv") if not (folder / n).is_file()]
    if missing:
        raise BadTrainingData(f"{folder} lacks {' and '.join(missing)} (`text<TAB>label` a line)")
    learn = list(read_training_data([folder / "train.tsv"]).examples)
    known = {example.intent for example in learn}
    test = read_training_data([folder / "test.tsv"]).examples
    strangers: dict[str, tuple[Example, ...]] = {}
    unknown = tuple(_as_stranger(e) for e in test if e.intent not in known)
    if unknown:
        strangers["test.tsv"] = unknown
    for path in sorted(folder.glob("*oos_test.tsv")):
        strangers[path.name] = tuple(map(_as_stranger, read_training_data([path]).examples))
    if (folder / "oos_train.tsv").is_file():
        learn += map(_as_stranger, read_training_data([folder / "oos_train.tsv"]).examples)
    return _Folder(tuple(learn), tuple(e for e in test if e.intent in known), strangers)


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


def _baseline(data: _Folder) -> BaselineFigures:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score
    from sklearn.svm import LinearSVC

    learn = [e for e in data.learn if not e.is_contrast]
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    features = vectoriser.fit_transform([canonical(e.text) for e in learn])
    machine = LinearSVC(random_state=0).fit(features, [e.intent for e in learn])

    def margins(examples: Sequence[Example]) -> list[float]:
        found = machine.decision_function(
            vectoriser.transform([canonical(e.text) for e in examples])
        )
        best = found.max(axis=1) if found.ndim > 1 else np.abs(found)
        return [float(m) for m in best]

    truth = [e.intent for e in data.test]
    said = machine.predict(vectoriser.transform([canonical(e.text) for e in data.test]))
    own = margins(data.test)
    return BaselineFigures(
        accuracy=float(np.mean([a == b for a, b in zip(truth, said, strict=True)])),
        macro_f1=float(f1_score(truth, said, labels=sorted(set(truth)), average="macro")),
        oos={
            name: Separation(*separation(own, margins(examples)))
            for name, examples in data.strangers.items()
        },
    )
