"""What the understanding is measured beside: n-grams alone, and the nearest training example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlu.bootstrap import macro_f1
from nlu.evaluate import separation
from nlu.intents import Floats
from nlu.pipeline import Encode
from nlu.text import canonical
from nlu.training_data import Example


@dataclass(frozen=True, slots=True)
class Separation:
    """How well texts out of scope are told from those in scope; see `nlu.evaluate.separation`."""

    auroc: float
    recall_at_95_in_scope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFigures:
    """How right a baseline is, and how well its score tells strangers."""

    accuracy: float
    macro_f1: float
    oos: Mapping[str, Separation] = field(default_factory=dict)


def measure_ngrams(
    learn: Sequence[Example],
    test: Sequence[Example],
    strangers: Mapping[str, Sequence[Example]],
) -> BaselineFigures:
    """Character n-grams with a linear support vector machine, strangers by its best margin."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    own = [e for e in learn if not e.is_contrast]
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    features = vectoriser.fit_transform([canonical(e.text) for e in own])
    machine = LinearSVC(random_state=0).fit(features, [e.intent for e in own])

    def judge(examples: Sequence[Example]) -> tuple[list[str], list[float]]:
        rows = vectoriser.transform([canonical(e.text) for e in examples])
        margins = machine.decision_function(rows)
        best = margins.max(axis=1) if margins.ndim > 1 else np.abs(margins)
        return list(machine.predict(rows)), best.tolist()

    said, score = judge(test)
    return _figures(test, said, score, {name: judge(rows)[1] for name, rows in strangers.items()})


def measure_nearest(
    learn: Sequence[Example],
    test: Sequence[Example],
    strangers: Mapping[str, Sequence[Example]],
    encode: Encode,
) -> BaselineFigures:
    """The intent of the nearest training text by the encoder's vector, strangers by its cosine."""
    own = [e for e in learn if not e.is_contrast]
    known = encode([canonical(e.text) for e in own])

    def judge(examples: Sequence[Example]) -> tuple[list[str], list[float]]:
        nearest: list[int] = []
        cosines: list[float] = []
        vectors = encode([canonical(e.text) for e in examples])
        for start in range(0, len(vectors), 1024):
            part: Floats = vectors[start : start + 1024] @ known.T
            nearest += part.argmax(axis=1).tolist()
            cosines += part.max(axis=1).tolist()
        return [own[i].intent for i in nearest], cosines

    said, score = judge(test)
    return _figures(test, said, score, {name: judge(rows)[1] for name, rows in strangers.items()})


def _figures(
    test: Sequence[Example],
    said: Sequence[str],
    score: Sequence[float],
    strangers: Mapping[str, Sequence[float]],
) -> BaselineFigures:
    names = {name: i for i, name in enumerate(sorted({*said, *(e.intent for e in test)}))}
    truth, found = (np.array([names[n] for n in one]) for one in ([e.intent for e in test], said))
    return BaselineFigures(
        accuracy=float((truth == found).mean()),
        macro_f1=macro_f1(truth, found),
        oos={name: Separation(*separation(score, other)) for name, other in strangers.items()},
    )
