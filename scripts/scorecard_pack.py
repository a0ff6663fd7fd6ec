"""Train a pack and measure it on its separate test file, clean and mistyped; prints JSON.

`python scripts/scorecard_pack.py PACK [--feelings FILE ...]`
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from nlu.artefact import load_model
from nlu.benchmark import intervals
from nlu.emotion_report import measure_emotions
from nlu.encoder import Encoder, load_encoder
from nlu.evaluate import Judged, calibration_error_by_chance, judge_examples, measure
from nlu.formats import read_training_data
from nlu.model import NluModel
from nlu.perturb import PERTURBATIONS, perturb
from nlu.pipeline import NluPipeline
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE
from webapp.settings import Settings
from webapp.trained_packs import features_file, provide_model
from webapp.understanding import train_pack


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack")
    parser.add_argument("--feelings", nargs="*", type=Path, default=[], metavar="FILE")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = replace(Settings.from_env(data=Path(scratch)), pack=chosen.pack)
        encoder = load_encoder(settings.encoder_source, threads=2)
        # The first training encodes; the one that is timed finds the features kept.
        provide_model(settings, encoder, now=datetime.now(UTC), progress=lambda *_: None)
        started = time.perf_counter()
        manifest = train_pack(
            settings.pack_folder,
            out=settings.nlu_model,
            encoder=encoder,
            features_file=features_file(settings, encoder),
            now=datetime.now(UTC),
        )
        seconds = time.perf_counter() - started
        model = load_model(settings.nlu_model, encoder=encoder.fingerprint)
        examples = read_training_data([settings.pack_folder / "test"]).examples
        result = {
            "train_seconds": seconds,
            "cross_validated": dict(manifest.scores),
            **measure_pack(model, examples, encoder),
        }
        pipeline = NluPipeline(model, encoder.features)
        for file in chosen.feelings:
            labelled = read_training_data([file]).examples
            result[file.name] = measure_emotions(labelled, pipeline.understand)
    json.dump(result, sys.stdout)


def measure_pack(
    model: NluModel, examples: Sequence[Example], encoder: Encoder
) -> dict[str, object]:
    """The figures of the test file, and for each slip those of the texts that it changes."""
    judged = judge_examples(model, examples, encoder.features)
    own = [e for e in examples if e.intent != OUT_OF_SCOPE]
    right = {e.text: j.predicted == j.intent for e, j in zip(examples, judged, strict=True)}
    slips = {}
    for kind in PERTURBATIONS:
        pairs = [(e, perturb([e], seed=i)[kind]) for i, e in enumerate(own)]
        spoilt = [changed[0] for _, changed in pairs if changed]
        if spoilt:
            found = judge_examples(model, spoilt, encoder.features)
            slips[kind] = {
                "texts": len(spoilt),
                "accuracy": _accuracy(found),
                "as_written": float(np.mean([right[e.text] for e, changed in pairs if changed])),
            }
    return {
        "test": asdict(measure(judged)),
        "calibration_error_by_chance": calibration_error_by_chance(judged),
        "intervals": intervals([j for j in judged if j.intent != OUT_OF_SCOPE]),
        "slips": slips,
    }


def _accuracy(judged: Sequence[Judged]) -> float:
    return float(np.mean([j.predicted == j.intent for j in judged]))


if __name__ == "__main__":
    main()
