"""Compare what can be learnt from few examples: `python scripts/compare_few_examples.py FOLDER...`.

Each FOLDER holds `train.tsv` and `dev.tsv` (`text<TAB>label`), or is a pack; test files are not
read. Of every intent 2, 5, 10 and 20 training texts are drawn, three times; judged on dev, or
without it on a fifth of the training texts that was put aside. Compared with the product's
classifier, which learns from the names and titles of intents too: the same without these, other
weights of its vector, the middle of each intent's vectors (prototypes), the nearest training text,
and n-grams alone.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoder import load_encoder
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intent_names import name_examples
from nlu.intents import Floats, IntentClassifier
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from nlu.unseen import Encoded, Learning, encode_examples
from webapp.understanding import read_titles

_SHOTS = (2, 5, 10, 20)
_DRAWS = 3
_WEIGHTS = (0.0, 1.0, 1.6, 2.4, 3.2)


def main(folders: list[Path]) -> None:
    """Encode every folder once, then draw, learn and judge."""
    encoder = load_encoder(threads=2)

    def encode(examples: Sequence[Example]) -> Encoded:
        known = [example for example in examples if example.intent != OUT_OF_SCOPE]
        return encode_examples(known, encoder.features)

    for folder in folders:
        learn, judged = _parts(folder, encode)
        intents = sorted(set(learn.labels))
        titles = read_titles(folder) if _is_pack(folder) else None
        names = {"the product": encode(name_examples(intents, titles))}
        if titles:
            names["with names alone"] = encode(name_examples(intents))
        for shots in _SHOTS:
            found: defaultdict[str, list[float]] = defaultdict(list)
            for draw in range(_DRAWS):
                few = learn.take(_drawn(learn.labels, shots, np.random.default_rng(draw)))
                for what, said in _answers(few, names, judged):
                    right = [a == b for a, b in zip(said, judged.labels, strict=True)]
                    found[what].append(float(np.mean(right)))
            for what, shares in found.items():
                spread = max(shares) - min(shares)
                sys.stdout.write(
                    f"{folder.name}, {shots} an intent, {what}: {np.mean(shares):.3f}"
                    f" (spread {spread:.3f})\n"
                )
            sys.stdout.flush()


def _parts(folder: Path, encode: Callable[[Sequence[Example]], Encoded]) -> tuple[Encoded, Encoded]:
    path = folder / "nlu" if _is_pack(folder) else folder / "train.tsv"
    learn = encode(read_training_data([path]).examples)
    if (folder / "dev.tsv").is_file():
        return learn, encode(read_training_data([folder / "dev.tsv"]).examples)
    aside = stratified_folds(learn.labels, folds=5, seed=0) == 0
    return learn.take(np.flatnonzero(~aside)), learn.take(np.flatnonzero(aside))


def _is_pack(folder: Path) -> bool:
    return (folder / "nlu").is_dir()


def _drawn(labels: tuple[str, ...], shots: int, rng: np.random.Generator) -> NDArray[np.int64]:
    names = np.array(labels, dtype=object)
    return np.concatenate(
        [rng.permutation(np.flatnonzero(names == name))[:shots] for name in sorted(set(labels))]
    )


def _answers(
    few: Encoded, names: Mapping[str, Encoded], judged: Encoded
) -> Iterator[tuple[str, list[str]]]:
    for what, called in names.items():
        machine, _ = Learning(names=called).learn(few)
        yield what, _said(machine, judged)
    for weight in _WEIGHTS:
        machine = IntentClassifier(vector_weight=weight).fit(few.texts, few.vectors, few.labels)
        what = f"without names, vector weight {weight}" if weight else "n-grams alone"
        yield what, _said(machine, judged)
    own, asked = machine.centred(few.vectors), machine.centred(judged.vectors)
    intents = sorted(set(few.labels))
    labels = np.array(few.labels, dtype=object)
    middles = np.stack([_unit(own[labels == name].mean(axis=0)) for name in intents])
    yield "prototypes", [intents[i] for i in (asked @ middles.T).argmax(axis=1)]
    yield "the nearest text", [few.labels[i] for i in (asked @ own.T).argmax(axis=1)]


def _said(machine: IntentClassifier, judged: Encoded) -> list[str]:
    margins = machine.margins(judged.texts, judged.vectors)
    return [machine.classes_[i] for i in margins.argmax(axis=1)]


def _unit(vector: Floats) -> Floats:
    result: Floats = vector / np.linalg.norm(vector)
    return result


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
