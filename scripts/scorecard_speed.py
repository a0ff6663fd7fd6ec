"""Time one message after another beside the plain form of the same idea, in one run; prints JSON.

`python scripts/scorecard_speed.py FOLDER`, a folder with `train.tsv` and `test.tsv`. The plain form
is what one would write first: scikit-learn's n-grams and LinearSVC, the encoder in PyTorch with 32
bits, one thread. Ours answers the messages alone, as in a serving process; then both answer them in
turn, where each finds the processor's cache full of the other's weights. The memory is that of a
process of its own which has the product's encoder, the demo's model and its entities loaded and has
answered.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from nlu.encoder import load_encoder
from nlu.encoder_foreign import load_sentence_transformer, write_sentence_transformers_folder
from nlu.formats import read_training_data
from nlu.pipeline import NluPipeline
from nlu.train import train
from webapp.settings import Settings
from webapp.trained_packs import provide_model
from webapp.understanding import read_everyday

_TIMED = 400


def main() -> None:
    """Train both forms, time them in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    learn = read_training_data([chosen.folder / "train.tsv"]).examples
    texts = [e.text for e in read_training_data([chosen.folder / "test.tsv"]).examples][:_TIMED]
    labels = [e.intent for e in learn]
    # Nothing is remembered: every message is encoded, in both rounds.
    encoder = load_encoder(Settings.from_env().encoder_source, threads=1, cache_size=0)
    settings = Settings.from_env()
    everyday = read_everyday(settings.home / "training_data" / "common")
    trained = train(learn, encoder.features, language=encoder.words(), everyday=everyday)
    ours = NluPipeline(trained.model, encoder.features)
    plain = _plain_form([e.text for e in learn], labels)
    threadpool_limits(1)  # as in a serving process (`webapp.settings`)
    for answer in (ours.understand, plain):
        answer("热身")
    times = {
        "alone": [_milliseconds(ours.understand, text) for text in texts],
        "ours": [],
        "plain": [],
    }
    for text in texts:
        times["ours"].append(_milliseconds(ours.understand, text))
        times["plain"].append(_milliseconds(plain, text))
    figures = {
        name: {"p50_ms": float(np.percentile(t, 50)), "p95_ms": float(np.percentile(t, 95))}
        for name, t in times.items()
    }
    result = {
        **figures,
        "ratio": figures["ours"]["p50_ms"] / figures["plain"]["p50_ms"],
        **_serving(chosen.folder / "test.tsv"),
    }
    json.dump(result, sys.stdout)


def _milliseconds(answer: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    answer(text)
    return (time.perf_counter() - started) * 1000


def _serving(texts: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings.from_env(data=Path(scratch))
        encoder = load_encoder(settings.encoder_source, threads=2)
        provide_model(settings, encoder, now=datetime.now(UTC), progress=lambda *_: None)
        script = Path(__file__).with_name("scorecard_memory.py")
        command = [sys.executable, str(script), str(settings.nlu_model), str(texts)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _plain_form(texts: list[str], labels: list[str]) -> Callable[[str], object]:
    with tempfile.TemporaryDirectory() as folder:
        write_sentence_transformers_folder(Path(folder) / "encoder")
        encode = load_sentence_transformer(str(Path(folder) / "encoder"), threads=1).forward
    ngrams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    features = sp.hstack([ngrams.fit_transform(texts), sp.csr_matrix(encode(texts))], format="csr")
    machine = LinearSVC(C=0.3, random_state=0).fit(features, labels)

    def answer(text: str) -> object:
        row = sp.hstack([ngrams.transform([text]), sp.csr_matrix(encode([text]))], format="csr")
        return machine.predict(row)[0]

    return answer


if __name__ == "__main__":
    main()
