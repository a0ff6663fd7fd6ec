"""What the bot understands of a text, in Rasa's shape."""

from __future__ import annotations

from nlu.understanding import Emotion, Language, Mood, Sentiment
from webapp.shapes.wire import Wire


class IntentOut(Wire):
    """One intent with its calibrated probability."""

    name: str
    confidence: float


class EntityOut(Wire):
    """A detail; `start` and `end` index the text as it was sent."""

    entity: str
    value: str
    start: int
    end: int
    text: str


class ParseOut(Wire):
    """An understanding in Rasa's shape, with what Rasa does not have."""

    text: str
    intent: IntentOut
    intent_ranking: list[IntentOut]
    entities: list[EntityOut]
    in_scope: float
    sure_from: float
    language: Language
    mood: Mood
    sentiment: Sentiment
    emotion: Emotion
    urgent: bool
