"""Understands one message: normal form, intent, scope, entities, language and mood in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.emotion import judge
from nlu.model import NluModel
from nlu.mood import Cues, count_cues
from nlu.text import canonical, detect_language
from nlu.understanding import OUT_OF_SCOPE, Entity, IntentScore, Mood, Understanding

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

_MOST_READ: Final = 5000  # characters that entities, language and mood are looked for in
_HEAD, _TAIL = 300, 200  # of a long text: what it is about stands first, what is wanted last
_NO_CUES: Final = Cues((), pressing=False, shouted=False, mood=Mood.CALM)


class FindsEntities(Protocol):
    """Finds the details of a text; spans index the text as it was given."""

    def __call__(self, text: str, *, now: datetime | None, mood: Mood) -> tuple[Entity, ...]:
        """Find entities; `now` anchors relative dates."""
        ...


def find_no_entities(text: str, *, now: datetime | None, mood: Mood) -> tuple[Entity, ...]:
    """For models without entities."""
    return ()


class NluPipeline:
    """A model, an encoder and a finder of entities, ready for messages; safe for threads."""

    def __init__(
        self,
        model: NluModel,
        encode: Encode,
        *,
        find_entities: FindsEntities = find_no_entities,
        threshold: float | None = None,
    ) -> None:
        self.model = model
        self._encode = encode
        self._find_entities = find_entities
        self._threshold = model.judge.threshold_ if threshold is None else threshold

    def understand(self, text: str, *, now: datetime | None = None) -> Understanding:
        """What the message means; of a very long one the beginning and the end are read.

        A text without a visible character is out of scope.
        """
        read = text[:_MOST_READ]
        normal = self.model.read(shorten(text))
        if not normal:
            return Understanding(text=text, intent=IntentScore(OUT_OF_SCOPE, 1.0), in_scope=0.0)
        vectors = self._encode([normal])
        scores = self.model.score([normal], vectors)
        in_scope = float(scores.in_scope[0])
        ranking = _ranking(self.model.intents, scores.probabilities[0])
        rejected = in_scope < self._threshold
        cues = count_cues(read, self.model.mood) if self.model.mood else _NO_CUES
        emotion = self.model.emotion
        shown = judge(
            cues, emotion.read(canonical(shorten(text)), vectors[0], cues) if emotion else None
        )
        entities = self._find_entities(read, now=now, mood=shown.mood)
        return Understanding(
            text=text,
            intent=IntentScore(OUT_OF_SCOPE, 1.0 - in_scope) if rejected else ranking[0],
            ranking=ranking,
            entities=entities,
            # Of what was meant: wo yao tui huo is Chinese.
            language=detect_language(normal),
            mood=shown.mood,
            emotion=shown.emotion,
            urgent=shown.urgent,
            in_scope=in_scope,
            sure_from=0.0 if rejected else self._sure_from(ranking[0].name),
        )

    def _sure_from(self, intent: str) -> float:
        thresholds = self.model.thresholds
        return thresholds[self.model.intents.index(intent)] if thresholds else 0.0


def shorten(text: str) -> str:
    """The beginning and the end of a long text; others as they are."""
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]} {text[-_TAIL:]}"


def _ranking(names: Sequence[str], row: NDArray[np.float32]) -> tuple[IntentScore, ...]:
    order = np.argsort(-row, kind="stable")
    return tuple(IntentScore(names[i], float(row[i])) for i in order)
