"""Reads what a writer feels, and whether he can wait: a linear model beside the word list."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.errors import BadTrainingData
from nlu.intents import Floats
from nlu.linear import fit_one_against_all
from nlu.mood import Cues
from nlu.ngrams import CharNgrams
from nlu.training_data import Example
from nlu.understanding import Emotion, Mood, Sentiment

URGENT: Final = "/urgent"
"""Follows the name of the emotion where a training example cannot wait."""

_SIDES: Final = tuple(emotion.sentiment for emotion in Emotion)
_EMOTIONS: Final = tuple(Emotion)
# Found by cross-validation on the training file with messages of the shop's pack beside it.
_TEMPERATURE: Final = 0.33
# Anger brings in a person: without a word of displeasure the classifier must be surer. On held-out
# messages of the packs that show no feeling, fewer than 1 in 100 reach this.
_SURELY_ANGRY: Final = {Mood.CALM: 0.8, Mood.UNHAPPY: 0.6, Mood.ANGRY: 0.0}
_SURELY_UNHAPPY: Final = 0.7
_SURELY_NOT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Feeling:
    """What one message shows; `probabilities` are in the order of `Emotion` and sum to 1."""

    probabilities: tuple[float, ...]
    urgent: bool

    def of(self, sentiment: Sentiment) -> float:
        """The probability of everything on one side."""
        pairs = zip(self.probabilities, _SIDES, strict=True)
        return sum(p for p, side in pairs if side is sentiment)

    @property
    def polarity(self) -> float:
        """From -1 (surely negative) to 1 (surely positive)."""
        return self.of(Sentiment.POSITIVE) - self.of(Sentiment.NEGATIVE)

    @property
    def emotion(self) -> Emotion:
        """The likeliest emotion on the likeliest side."""
        side = max(Sentiment, key=self.of)
        return max((e for e in Emotion if e.sentiment is side), key=self._probability)

    def _probability(self, emotion: Emotion) -> float:
        return self.probabilities[_EMOTIONS.index(emotion)]

    @property
    def anger(self) -> float:
        """The probability of anger."""
        return self._probability(Emotion.ANGER)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rest of the program gets to know of a writer's state."""

    mood: Mood
    emotion: Emotion
    urgent: bool


class EmotionClassifier:
    """Texts in normal form, their vectors and their cues to feelings.

    One linear machine for each emotion and one for urgency, over tf-idf of character n-grams, the
    centred vector and the cues of the word list.
    """

    ngrams_: CharNgrams
    centre_: Floats
    weights_: Floats
    intercept_: Floats

    def __init__(
        self, *, softness: float = 0.5, vector_weight: float = 1.6, cue_weight: float = 0.5
    ) -> None:
        self.softness = softness
        self.vector_weight = vector_weight
        self.cue_weight = cue_weight

    def fit(
        self,
        texts: Sequence[str],
        vectors: Floats,
        cues: Sequence[Cues],
        labels: Sequence[tuple[Emotion, bool]],
    ) -> EmotionClassifier:
        """Learn from emotions and urgency; every emotion must occur."""
        self.ngrams_ = CharNgrams(longest=3).fit(texts)
        self.centre_ = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        is_member = np.array(
            [[*(emotion is one for one in Emotion), urgent] for emotion, urgent in labels]
        )
        self.weights_, self.intercept_ = fit_one_against_all(
            self.ngrams_.transform(texts),
            self._dense(vectors, cues),
            is_member,
            softness=self.softness,
        )
        return self

    def read(self, text: str, vector: Floats, cues: Cues) -> Feeling:
        """One text in normal form, the vector of its gist (1-d) and its cues."""
        columns, values = self.ngrams_.row(text)
        width = len(self.ngrams_.vocabulary_)
        dense = self._dense(vector[None, :], [cues])[0]
        margins = values @ self.weights_[columns] + dense @ self.weights_[width:] + self.intercept_
        raised = np.exp((margins[:-1] - margins[:-1].max()) / _TEMPERATURE)
        return Feeling(tuple((raised / raised.sum()).tolist()), bool(margins[-1] > 0))

    def to_bytes(self) -> bytes:
        """Everything that was learnt, for `from_bytes`."""
        out = io.BytesIO()
        grams = sorted(self.ngrams_.vocabulary_, key=self.ngrams_.vocabulary_.__getitem__)
        settings = {
            "ngrams": grams,
            "longest": self.ngrams_.longest,
            "vector_weight": self.vector_weight,
            "cue_weight": self.cue_weight,
            "emotions": list(Emotion),
        }
        np.savez(
            out,
            idf=self.ngrams_.idf_,
            centre=self.centre_,
            weights=self.weights_,
            intercept=self.intercept_,
            words=np.frombuffer(json.dumps(settings).encode(), np.uint8),
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> EmotionClassifier:
        """What `to_bytes` wrote. Raises ValueError for other emotions than this program's, and what
        numpy and JSON raise for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        words = json.loads(arrays["words"].tobytes())
        if words["emotions"] != list(Emotion):
            raise ValueError("it knows other emotions than this program")
        found = cls(vector_weight=words["vector_weight"], cue_weight=words["cue_weight"])
        found.ngrams_ = CharNgrams(longest=words["longest"])
        found.ngrams_.vocabulary_ = {gram: i for i, gram in enumerate(words["ngrams"])}
        found.ngrams_.idf_ = arrays["idf"]
        found.centre_, found.weights_ = arrays["centre"], arrays["weights"]
        found.intercept_ = arrays["intercept"]
        return found

    def _dense(self, vectors: Floats, cues: Sequence[Cues]) -> Floats:
        moved = vectors - self.centre_
        length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), np.float32(1e-6))
        rows: NDArray[np.float32] = np.array([one.row for one in cues], np.float32)
        parts = (self.vector_weight * moved / length, self.cue_weight * rows)
        return np.concatenate(parts, axis=1).astype(np.float32)


def read_label(example: Example) -> tuple[Emotion, bool]:
    """What an example of the training file shows: the emotion, and whether it is urgent.

    Raises BadTrainingData for a name that is no emotion.
    """
    name = example.intent.removesuffix(URGENT)
    try:
        return Emotion(name), example.intent != name
    except ValueError as error:
        known = ", ".join(Emotion)
        message = f"{example.place}: {name!r} is no emotion: use one of {known}, maybe + {URGENT}"
        raise BadTrainingData(message) from error


def judge(cues: Cues, feeling: Feeling | None) -> Shown:
    """Bring the word list and the classifier together; without the latter the words decide.

    Words of anger hold unless the classifier is sure that they are meant otherwise, since who
    complains must reach a person.
    """
    if feeling is None:
        emotions = {Mood.ANGRY: Emotion.ANGER, Mood.UNHAPPY: Emotion.DISAPPOINTMENT}
        return Shown(cues.mood, emotions.get(cues.mood, Emotion.NONE), cues.pressing)
    contradicted = 1 - feeling.of(Sentiment.NEGATIVE) >= _SURELY_NOT
    if feeling.anger >= _SURELY_ANGRY[cues.mood] and not contradicted:
        return Shown(Mood.ANGRY, Emotion.ANGER, feeling.urgent)
    words = cues.mood is not Mood.CALM and not contradicted
    emotion = feeling.emotion
    if words and emotion.sentiment is not Sentiment.NEGATIVE:
        emotion = Emotion.DISAPPOINTMENT
    unhappy = words or feeling.of(Sentiment.NEGATIVE) >= _SURELY_UNHAPPY
    return Shown(Mood.UNHAPPY if unhappy else Mood.CALM, emotion, feeling.urgent)
