"""Trains the reader of emotions from its own file, and ordinary messages of a pack beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from nlu.emotion import EmotionClassifier, read_label
from nlu.mood import MoodLexicon, count_cues
from nlu.pipeline import Encode, shorten
from nlu.text import canonical, gist
from nlu.training_data import Example
from nlu.understanding import Emotion, Mood

_MOST_CALM: Final = 1000
# Intents whose messages may well show a feeling: not examples of calm.
_FELT: Final = re.compile(
    r"complain|thank|urge|report|praise|投诉|抱怨|感谢|谢|催|表扬|夸|骂", re.IGNORECASE
)


def learn_emotions(
    examples: Sequence[Example],
    ordinary: Sequence[Example],
    encode: Encode,
    lexicon: MoodLexicon,
    *,
    seed: int = 0,
) -> EmotionClassifier:
    """Learn from labelled examples, and from what a pack's customers ordinarily say as calm.

    Of `ordinary`, a thousand messages are taken whose words and intents show no feeling: without
    them plain questions of the trade are taken for displeasure. Raises BadTrainingData for a name
    that is no emotion.
    """
    pairs = [(canonical(shorten(e.text)), read_label(e)) for e in examples]
    known = {text for text, _ in pairs}
    calm = [canonical(shorten(e.text)) for e in ordinary if not _FELT.search(e.intent)]
    calm = [t for t in dict.fromkeys(calm) if t and t not in known]
    calm = [t for t in calm if count_cues(t, lexicon).mood is Mood.CALM]
    chosen = np.random.default_rng(seed).permutation(len(calm))[:_MOST_CALM]
    pairs += [(calm[i], (Emotion.NONE, False)) for i in sorted(chosen.tolist())]
    texts = [text for text, _ in pairs]
    return EmotionClassifier().fit(
        texts,
        encode([gist(text) for text in texts]),  # as the pipeline has it, which encodes once
        [count_cues(text, lexicon) for text in texts],
        [label for _, label in pairs],
    )
