"""Compare weights of the evidence for being in scope: `python scripts/compare_scope.py FOLDER...`.

For training data without strangers the weights are a prior (`nlu.out_of_scope.PRIOR`), and evidence
says no more above a ceiling (`CEILING`). Each FOLDER holds `train.tsv` (`text<TAB>label`); test
splits are not read. Three times a quarter of the intents is left out, and their texts are near
strangers; far ones are the file given by `--far`, one text a line before a tab. What people write
to anybody comes from `training_data/common/everyday.yml`. Where many labels are wrong, some of what
is left out remains under others' labels, as in life, and trust (`nlu.trust`) has something to say.
Prints AUROC against a held-out fifth of the other texts.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from nlu.encoder import load_encoder
from nlu.evaluate import separation
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intents import Floats
from nlu.out_of_scope import EVIDENCE
from nlu.text import gist
from nlu.train import rehearse
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from nlu.unseen import Encoded, Learning, encode_examples
from webapp.understanding import read_everyday

_COMMON = Path(__file__).parents[1] / "training_data" / "common"
_JUDGED = ("margin", "likelihood", "nearness", "known", "lead", "off_contrast", "trust")
_COLUMNS = [EVIDENCE.index(name) for name in _JUDGED]
_WEIGHTS = (
    *((1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), (2.0, 0.0, 0.5, 1.0, 0.0, 0.0, 0.0)),
    *((2.0, 0.0, 0.5, 1.0, 1.0, 0.0, 0.0), (2.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)),
    *((2.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0), (2.0, 2.0, 0.0, 1.0, 1.0, 1.0, 0.0)),
    *((2.0, 1.0, 0.0, 0.5, 1.0, 1.0, 0.0), (2.0, 1.0, 0.0, 0.5, 2.0, 2.0, 0.0)),
    *((2.0, 1.0, 0.0, 1.0, 2.0, 2.0, 0.0), (2.0, 1.0, 0.0, 0.5, 3.0, 3.0, 0.0)),
    *((2.0, 1.0, 0.0, 0.5, 2.0, 2.0, 2.0), (2.0, 1.0, 0.0, 0.5, 2.0, 2.0, 3.0)),
    *((2.0, 1.0, 0.0, 0.5, 2.0, 2.0, 4.0), (2.0, 1.0, 0.0, 0.5, 3.0, 3.0, 3.0)),
)
_CEILINGS = (np.inf, -0.5, -1.0)
"""Of nearness, known, lead and off_contrast, in deviations."""
_CHOICES = tuple((weights, ceiling) for weights in _WEIGHTS for ceiling in _CEILINGS)


Found = defaultdict[tuple[tuple[float, ...], float, str], list[float]]


def main() -> None:
    """Leave intents out, measure every choice of weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--far", type=Path, required=True)
    chosen = parser.parse_args()
    encoder = load_encoder(threads=2)
    far_texts = [gist(line.split("\t")[0]) for line in chosen.far.read_text("utf-8").splitlines()]
    far = Encoded(tuple(far_texts), encoder.features(far_texts), ("",) * len(far_texts))
    strange = [Example(text, OUT_OF_SCOPE) for text in read_everyday(_COMMON)]
    everyday = encode_examples(strange, encoder.features)
    for folder in chosen.folders:
        examples = read_training_data([folder / "train.tsv"]).examples
        data = encode_examples(examples, encoder.features)
        found: Found = defaultdict(list)
        for turn in range(3):
            _measure(data, far, everyday, turn, found)
        for weights, top in _CHOICES:
            near_auroc, far_auroc = (np.mean(found[weights, top, kind]) for kind in ("near", "far"))
            named = ", ".join(f"{n} {w:g}" for n, w in zip(_JUDGED, weights, strict=True))
            sys.stdout.write(
                f"{folder.name}: {named}, up to {top:g}:"
                f" near {near_auroc:.3f}, far {far_auroc:.3f}\n"
            )
            sys.stdout.flush()


def _measure(
    data: Encoded,
    far: Encoded,
    everyday: Encoded,
    turn: int,
    found: Found,
) -> None:
    rng = np.random.default_rng(turn)
    names = rng.permutation(sorted(set(data.labels)))
    left_out = np.isin(data.labels, names[: max(2, len(names) // 4)])
    held = stratified_folds(data.labels, folds=5, seed=turn) == 0
    learn = data.take(np.flatnonzero(~left_out & ~held))
    learning, _ = rehearse(learn, Learning(everyday=everyday), seed=turn)
    classifier, scope = learning.learn(learn)

    def evidence(part: Encoded) -> Floats:
        margins = classifier.margins(part.texts, part.vectors)
        return scope.measure(classifier, part.texts, part.vectors, margins)[:, _COLUMNS]

    own = evidence(data.take(np.flatnonzero(~left_out & held)))
    middle, spread = own.mean(axis=0), np.maximum(own.std(axis=0), 1e-6)
    near = evidence(data.take(np.flatnonzero(left_out)))
    far_ones = evidence(far)
    for weights, top in _CHOICES:
        ceiling = np.array([np.inf, np.inf, *[top] * 4, np.inf])
        for kind, strange in (("near", near), ("far", far_ones)):
            scores = [
                np.minimum((part - middle) / spread, ceiling) @ np.array(weights)
                for part in (own, strange)
            ]
            found[weights, top, kind].append(separation(*scores)[0])


if __name__ == "__main__":
    main()
