"""What an encoder trained on our packs is worth on data of others.

`python scripts/compare_pack_training.py FOLDER... [--out DIR]`, each FOLDER with a `train.tsv`
(`text<TAB>label`); test splits are not read. The upper layers of the built-in encoder learn from
the training messages of every pack, as `jiedai train encoder` lets them; each step is of one pack,
since two packs may have one wish under two names. Prints the accuracy of n-grams beside the
features before and after: cross-validated, and with five examples an intent, three draws each.
With `--out` the encoder is written: `JIEDAI_ENCODER=DIR jiedai kb test …` tells what search makes
of it. Needs the extra `train`; about ten minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from nlu.convert_encoder import whole_folder, write_encoder
from nlu.convert_weights import find_source, read_weights
from nlu.encoder import load_encoder
from nlu.finetune_data import draw_pairs, prepare
from nlu.finetune_network import FROZEN_LAYERS, Network, Recipe
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intents import IntentClassifier
from nlu.unseen import Encoded, encode_examples

PACKS = ("ecommerce", "finance", "education", "saas")
_FEW = 5
_DRAWS = 3


def main() -> None:
    """Measure, train, measure again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--nearness", type=float, default=Recipe(1).nearness)
    parser.add_argument("--frozen", type=int, default=FROZEN_LAYERS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    source = find_source()
    weights = read_weights(source)
    recipe = Recipe(chosen.steps, nearness=chosen.nearness, frozen_layers=chosen.frozen)
    network = Network(weights, recipe, threads=chosen.threads)
    _print(chosen.folders, network, "before")
    before = load_encoder()
    folders = [Path("training_data") / pack for pack in PACKS]
    materials = [prepare(read_training_data([folder]).examples) for folder in folders]
    while network.step < recipe.steps:
        material = materials[network.step % len(materials)]
        pairs = draw_pairs(material, pairs=recipe.pairs, seed=str(network.step))
        network.learn(pairs, before.encode([first for first, _ in pairs]))
    _print(chosen.folders, network, f"after {network.step} steps, nearness {recipe.nearness:g}")
    if chosen.out:
        trained = weights.with_trained(network.trained())
        with whole_folder(chosen.out) as folder:
            write_encoder(folder, trained, reference=network.encode, source=source)


def _print(folders: list[Path], network: Network, when: str) -> None:
    for folder in folders:
        examples = read_training_data([folder / "train.tsv"]).examples
        data = encode_examples(examples, network.features)
        crossed, few = (np.mean([part(data, seed) for seed in range(_DRAWS)]) for part in _PARTS)
        sys.stdout.write(
            f"{folder.name}, {when}: cross-validated {crossed:.4f}, {_FEW} examples {few:.4f}\n"
        )
        sys.stdout.flush()


def _cross_validated(data: Encoded, seed: int) -> float:
    fold = stratified_folds(data.labels, folds=5, seed=seed)
    right = [
        _right(data.take(np.flatnonzero(fold != k)), data.take(np.flatnonzero(fold == k)))
        for k in range(5)
    ]
    return float(np.concatenate(right).mean())


def _with_few(data: Encoded, seed: int) -> float:
    order = np.random.default_rng(seed).permutation(len(data.labels))
    taken: dict[str, list[int]] = {}
    rest = []
    for place in order.tolist():
        own = taken.setdefault(data.labels[place], [])
        (own if len(own) < _FEW else rest).append(place)
    learn = np.array([place for own in taken.values() for place in own])
    return float(_right(data.take(learn), data.take(np.array(rest))).mean())


def _right(learn: Encoded, asked: Encoded) -> np.ndarray:
    classifier = IntentClassifier().fit(learn.texts, learn.vectors, learn.labels)
    found = classifier.margins(asked.texts, asked.vectors).argmax(axis=1)
    return np.array([classifier.classes_[i] for i in found]) == np.array(asked.labels)


_PARTS = (_cross_validated, _with_few)


if __name__ == "__main__":
    main()
