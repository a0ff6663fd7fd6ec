"""Compare classifiers on the same features: `python scripts/compare_classifiers.py FOLDER...`.

Each FOLDER holds `train.tsv` and maybe `dev.tsv` (`text<TAB>label`); the test split is not read.
They learn from train and are judged on dev, or where there is none on a fifth of train that is left
out. What is compared: softness and weight of the vector; leaving out training texts whose label a
cross-validation finds unlikely (confident learning, Northcutt et al. 2021), alone and as the second
of two machines; words as jieba cuts them beside the n-grams; and a vote of the nearest training
texts mixed in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from nlu.bootstrap import macro_f1
from nlu.encoder import load_encoder
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intents import SOFTNESS_FOR_NOISE, Floats, IntentClassifier, fit_temperature, probabilities
from nlu.label_noise import find_doubts
from nlu.text import words
from nlu.unseen import Encoded, Learning, cross_validate, encode_examples

_NEAREST = 10


def main(folders: list[Path]) -> None:
    """Encode every folder once, then learn and judge every choice."""
    encoder = load_encoder(threads=2)
    for folder in folders:
        learn = encode_examples(
            read_training_data([folder / "train.tsv"]).examples, encoder.features
        )
        dev = folder / "dev.tsv"
        if dev.exists():
            judged = encode_examples(read_training_data([dev]).examples, encoder.features)
        else:
            held = stratified_folds(learn.labels, folds=5, seed=0) == 0
            learn, judged = learn.take(np.flatnonzero(~held)), learn.take(np.flatnonzero(held))
        for softness in (0.1, 0.2, 0.5):
            for weight in (1.0, 1.6):
                margins, names = _margins(learn, judged, softness=softness, weight=weight)
                _say(folder.name, f"softness {softness}, weight {weight}", margins, names, judged)
        margins, names = _margins(learn, judged)
        votes = _votes(learn, judged, names)
        for share in (0.25, 0.5, 1.0):
            mixed = margins + np.float32(share) * votes
            _say(folder.name, f"{_NEAREST} nearest vote with weight {share}", mixed, names, judged)
        cut = [_with_words(part) for part in (learn, judged)]
        margins, names = _margins(cut[0], cut[1])
        _say(folder.name, "words of jieba beside the n-grams", margins, names, judged)
        _compare_without_doubt(folder.name, learn, judged)
        belief = _belief(learn)
        for least in (0.02, 0.05):
            kept = np.flatnonzero(belief >= least)
            share = 1 - len(kept) / len(learn.labels)
            for softness in (0.1, 0.5):
                margins, names = _margins(learn.take(kept), judged, softness=softness)
                what = f"without the {share:.2f} least likely labels, softness {softness}"
                _say(folder.name, what, margins, names, judged)


def _margins(
    learn: Encoded, judged: Encoded, *, softness: float = 0.5, weight: float = 1.6
) -> tuple[Floats, tuple[str, ...]]:
    classifier = IntentClassifier(softness=softness, vector_weight=weight)
    classifier.fit(learn.texts, learn.vectors, learn.labels)
    return classifier.margins(judged.texts, judged.vectors), classifier.classes_


def _compare_without_doubt(folder: str, learn: Encoded, judged: Encoded) -> None:
    """The mean of a soft machine and one without the doubtful labels, found once and again."""
    learning = Learning(softness=SOFTNESS_FOR_NOISE)
    for turn in ("once", "twice"):
        unseen = cross_validate(learn, learning=learning)
        learning = replace(learning, doubts=find_doubts(learn, unseen))
        classifier, _ = learning.learn(learn)
        margins = classifier.margins(judged.texts, judged.vectors)
        _say(folder, f"two machines, doubts found {turn}", margins, classifier.classes_, judged)


def _votes(learn: Encoded, judged: Encoded, names: tuple[str, ...]) -> Floats:
    """The share of the nearest training texts that each class has, weighed by nearness."""
    place = {name: i for i, name in enumerate(names)}
    own = np.array([place[label] for label in learn.labels])
    result = np.zeros((len(judged.texts), len(names)), np.float32)
    for row, vector in zip(result, judged.vectors, strict=True):
        cosines = learn.vectors @ vector
        nearest = np.argpartition(-cosines, _NEAREST)[:_NEAREST]
        np.add.at(row, own[nearest], cosines[nearest] / _NEAREST)
    return result


def _with_words(part: Encoded) -> Encoded:
    """Each text followed by its words, with a sign between that makes them n-grams of their own."""
    texts = tuple(f"{text}|{'|'.join(words(text))}|" for text in part.texts)
    return Encoded(texts, part.vectors, part.labels)


def _belief(learn: Encoded) -> Floats:
    """The probability that cross-validation gives to each row's own label."""
    unseen = cross_validate(learn, learning=Learning(softness=SOFTNESS_FOR_NOISE))
    place = {name: i for i, name in enumerate(unseen.intents)}
    truth = np.array([place[label] for label in learn.labels])
    temperature = fit_temperature(unseen.margins, truth)
    found: Floats = probabilities(unseen.margins, temperature=temperature)
    return found[np.arange(len(truth)), truth]


def _say(folder: str, what: str, margins: Floats, names: tuple[str, ...], judged: Encoded) -> None:
    every = sorted({*names, *judged.labels})
    number: Callable[[str], int] = {name: i for i, name in enumerate(every)}.__getitem__
    truth = np.array([number(label) for label in judged.labels])
    said = np.array([number(names[i]) for i in margins.argmax(axis=1)])
    accuracy = float((truth == said).mean())
    sys.stdout.write(f"{folder}, {what}: {accuracy:.4f}, macro-F1 {macro_f1(truth, said):.4f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
