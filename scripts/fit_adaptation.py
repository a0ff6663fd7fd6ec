"""Teach the reading layers what messages have in common: `python scripts/fit_adaptation.py`.

Copies of the encoder's upper layers learn that two messages of one intent mean the same and those
of two intents do not (`nlu.finetune_network`): from four fifths of the training messages of every
pack, and from the messages to other trades and to assistants in `training_data/adaptation`, all
written for this project. Each step is of one pack or trade, since two may have one wish under two
names; every other step is of a pack. What was learnt is written as corrections of low rank
(`nlu/adaptation.npz`); then `jiedai encoder build` makes the encoder. `--leave-out NAME` learns
without a pack or a trade, to see what it is worth on foreign matters. Needs the extra `train`;
some ten minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scorecard_sets import PACKS

from nlu.adaptation import write_adaptation
from nlu.convert_weights import find_source, read_weights
from nlu.encoder import load_encoder
from nlu.finetune_data import Material, draw_pairs, prepare
from nlu.finetune_network import Network, Recipe
from nlu.formats import read_training_data

DATA = Path("training_data")


def _materials(left_out: frozenset[str]) -> tuple[list[Material], list[Material]]:
    """Of the packs, and of the trades; a pack keeps a fifth to be judged by."""
    files = sorted((DATA / "adaptation").glob("*.yml"))
    if unknown := left_out - {*PACKS, *(file.stem for file in files)}:
        raise SystemExit(f"There is no pack or trade named {', '.join(sorted(unknown))}.")
    packs = [
        prepare(read_training_data([DATA / pack]).examples)
        for pack in PACKS
        if pack not in left_out
    ]
    trades = [
        prepare(read_training_data([file]).examples, held_out=0)
        for file in files
        if file.stem not in left_out
    ]
    return packs, trades


def main() -> None:
    """Train, compress, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("nlu/adaptation.npz"))
    parser.add_argument("--leave-out", action="append", default=[], metavar="NAME")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--nearness", type=float, default=1.0)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    weights = read_weights(find_source())
    materials = _materials(frozenset(chosen.leave_out))
    recipe = Recipe(chosen.steps, nearness=chosen.nearness)
    network = Network(weights, recipe, threads=chosen.threads)
    encoder = load_encoder()  # its search reads the source's own layers, from which this starts
    while network.step < recipe.steps:
        turn, side = divmod(network.step, 2)
        material = materials[side][turn % len(materials[side])]
        pairs = draw_pairs(material, pairs=recipe.pairs, seed=str(network.step))
        found = encoder.encode_with_tokens([first for first, _ in pairs])
        loss = network.learn(pairs, np.stack([meaning for meaning, _ in found]))
        if network.step % 50 == 0:
            sys.stderr.write(f"step {network.step} of {recipe.steps}, loss {loss:.3f}\n")
    write_adaptation(chosen.out, weights, network.trained(), rank=chosen.rank)
    sys.stdout.write(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
