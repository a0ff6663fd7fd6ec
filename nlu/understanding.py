"""The vocabulary of understanding: what other packages import (standard library only)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OUT_OF_SCOPE = "out_of_scope"
"""The name of the intent when a message is rejected; never the name of a trained intent."""

SENTIMENT_TARGET = "sentiment_target"
"""The entity for what a feeling is about; found in messages that are not calm."""


class Language(StrEnum):
    """The language a message is written in, and is answered in."""

    CHINESE = "zh"
    ENGLISH = "en"


class Mood(StrEnum):
    """How the writer feels, as far as one message shows it."""

    CALM = "calm"
    UNHAPPY = "unhappy"
    ANGRY = "angry"


class Sentiment(StrEnum):
    """Whether a message speaks well or ill of what it is about."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Emotion(StrEnum):
    """What the writer shows most of; few, and each asks for another tone of the answer."""

    NONE = "none"
    ANGER = "anger"
    ANXIETY = "anxiety"
    DISAPPOINTMENT = "disappointment"
    GRATITUDE = "gratitude"
    SATISFACTION = "satisfaction"

    @property
    def sentiment(self) -> Sentiment:
        """The side that the emotion is on."""
        if self is Emotion.NONE:
            return Sentiment.NEUTRAL
        pleased = self in {Emotion.GRATITUDE, Emotion.SATISFACTION}
        return Sentiment.POSITIVE if pleased else Sentiment.NEGATIVE


@dataclass(frozen=True, slots=True)
class IntentScore:
    """One intent with its calibrated probability in [0, 1]."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A detail found in a text.

    `start` and `end` index the customer's original text (Python string offsets), so that
    `text[start:end]` is what was typed; `value` is the normalised form (`２０２６…` as `2026…`).
    """

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message means.

    `intent` is the decision: the best intent, or `OUT_OF_SCOPE` when the message was rejected.
    `ranking` holds the trained intents by falling probability and is kept when rejected.
    `urgent` says that the writer cannot wait, be it politely or not.
    `in_scope` is the calibrated probability in [0, 1] that the message is ours to answer.
    `sure_from` is the confidence from which this intent was right in training as often as was asked
    for; 0 where every answer was good enough.
    """

    text: str
    intent: IntentScore
    ranking: tuple[IntentScore, ...] = ()
    entities: tuple[Entity, ...] = ()
    language: Language = Language.CHINESE
    mood: Mood = Mood.CALM
    emotion: Emotion = Emotion.NONE
    urgent: bool = False
    in_scope: float = 1.0
    sure_from: float = 0.0

    @property
    def rejected(self) -> bool:
        """Whether the message was found to be out of scope."""
        return self.intent.name == OUT_OF_SCOPE

    def values(self, entity_name: str) -> tuple[str, ...]:
        """All values found for one kind of entity, in the order of the text."""
        return tuple(e.value for e in self.entities if e.name == entity_name)
