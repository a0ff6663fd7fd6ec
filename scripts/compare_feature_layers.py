"""Compare layers to classify from: `python scripts/compare_feature_layers.py FOLDER`.

FOLDER holds `train.tsv` and `dev.tsv` (`text<TAB>label`); the test split is not read. For the last
layer alone, and for every earlier layer beside it, it prints the accuracy on dev of the intent
classifier that learnt from train.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from nlu.convert_graph import build_graph
from nlu.convert_tokenizer import kept_pieces, make_tokenizer
from nlu.convert_weights import find_source, read_weights
from nlu.encoder_manifest import PREFIX
from nlu.formats import read_training_data
from nlu.intents import IntentClassifier
from nlu.text import canonical


def main(folder: Path) -> None:
    """Encode both files once, then train and measure with every choice of layers."""
    learn, held_out = (
        read_training_data([folder / f"{split}.tsv"]).examples for split in ("train", "dev")
    )
    texts = [canonical(example.text) for example in (*learn, *held_out)]
    labels = np.array([example.intent for example in (*learn, *held_out)], dtype=object)
    layers = layer_means(texts)
    last = len(layers) - 1
    for chosen in [(last,), *((layer, last) for layer in range(last))]:
        vectors = unit(np.hstack([layers[layer] for layer in chosen]))
        classifier = IntentClassifier().fit(
            texts[: len(learn)], vectors[: len(learn)], labels[: len(learn)]
        )
        margins = classifier.margins(texts[len(learn) :], vectors[len(learn) :])
        said = np.array(classifier.classes_, dtype=object)[margins.argmax(axis=1)]
        right = float(np.mean(said == labels[len(learn) :]))
        sys.stdout.write(f"layers {' and '.join(map(str, chosen))}: {right:.4f}\n")


def layer_means(texts: list[str]) -> list[np.ndarray]:
    """The mean over every layer's tokens, one by one: arrays of shape (texts, hidden size)."""
    weights = read_weights(find_source())
    kept = kept_pieces(weights.vocabulary)
    tokenizer = make_tokenizer(weights.vocabulary, kept)
    model = build_graph(weights, kept)
    outputs = [f"l{layer}.oln.out" for layer in range(weights.shape.layers)]
    shape = ["batch", "length", weights.shape.hidden]
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in outputs
    )
    session = onnxruntime.InferenceSession(
        onnx.ModelProto.SerializeToString(model), providers=["CPUExecutionProvider"]
    )
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(PREFIX + text).ids], np.int64)
        found = session.run(outputs, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        rows.append([hidden[0].mean(axis=0) for hidden in found])
    return [unit(np.array(layer, np.float32)) for layer in zip(*rows, strict=True)]


def unit(rows: np.ndarray) -> np.ndarray:
    """The rows with length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
