"""What the reading layers are worth: `python scripts/compare_reading.py [FOLDER...]`.

The features of the layers that search reads, which are those that were published, beside the
features of the layers that learnt from our messages (docs/adr/0011), under the same n-grams. Each
FOLDER has a `train.tsv` (`text<TAB>label`) which the layers know nothing of: accuracy
cross-validated (three divisions up to 1,000 texts, else one), and with five examples an intent,
three draws. Of every pack the fifth is asked that `scripts/fit_adaptation.py` learnt nothing from:
after the other four fifths, and after 20 examples an intent. Test splits are not read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scorecard_sets import PACKS

from nlu.encoder import Encoder, load_encoder
from nlu.finetune_data import prepare
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intents import IntentClassifier
from nlu.unseen import Encoded, encode_examples

_FEW, _FEW_OF_PACK = 5, 20
_DRAWS = 3
_SMALL = 1000

Features = Callable[[Sequence[str]], np.ndarray]


def main(folders: list[Path]) -> None:
    """Print two lines for each folder and each pack."""
    encoder = load_encoder(threads=2)
    both: dict[str, Features] = {
        "as published": lambda texts: _published(encoder, texts),
        "reading": encoder.features,
    }
    for folder in folders:
        examples = read_training_data([folder / "train.tsv"]).examples
        for name, features in both.items():
            data = encode_examples(examples, features)
            few = _draws(lambda seed, data=data: _right(*_few(data, seed, _FEW)))
            _say(folder.name, name, "cross-validated", _cross_validated(data), _FEW, few)
    for pack in PACKS:
        material = prepare(read_training_data([Path("training_data") / pack]).examples)
        for name, features in both.items():
            learn, held = (
                encode_examples([e for e in part if not e.is_contrast], features)
                for part in (material.learn, material.held)
            )
            few = _draws(
                lambda seed, learn=learn, held=held: _right(
                    _few(learn, seed, _FEW_OF_PACK)[0], held
                )
            )
            _say(pack, name, "held out", _right(learn, held), _FEW_OF_PACK, few)


def _published(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    return np.stack([meaning for meaning, _ in encoder.encode_with_tokens(texts)])


def _say(data: str, layers: str, how: str, whole: float, few: int, accuracy: float) -> None:
    sys.stdout.write(f"{data}, {layers}: {how} {whole:.4f}, {few} examples {accuracy:.4f}\n")
    sys.stdout.flush()


def _draws(accuracy: Callable[[int], float]) -> float:
    return float(np.mean([accuracy(seed) for seed in range(_DRAWS)]))


def _cross_validated(data: Encoded) -> float:
    found = []
    for seed in range(_DRAWS if len(data.labels) <= _SMALL else 1):
        fold = stratified_folds(data.labels, folds=5, seed=seed)
        found += [
            _right(data.take(np.flatnonzero(fold != k)), data.take(np.flatnonzero(fold == k)))
            for k in range(5)
        ]
    return float(np.mean(found))


def _few(data: Encoded, seed: int, wanted: int) -> tuple[Encoded, Encoded]:
    """So many of each intent, and the rest."""
    order = np.random.default_rng(seed).permutation(len(data.labels))
    taken: dict[str, list[int]] = {}
    rest = []
    for place in order.tolist():
        own = taken.setdefault(data.labels[place], [])
        (own if len(own) < wanted else rest).append(place)
    learn = np.array([place for own in taken.values() for place in own])
    return data.take(learn), data.take(np.array(rest))


def _right(learn: Encoded, asked: Encoded) -> float:
    classifier = IntentClassifier().fit(learn.texts, learn.vectors, learn.labels)
    found = classifier.margins(asked.texts, asked.vectors).argmax(axis=1)
    right = np.array([classifier.classes_[i] for i in found]) == np.array(asked.labels)
    return float(right.mean())


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
