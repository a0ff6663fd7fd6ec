"""Measure Rasa beside this product on one set, both by the same protocol; prints JSON.

`JIEDAI_RASA=…/bin/rasa python scripts/scorecard_rasa.py FOLDER`, a folder with `train.tsv` and
`test.tsv`. Both learn from one YAML file by a command of their own, are then started as they would
be for users, with one process that understands, and asked `POST /model/parse` text by text.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from scorecard_process import NotServing, finish, free_port, memory, running, wait_until_ready

from nlu.benchmark import intervals
from nlu.evaluate import Judged, measure
from nlu.formats import read_training_data, write_training_data
from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE

JIEDAI = str(Path(__file__).parents[1] / ".venv" / "bin" / "jiedai")
CONFIG = """\
recipe: default.v1
assistant_id: scorecard
language: zh
pipeline:
- name: JiebaTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  entity_recognition: false
  constrain_similarities: true
  random_seed: 0
"""
# What a shell may have set for other programs: Rasa runs with its own Python, and TensorFlow with
# as many threads as it chooses.
_NOT_FOR_RASA = ("PYTHON", "TF_", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_")
_VERSIONS = """\
import json, platform
from importlib.metadata import version
names = ("rasa", "tensorflow", "jieba")
print(json.dumps({n: version(n) for n in names} | {"python": platform.python_version()}))
"""
# Ours is served as it is by default, whatever this shell sets but for the encoder.
_NOT_FOR_OURS = "JIEDAI_"
_FOR_OURS = ("JIEDAI_ENCODER", "JIEDAI_HOME")
_READY_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Contender:
    """The commands that train a product, make it ready to serve, and serve on `port`."""

    train: Sequence[str]
    prepare: Sequence[Sequence[str]]
    serve: Sequence[str]
    environment: Mapping[str, str]
    port: int


def main() -> None:
    """Measure one after the other, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=100, help="fewer only to try this script")
    chosen = parser.parse_args()
    named = os.environ.get("JIEDAI_RASA") or sys.exit("set JIEDAI_RASA to a rasa executable")
    rasa = str(Path(named).absolute())
    # Ended from outside, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    learn = read_training_data([chosen.folder / "train.tsv"])
    known = {example.intent for example in learn.examples}
    test = read_training_data([chosen.folder / "test.tsv"]).examples
    own = [example for example in test if example.intent in known]
    result: dict[str, Any] = {
        "versions": versions(rasa),
        "epochs": chosen.epochs,
        "learnt_texts": len(learn.examples),
        "test_texts": len(own),
    }
    for name, contender in (("rasa", _rasa(rasa)), ("ours", _ours())):
        with tempfile.TemporaryDirectory(prefix="scorecard-") as scratch:
            folder = Path(scratch)
            write_training_data(learn, folder / "train.yml")
            config = CONFIG.format(epochs=chosen.epochs)
            (folder / "config.yml").write_text(config, encoding="utf-8")
            try:
                result[name] = measure_one(contender, own, folder=folder)
            except (NotServing, OSError) as error:
                sys.exit(f"{name}: {error}")
    json.dump(result, sys.stdout)


def versions(rasa: str) -> dict[str, str]:
    """The versions of Rasa, of what it stands on, and of its Python."""
    command = [str(Path(rasa).with_name("python")), "-c", _VERSIONS]
    done = subprocess.run(
        command, env=_environment_of_rasa(), capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def measure_one(
    contender: Contender, examples: Sequence[Example], *, folder: Path
) -> dict[str, object]:
    """Train and serve in `folder`, which has `train.yml`; accuracy, times and memory."""
    environment = contender.environment
    trained = finish(contender.train, folder=folder, environment=environment)
    for command in contender.prepare:
        finish(command, folder=folder, environment=environment)
    base = f"http://127.0.0.1:{contender.port}"
    with (
        running(contender.serve, folder=folder, environment=environment) as process,
        httpx.Client(base_url=base, timeout=60, trust_env=False) as client,
    ):
        wait_until_ready(process, client, seconds=_READY_SECONDS)
        own, milliseconds = _ask(client, examples)
        held = memory(process)
    figures = measure(own)
    return {
        "accuracy": figures.accuracy,
        "macro_f1": figures.macro_f1,
        "decided_accuracy": figures.decided_accuracy,
        "intervals": intervals(own),
        "p50_ms": float(np.percentile(milliseconds, 50)),
        "p95_ms": float(np.percentile(milliseconds, 95)),
        "train_seconds": trained.seconds,
        "train_peak_mb": trained.peak_mb,
        **held,
    }


def judge(example: Example, answer: Mapping[str, Any]) -> Judged:
    """What an answer of `/model/parse` makes of an example; no intent at all is a wrong one."""
    ranking = answer["intent_ranking"]
    best: Mapping[str, Any] = ranking[0] if ranking else {"name": "", "confidence": 0.0}
    return Judged(
        text=example.text,
        intent=example.intent,
        predicted=best["name"],
        confidence=best["confidence"],
        in_scope=answer.get("in_scope", 1.0),
        rejected=answer["intent"]["name"] == OUT_OF_SCOPE,
    )


def _ask(client: httpx.Client, examples: Sequence[Example]) -> tuple[list[Judged], list[float]]:
    own, milliseconds = [], []
    for example in examples:
        started = time.perf_counter()
        response = client.post("/model/parse", json={"text": example.text})
        milliseconds.append((time.perf_counter() - started) * 1000)
        own.append(judge(example, response.raise_for_status().json()))
    return own, milliseconds


def _rasa(rasa: str) -> Contender:
    port = free_port()
    train = "train nlu --nlu train.yml --config config.yml --out models --fixed-model-name model"
    serve = f"run --enable-api --model models/model.tar.gz --interface 127.0.0.1 --port {port}"
    return Contender(
        train=(rasa, *train.split()),
        prepare=(),
        serve=(rasa, *serve.split()),
        environment=_environment_of_rasa(),
        port=port,
    )


def _environment_of_rasa() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_FOR_RASA)}
    return {**kept, "RASA_TELEMETRY_ENABLED": "false"}


def _ours() -> Contender:
    port = free_port()
    kept = {
        k: v for k, v in os.environ.items() if k in _FOR_OURS or not k.startswith(_NOT_FOR_OURS)
    }
    return Contender(
        train=(JIEDAI, "train", "nlu", "--data", "train.yml", "--out", "data/models/nlu"),
        # It finds that model, sees that it fits, and trains no other.
        prepare=((JIEDAI, "init", "--data", "data"),),
        serve=(JIEDAI, "up", "--data", "data", "--port", str(port)),
        environment={**kept, "JIEDAI_DATA": "data", "JIEDAI_WEB_WORKERS": "1"},
        port=port,
    )


if __name__ == "__main__":
    main()
