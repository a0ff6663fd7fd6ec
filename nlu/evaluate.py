"""Measures an understanding: accuracy by intent, calibration, and telling strangers apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.errors import BadTrainingData
from nlu.intents import Floats
from nlu.model import NluModel
from nlu.pipeline import Encode
from nlu.text import gist
from nlu.train import Trained
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from nlu.unseen import Encoded, encode_examples

_DRAWS: Final = 200  # of outcomes that calibration is compared with


@dataclass(frozen=True, slots=True)
class Judged:
    """One example and what was made of it; `in_scope` and `confidence` are in [0, 1]."""

    text: str
    intent: str
    predicted: str
    confidence: float
    in_scope: float
    rejected: bool

    @property
    def decision(self) -> str:
        """The intent that the rest of the program gets to see."""
        return OUT_OF_SCOPE if self.rejected else self.predicted


@dataclass(frozen=True, slots=True)
class IntentReport:
    """How well one intent is recognised; `confused_with` maps wrong predictions to their counts."""

    precision: float
    recall: float
    f1: float
    support: int
    confused_with: dict[str, int]


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of an evaluation, all in [0, 1].

    `accuracy` and `macro_f1` are over the best intent of the texts in scope; `decided_accuracy`
    counts a wrongly rejected text as an error too. `calibration_error` is the expected one over ten
    bins of confidence. `auroc` of out-of-scope, `stranger_recall` (strangers rejected at the
    model's threshold) and `recall_at_95_in_scope` (strangers rejected where 95 % of the texts in
    scope are kept) are None without texts that are out of scope.
    """

    accuracy: float
    macro_f1: float
    decided_accuracy: float
    calibration_error: float
    rejected_in_scope: float
    examples: int
    strangers: int
    auroc: float | None = None
    stranger_recall: float | None = None
    recall_at_95_in_scope: float | None = None


def as_strangers(
    examples: Sequence[Example], known: Collection[str]
) -> tuple[tuple[Example, ...], int]:
    """The examples, those whose intent is not `known` as strangers, and how many became that.

    Raises BadTrainingData when no text that anybody can see is of a known intent.
    """
    known = frozenset(known) - {OUT_OF_SCOPE}
    if not any(e.intent in known and gist(e.text) for e in examples):
        raise BadTrainingData(
            "no test text is of an intent that the model knows: add texts of its intents, or test"
            " the model that was trained on these"
        )
    made = tuple(e if e.intent in known else replace(e, intent=OUT_OF_SCOPE) for e in examples)
    return made, sum(not e.is_contrast and e.intent not in known for e in examples)


def judge_examples(
    model: NluModel, examples: Sequence[Example], encode: Encode
) -> tuple[Judged, ...]:
    """What the model makes of examples that it has not learnt from."""
    encoded = encode_examples(examples, encode, read=model.read)
    if not encoded.texts:
        return ()
    scores = model.score(encoded.texts, encoded.vectors)
    return _judged(
        encoded,
        model.intents,
        scores.probabilities,
        scores.in_scope,
        threshold=model.judge.threshold_,
    )


def judge_unseen(trained: Trained) -> tuple[Judged, ...]:
    """What was made of the training examples by cross-validation."""
    return _judged(
        trained.encoded,
        trained.unseen.intents,
        trained.probabilities,
        trained.in_scope,
        threshold=trained.model.judge.threshold_,
    )


def calibration_error_by_chance(judged: Sequence[Judged], *, seed: int = 0) -> float:
    """What the calibration error of texts in scope would be if their confidence were exactly right.

    Few texts never are right as often as they should be: the mean over outcomes that are drawn with
    the confidences as their odds. The same seed gives the same.
    """
    confidence = np.array([j.confidence for j in judged if j.intent != OUT_OF_SCOPE])
    rng = np.random.default_rng(seed)
    drawn = rng.random((_DRAWS, len(confidence))) < confidence
    return float(np.mean([_calibration_error(confidence, right) for right in drawn]))


def measure(judged: Sequence[Judged]) -> Metrics:
    """The figures; at least one example must be in scope."""
    own = [j for j in judged if j.intent != OUT_OF_SCOPE]
    strangers = [j for j in judged if j.intent == OUT_OF_SCOPE]
    right = np.array([j.predicted == j.intent for j in own])
    report = report_intents(own)
    auroc, at_95 = (
        separation([j.in_scope for j in own], [j.in_scope for j in strangers])
        if strangers
        else (None, None)
    )
    return Metrics(
        accuracy=float(right.mean()),
        macro_f1=float(np.mean([r.f1 for r in report.values() if r.support])),
        decided_accuracy=float(np.mean([j.decision == j.intent for j in own])),
        calibration_error=_calibration_error(np.array([j.confidence for j in own]), right),
        rejected_in_scope=float(np.mean([j.rejected for j in own])),
        examples=len(own),
        strangers=len(strangers),
        auroc=auroc,
        stranger_recall=float(np.mean([j.rejected for j in strangers])) if strangers else None,
        recall_at_95_in_scope=at_95,
    )


