"""Train on ever more: `python scripts/benchmark_training.py --texts 100000 --intents 2000`; prints
seconds, memory, and how one message is then understood.

The texts are the packs' training texts and, where more are asked for, the same mistyped
(`jiedai data perturb`). The intents are the packs' own; where more are asked for, the largest is
parted in two again and again, along the direction in which its vectors differ most, which gives
intents as close to one another as those of large companies are. A fifth of the texts is not learnt
from. Vectors are computed first and not counted.
"""

from __future__ import annotations

import argparse
import heapq
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nlu.artefact import load_model, save_model
from nlu.encoder import load_encoder
from nlu.evaluate import judge_examples, measure
from nlu.formats import read_training_data
from nlu.intents import Floats
from nlu.kept_features import KeptFeatures
from nlu.model import NluModel
from nlu.perturb import perturb
from nlu.pipeline import NluPipeline
from nlu.text import gist
from nlu.train import train
from nlu.training_data import Example
from webapp.understanding import read_everyday

_PACKS = Path(__file__).parents[1] / "training_data"
_TIMED = 300


def main() -> None:
    """Make the examples, train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--intents", type=int, default=100)
    chosen = parser.parse_args()
    encoder = load_encoder(threads=2)
    features = KeptFeatures(encoder.features, {})
    examples = _texts(chosen.texts)
    read = [gist(e.text) for e in examples]
    vectors = np.vstack([features(read[i : i + 512]) for i in range(0, len(read), 512)])
    labels = _parted(vectors, [e.intent for e in examples], chosen.intents)
    examples = [Example(e.text, label) for e, label in zip(examples, labels, strict=True)]
    held = np.random.default_rng(0).permutation(len(examples)) % 5 == 0
    learn = [e for e, out in zip(examples, held, strict=True) if not out]
    before = _megabytes()
    started = time.perf_counter()
    everyday = read_everyday(_PACKS / "common")
    trained = train(learn, features, language=encoder.words(), everyday=everyday)
    seconds = time.perf_counter() - started
    sys.stdout.write(
        f"{len(learn)} texts, {len(trained.model.intents)} intents: trained in {seconds:.0f} s,"
        f" {_megabytes():.0f} MB at most ({before:.0f} MB before)\n"
    )
    asked = [e for e, out in zip(examples, held, strict=True) if out]
    figures = measure(judge_examples(trained.model, asked, features))
    size, loaded = _stored(trained.model, encoder.fingerprint)
    times = _milliseconds(NluPipeline(trained.model, encoder.features), asked[:_TIMED])
    sys.stdout.write(
        f"unseen texts {figures.accuracy:.3f} right, calibration error"
        f" {figures.calibration_error:.3f}; model of {size:.0f} MB loaded in {loaded:.2f} s;"
        f" one message p50 {np.percentile(times, 50):.1f} ms,"
        f" p95 {np.percentile(times, 95):.1f} ms\n"
    )


def _stored(model: NluModel, encoder: str) -> tuple[float, float]:
    """The megabytes of the model's folder, and the seconds until it is loaded again."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        now = datetime.now(UTC)
        save_model(model, folder, encoder=encoder, examples=(), scores={}, created_at=now)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20
        started = time.perf_counter()
        load_model(folder, encoder=encoder)
        return size, time.perf_counter() - started


def _milliseconds(pipeline: NluPipeline, examples: Sequence[Example]) -> list[float]:
    """Of understanding each text, one thread."""
    threadpool_limits(1)
    times = []
    for example in examples:
        started = time.perf_counter()
        pipeline.understand(example.text)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _texts(wanted: int) -> list[Example]:
    """Different texts with their intents; those of all packs first, then mistyped ones."""
    folders = sorted(folder for folder in _PACKS.iterdir() if (folder / "nlu").is_dir())
    found: dict[str, Example] = {}
    for folder in folders:
        for example in read_training_data([folder / "nlu"]).examples:
            if not example.is_contrast:
                intent = f"{folder.name} {example.intent}"
                found.setdefault(example.text, Example(example.text, intent))
    own = list(found.values())
    seed = 0
    while len(found) < wanted:
        for spoilt in perturb(own, seed=seed).values():
            for example in spoilt:
                found.setdefault(example.text, example)
        seed += 1
    kept = np.random.default_rng(0).permutation(len(found))[:wanted]
    every = list(found.values())
    return [every[i] for i in sorted(kept)]


def _parted(vectors: Floats, labels: list[str], wanted: int) -> list[str]:
    """Labels of at least `wanted` intents: the largest is parted where its vectors differ most."""
    names = sorted(set(labels))
    of = np.array(labels, dtype=object)
    parts = [
        (-int((of == name).sum()), at, np.flatnonzero(of == name)) for at, name in enumerate(names)
    ]
    heapq.heapify(parts)
    following = len(parts)
    while len(parts) < wanted:
        _, _, rows = heapq.heappop(parts)
        along = _main_direction(vectors[rows])
        order = rows[np.argsort(along, kind="stable")]
        for half in (order[: len(order) // 2], order[len(order) // 2 :]):
            heapq.heappush(parts, (-len(half), following, half))
            following += 1
    result = [""] * len(labels)
    for _, at, rows in parts:
        for row in rows:
            result[row] = f"i{at:05d}"
    return result


def _main_direction(vectors: Floats) -> NDArray[np.float64]:
    """Where each vector lies along the first principal direction."""
    moved = (vectors - vectors.mean(axis=0)).astype(np.float64)
    direction = np.random.default_rng(0).standard_normal(moved.shape[1])
    for _ in range(20):  # power iteration
        direction = moved.T @ (moved @ direction)
        direction /= np.linalg.norm(direction)
    along: NDArray[np.float64] = moved @ direction
    return along


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
