"""Measure what mending spelling gains: `python scripts/compare_spelling.py PACK...`.

A fifth of a pack's training texts is held out; the test file is not read. For the texts as they are
and for each slip it prints how many a mended text is exactly what was written, how often mending
changed the text, and the accuracy of the classifier without and with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from nlu.encoder import Encoder, load_encoder
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intents import IntentClassifier
from nlu.perturb import perturb
from nlu.spelling import learn_spelling
from nlu.text import gist
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from nlu.unseen import encode_examples

PACKS = Path(__file__).parents[1] / "training_data"


def main(packs: list[str]) -> None:
    """Learn from four fifths of each pack, judge the rest."""
    encoder = load_encoder(threads=2)
    for name in packs:
        examples = read_training_data([PACKS / name / "nlu", PACKS / "common" / "nlu"]).examples
        encoded = encode_examples(examples, encoder.features)
        held = stratified_folds(encoded.labels, folds=5, seed=0) == 0
        learn, rest = encoded.take(np.flatnonzero(~held)), encoded.take(np.flatnonzero(held))
        classifier = IntentClassifier().fit(learn.texts, learn.vectors, learn.labels)
        speller = learn_spelling(learn.texts, language=encoder.words())
        own = [
            Example(text, label)
            for text, label in zip(rest.texts, rest.labels, strict=True)
            if label != OUT_OF_SCOPE
        ]
        kinds = {"as written": [(e, e) for e in own]}
        for i, example in enumerate(own):
            for kind, changed in perturb([example], seed=i).items():
                kinds.setdefault(kind, []).extend((example, one) for one in changed)
        for kind, pairs in kinds.items():
            typed = [gist(one.text) for _, one in pairs]
            mended = [speller.mend(text) for text in typed]
            truth = [e.intent for e, _ in pairs]
            whole = np.mean([gist(e.text) == m for (e, _), m in zip(pairs, mended, strict=True)])
            touched = np.mean([t != m for t, m in zip(typed, mended, strict=True)])
            without, with_it = (
                _accuracy(classifier, encoder, texts, truth) for texts in (typed, mended)
            )
            sys.stdout.write(
                f"{name}, {kind} ({len(pairs)}): whole again {whole:.3f}, touched {touched:.3f},"
                f" accuracy {without:.3f} without, {with_it:.3f} with\n"
            )
            sys.stdout.flush()


def _accuracy(
    classifier: IntentClassifier, encoder: Encoder, texts: list[str], truth: list[str]
) -> float:
    margins = classifier.margins(texts, encoder.features(texts))
    said = [classifier.classes_[i] for i in margins.argmax(axis=1)]
    return float(np.mean([a == b for a, b in zip(said, truth, strict=True)]))


if __name__ == "__main__":
    main(sys.argv[1:])