def report_intents(judged: Sequence[Judged]) -> dict[str, IntentReport]:
    """Precision, recall and F1 of every intent that occurs, by the best intent of each text."""
    pairs = Counter((j.intent, j.predicted) for j in judged if j.intent != OUT_OF_SCOPE)
    names = sorted({name for pair in pairs for name in pair})
    reports = {}
    for name in names:
        hits = pairs[name, name]
        support = sum(n for (truth, _), n in pairs.items() if truth == name)
        claimed = sum(n for (_, said), n in pairs.items() if said == name)
        wrong = {
            said: n for (truth, said), n in pairs.most_common() if truth == name and said != name
        }
        reports[name] = IntentReport(
            precision=hits / claimed if claimed else 0.0,
            recall=hits / support if support else 0.0,
            f1=2 * hits / (claimed + support),
            support=support,
            confused_with=wrong,
        )
    return reports


def separation(
    own: Sequence[float] | Floats, strangers: Sequence[float] | Floats
) -> tuple[float, float]:
    """How well a score sets texts in scope above strangers.

    Gives the area under the receiver's curve (ties count half), and the share of strangers below
    the score that 95 % of the texts in scope reach.
    """
    low, high = np.sort(np.asarray(strangers)), np.asarray(own)
    below = np.searchsorted(low, high, side="left")
    level = np.searchsorted(low, high, side="right")
    auroc = float((below + level).mean() / 2 / len(low))
    return auroc, float(np.mean(low < np.quantile(high, 0.05)))


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """The texts whose best intent has a confidence in one tenth, and how many of them are right."""

    texts: int
    confidence: float
    accuracy: float


def reliability(judged: Sequence[Judged]) -> tuple[ConfidenceBin, ...]:
    """The tenths of confidence that occur among texts in scope, rising (Guo et al. 2017)."""
    own = [j for j in judged if j.intent != OUT_OF_SCOPE]
    confidence = np.array([j.confidence for j in own])
    right = np.array([j.predicted == j.intent for j in own], dtype=np.bool_)
    bins = _bins(confidence)
    return tuple(
        ConfidenceBin(
            texts=int((bins == b).sum()),
            confidence=float(confidence[bins == b].mean()),
            accuracy=float(right[bins == b].mean()),
        )
        for b in np.unique(bins)
    )


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What is answered, and how well, when only texts from this confidence on are answered.

    `coverage` is the share of texts in scope that are answered, `accuracy` that of right ones among
    them; `strangers` is the share of texts out of scope that are answered too, None without any.
    """

    confidence: float
    coverage: float
    accuracy: float
    strangers: float | None


def coverage_curve(judged: Sequence[Judged]) -> tuple[CoveragePoint, ...]:
    """From answering the surest text alone to answering all; one point a hundredth of the texts.

    A text's confidence is that of its best intent times the probability that it is in scope.
    """
    own = [j for j in judged if j.intent != OUT_OF_SCOPE]
    sure = np.array([j.confidence * j.in_scope for j in own])
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum([own[i].predicted == own[i].intent for i in order])
    odd = np.array([j.confidence * j.in_scope for j in judged if j.intent == OUT_OF_SCOPE])
    counts = np.unique(np.linspace(1, len(own), 100).round().astype(int))
    return tuple(
        CoveragePoint(
            confidence=float(sure[order[n - 1]]),
            coverage=float(n / len(own)),
            accuracy=float(right[n - 1] / n),
            strangers=float(np.mean(odd >= sure[order[n - 1]])) if len(odd) else None,
        )
        for n in counts.tolist()
    )


def _judged(
    encoded: Encoded,
    intents: Sequence[str],
    probabilities: Floats,
    in_scope: Floats,
    *,
    threshold: float,
) -> tuple[Judged, ...]:
    best = probabilities.argmax(axis=1)
    return tuple(
        Judged(
            text=text,
            intent=label,
            predicted=intents[best[i]],
            confidence=float(probabilities[i, best[i]]),
            in_scope=float(in_scope[i]),
            rejected=bool(in_scope[i] < threshold),
        )
        for i, (text, label) in enumerate(zip(encoded.texts, encoded.labels, strict=True))
    )


def _calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten equally wide bins (Guo et al. 2017)."""
    bins = _bins(confidence)
    gaps = [
        abs(float(confidence[bins == b].mean()) - float(right[bins == b].mean()))
        * float(np.mean(bins == b))
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def _bins(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    result: NDArray[np.int64] = np.minimum((confidence * 10).astype(np.int64), 9)
    return result
