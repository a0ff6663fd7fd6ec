"""A trained understanding: what the classifier, the judge of scope and the moods say of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nlu.emotion import EmotionClassifier
from nlu.entity_custom import NO_CUSTOM, CustomEntities
from nlu.intents import Floats, IntentClassifier, probabilities
from nlu.mood import MoodLexicon
from nlu.out_of_scope import ScopeEvidence, ScopeJudge
from nlu.spelling import Speller
from nlu.text import gist
from nlu.understanding import OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of some texts.

    `probabilities` has shape (texts, intents), rows sum to 1; `in_scope` has shape (texts,).
    """

    probabilities: Floats
    in_scope: Floats


@dataclass(frozen=True)
class NluModel:
    """Everything that training gives; immutable, so that threads can share it."""

    classifier: IntentClassifier
    evidence: ScopeEvidence
    judge: ScopeJudge
    temperature: float
    rarity: Floats
    """By intent, what is added to its margin (`nlu.intents.rarity`)."""
    mood: MoodLexicon | None = None
    custom: CustomEntities = NO_CUSTOM
    emotion: EmotionClassifier | None = None
    speller: Speller | None = None
    thresholds: tuple[float, ...] = ()
    """By intent, the confidence from which it is right as often as was asked for in training; empty
    when nothing was asked for."""

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """The trained intents, in the order of the columns of `Scores.probabilities`."""
        return tuple(name for name in self.classifier.classes_ if name != OUT_OF_SCOPE)

    def read(self, text: str) -> str:
        """What `score` judges a message by: its gist, as it was probably meant to be spelt."""
        said = gist(text)
        return self.speller.mend(said) if self.speller else said

    def score(self, texts: Sequence[str], vectors: Floats) -> Scores:
        """Judge texts that were `read`, with their vectors (texts, dimension)."""
        margins = self.classifier.margins(texts, vectors)
        own = margins[:, [name != OUT_OF_SCOPE for name in self.classifier.classes_]]
        evidence = self.evidence.measure(self.classifier, texts, vectors, margins)
        return Scores(
            probabilities=probabilities(own + self.rarity, temperature=self.temperature),
            in_scope=self.judge.in_scope(evidence).astype(np.float32),
        )
