"""Teach the reading layers customer service: `python scripts/fit_adaptation.py`.

Copies of the encoder's upper layers learn from the training messages of every pack, written for
this project, that two messages of one intent mean the same and those of two intents do not
(`nlu.finetune_network`). Each step is of one pack, since two packs may have one wish under two
names. What was learnt is written as corrections of low rank (`nlu/adaptation.npz`); then
`jiedai encoder build` makes the encoder. `--leave-out PACK` learns without a pack, to see what they
are worth on foreign matters. Needs the extra `train`; some four minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from nlu.adaptation import write_adaptation
from nlu.convert_weights import find_source, read_weights
from nlu.encoder import load_encoder
from nlu.finetune_data import draw_pairs, prepare
from nlu.finetune_network import Network, Recipe
from nlu.formats import read_training_data

PACKS = ("ecommerce", "finance", "education", "saas")


def main() -> None:
    """Train, compress, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("nlu/adaptation.npz"))
    parser.add_argument("--leave-out", action="append", default=[], choices=PACKS)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--nearness", type=float, default=1.0)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    weights = read_weights(find_source())
    folders = [Path("training_data") / pack for pack in PACKS if pack not in chosen.leave_out]
    materials = [prepare(read_training_data([folder]).examples) for folder in folders]
    recipe = Recipe(chosen.steps, nearness=chosen.nearness)
    network = Network(weights, recipe, threads=chosen.threads)
    encoder = load_encoder()  # its search reads the source's own layers, from which this starts
    while network.step < recipe.steps:
        material = materials[network.step % len(materials)]
        pairs = draw_pairs(material, pairs=recipe.pairs, seed=str(network.step))
        found = encoder.encode_with_tokens([first for first, _ in pairs])
        loss = network.learn(pairs, np.stack([meaning for meaning, _ in found]))
        if network.step % 50 == 0:
            sys.stderr.write(f"step {network.step} of {recipe.steps}, loss {loss:.3f}\n")
    write_adaptation(chosen.out, weights, network.trained(), rank=chosen.rank)
    sys.stdout.write(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
