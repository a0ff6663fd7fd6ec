"""Fit the metric of knowledge search: `python scripts/fit_knowledge_metric.py`.

Data: the training messages of every pack, written for this project; two messages of one intent mean
the same. Each intent counts alike, however many messages it has. The within-intent covariance is
shrunk towards a multiple of the identity, since it must hold for intents that no pack has.
`--leave-out PACK` fits without a pack, to see what the metric is worth on foreign matters.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scorecard_sets import PACKS

from knowledge.text import normalise
from nlu.encoder import load_encoder
from nlu.formats import read_training_data

SHRINKAGE = 4.0  # times the mean variance; 2 to 6 rank webank_faq34's train questions alike
DIMENSIONS = 96  # 64 to 128 do


def messages(packs: list[str]) -> dict[tuple[str, str], list[str]]:
    """Texts by pack and intent."""
    found: dict[tuple[str, str], list[str]] = {}
    for pack in packs:
        for example in read_training_data([Path("training_data") / pack / "nlu"]).examples:
            found.setdefault((pack, example.intent), []).append(normalise(example.text))
    return found


def discriminant(groups: list[np.ndarray], dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean, and the directions that tell the groups apart, scaled to unit spread within."""
    means = np.stack([group.mean(axis=0) for group in groups])
    within = sum((g - m).T @ (g - m) / len(g) for g, m in zip(groups, means, strict=True))
    spreads, directions = np.linalg.eigh(within / len(groups))
    scale = 1 / np.sqrt(spreads + SHRINKAGE * spreads.mean())
    whitener = (directions * scale) @ directions.T
    mean = means.mean(axis=0)
    between = (means - mean) @ whitener
    _, main = np.linalg.eigh(between.T @ between)
    return mean, whitener @ main[:, -dimensions:]


def main() -> None:
    """Encode, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("knowledge/metric.npz"))
    parser.add_argument("--leave-out", action="append", default=[], choices=sorted(PACKS))
    options = parser.parse_args()
    found = messages([pack for pack in sorted(PACKS) if pack not in options.leave_out])
    encoder = load_encoder(threads=2)
    groups = [encoder.features(texts).astype(np.float64) for texts in found.values()]
    mean, matrix = discriminant(groups, min(DIMENSIONS, len(groups) - 1))
    matrix /= np.abs(matrix).max()  # the length does not matter; half precision likes it small
    _, tokens = encoder.encode_with_tokens(["退货"])[0]
    np.savez(
        options.out,
        mean=mean.astype(np.float16),
        matrix=matrix.astype(np.float16),
        token_dimension=tokens.shape[1],
    )
    print(f"{sum(map(len, groups))} messages of {len(groups)} intents: {options.out}")


if __name__ == "__main__":
    main()
