"""Measures what is read of feelings: emotions, sentiment, urgency, who is taken for angry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from nlu.emotion import read_label
from nlu.training_data import Example
from nlu.understanding import Emotion, Mood, Sentiment, Understanding

_POLARITY: Final = {
    "0": Sentiment.NEGATIVE,
    "1": Sentiment.POSITIVE,
    **{sentiment.value: sentiment for sentiment in Sentiment},
}


def measure_emotions(
    examples: Sequence[Example], understand: Callable[[str], Understanding]
) -> dict[str, object]:
    """The figures, in [0, 1] but for counts.

    Examples are labelled by emotion (`anger`, `anger/urgent` …), or all by sentiment alone
    (`negative`, `neutral`, `positive`, or 0 and 1 for the outer two). Of a binary file the accuracy
    counts a neutral reading as wrong; `decided` is the share of readings that are not neutral, and
    `accuracy_decided` is over these. Raises BadTrainingData for other labels.
    """
    read = [understand(example.text) for example in examples]
    said = [one.emotion.sentiment for one in read]
    if all(example.intent in _POLARITY for example in examples):
        return _sentiment([_POLARITY[example.intent] for example in examples], said)
    labels = [read_label(example) for example in examples]
    emotions = [emotion for emotion, _ in labels]
    angry = [one.mood is Mood.ANGRY for one in read]
    return {
        "examples": len(examples),
        "emotion": _classes(emotions, [one.emotion for one in read], list(Emotion)),
        "sentiment": _sentiment([emotion.sentiment for emotion in emotions], said),
        "urgent": _yes_or_no([urgent for _, urgent in labels], [one.urgent for one in read]),
        "angry_mood": _yes_or_no([e is Emotion.ANGER for e in emotions], angry),
    }


def _sentiment(truth: Sequence[Sentiment], said: Sequence[Sentiment]) -> dict[str, object]:
    found = _classes(truth, said, list(dict.fromkeys(sorted(truth))))
    if Sentiment.NEUTRAL not in truth:
        decided = np.array([one is not Sentiment.NEUTRAL for one in said])
        right = np.array([a is b for a, b in zip(truth, said, strict=True)])
        found["decided"] = float(decided.mean())
        found["accuracy_decided"] = float(right[decided].mean()) if decided.any() else 0.0
    return found


def _classes(truth: Sequence[str], said: Sequence[str], names: Sequence[str]) -> dict[str, object]:
    each = {
        str(name): _yes_or_no([t == name for t in truth], [s == name for s in said])
        for name in names
    }
    return {
        "accuracy": float(np.mean([t == s for t, s in zip(truth, said, strict=True)])),
        "macro_f1": float(np.mean([figures["f1"] for figures in each.values()])),
        "each": each,
    }


def _yes_or_no(truth: Sequence[bool], said: Sequence[bool]) -> dict[str, float]:
    hits = sum(t and s for t, s in zip(truth, said, strict=True))
    claimed, support = sum(said), sum(truth)
    return {
        "precision": hits / claimed if claimed else 0.0,
        "recall": hits / support if support else 0.0,
        "f1": 2 * hits / (claimed + support) if claimed + support else 0.0,
        "support": support,
    }
