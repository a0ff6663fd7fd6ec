"""Compare what can be learnt from few examples: `python scripts/compare_few_examples.py FOLDER...`.

Each FOLDER holds `train.tsv` and `dev.tsv` (`text<TAB>label`); the test split is not read. Of every
intent 5 and 10 training texts are drawn, three times; judged on dev. Compared with the product's
classifier: other weights of its vector, the middle of each intent's vectors (prototypes), the
nearest training text, and n-grams alone.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoder import load_encoder
from nlu.formats import read_training_data
from nlu.intents import Floats, IntentClassifier
from nlu.unseen import Encoded, encode_examples

_SHOTS = (5, 10)
_DRAWS = 3
_WEIGHTS = (0.0, 1.0, 1.6, 2.4, 3.2)


def main(folders: list[Path]) -> None:
    """Encode every folder once, then draw, learn and judge."""
    encoder = load_encoder(threads=2)
    for folder in folders:
        learn, judged = (
            encode_examples(read_training_data([folder / name]).examples, encoder.features)
            for name in ("train.tsv", "dev.tsv")
        )
        for shots in _SHOTS:
            found: defaultdict[str, list[float]] = defaultdict(list)
            for draw in range(_DRAWS):
                few = learn.take(_drawn(learn.labels, shots, np.random.default_rng(draw)))
                for what, said in _answers(few, judged):
                    right = [a == b for a, b in zip(said, judged.labels, strict=True)]
                    found[what].append(float(np.mean(right)))
            for what, shares in found.items():
                spread = max(shares) - min(shares)
                sys.stdout.write(
                    f"{folder.name}, {shots} an intent, {what}: {np.mean(shares):.3f}"
                    f" (spread {spread:.3f})\n"
                )
            sys.stdout.flush()


def _drawn(labels: tuple[str, ...], shots: int, rng: np.random.Generator) -> NDArray[np.int64]:
    names = np.array(labels, dtype=object)
    return np.concatenate(
        [rng.permutation(np.flatnonzero(names == name))[:shots] for name in sorted(set(labels))]
    )


def _answers(few: Encoded, judged: Encoded) -> Iterator[tuple[str, list[str]]]:
    for weight in _WEIGHTS:
        machine = IntentClassifier(vector_weight=weight).fit(few.texts, few.vectors, few.labels)
        margins = machine.margins(judged.texts, judged.vectors)
        what = f"vector weight {weight}" if weight else "n-grams alone"
        yield what, [machine.classes_[i] for i in margins.argmax(axis=1)]
    own, asked = machine.centred(few.vectors), machine.centred(judged.vectors)
    names = sorted(set(few.labels))
    labels = np.array(few.labels, dtype=object)
    middles = np.stack([_unit(own[labels == name].mean(axis=0)) for name in names])
    yield "prototypes", [names[i] for i in (asked @ middles.T).argmax(axis=1)]
    yield "the nearest text", [few.labels[i] for i in (asked @ own.T).argmax(axis=1)]


def _unit(vector: Floats) -> Floats:
    result: Floats = vector / np.linalg.norm(vector)
    return result


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
