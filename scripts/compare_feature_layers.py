"""Compare layers to classify from: `python scripts/compare_feature_layers.py FOLDER...`.

Each FOLDER holds `train.tsv` and maybe `dev.tsv` (`text<TAB>label`); the test split is not read.
For the last layer alone, and for every earlier layer beside it, it prints the intent classifier's
accuracy in cross-validation (5 folds, 3 seeds), with each weight of the vector beside the n-grams.
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
from nlu.folds import stratified_folds
from nlu.formats import read_training_data
from nlu.intents import IntentClassifier
from nlu.text import canonical

WEIGHTS = (1.2, 1.6)
FOLDS, SEEDS = 5, 3


def main(folders: list[Path]) -> None:
    """Encode every folder once, then cross-validate every choice."""
    for folder in folders:
        files = [file for file in (folder / "train.tsv", folder / "dev.tsv") if file.exists()]
        examples = read_training_data(files).examples
        texts = [canonical(example.text) for example in examples]
        labels = [example.intent for example in examples]
        layers = layer_means(texts)
        last = len(layers) - 1
        for chosen in [(last,), *((layer, last) for layer in range(last))]:
            vectors = unit(np.hstack([layers[layer] for layer in chosen]))
            found = [accuracy(texts, vectors, labels, weight) for weight in WEIGHTS]
            sys.stdout.write(
                f"{folder.name}, layers {' and '.join(map(str, chosen))}: "
                + ", ".join(f"{f:.4f} (weight {w})" for f, w in zip(found, WEIGHTS, strict=True))
                + "\n"
            )


def accuracy(texts: list[str], vectors: np.ndarray, labels: list[str], weight: float) -> float:
    """The share of texts that classifiers which had not seen them got right."""
    right = []
    for seed in range(SEEDS):
        own_fold = stratified_folds(labels, folds=FOLDS, seed=seed)
        for fold in range(FOLDS):
            learn, rest = np.flatnonzero(own_fold != fold), np.flatnonzero(own_fold == fold)
            classifier = IntentClassifier(vector_weight=weight).fit(
                [texts[i] for i in learn], vectors[learn], [labels[i] for i in learn]
            )
            margins = classifier.margins([texts[i] for i in rest], vectors[rest])
            said = [classifier.classes_[i] for i in margins.argmax(axis=1)]
            right += [a == labels[i] for a, i in zip(said, rest, strict=True)]
    return float(np.mean(right))


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
    main([Path(name) for name in sys.argv[1:]])
