"""Write the encoder as ONNX graphs from its weights: a trunk and two tops (docs/adr/0011)."""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray

from nlu.convert_weights import EncoderWeights
from nlu.graph_writer import GraphWriter, Precision, TokenProjection

TRUNK_LAYERS: Final = 6
"""So many of the lower layers are common to both tops, and never learn anything."""

FEATURE_LAYERS: Final = 2
"""How many layers' means make the `features`: the last one's, and an earlier one's."""

MIDDLE_LAYER: Final = -6
"""Counted from the end, the layer whose mean goes into `features` (docs/adr/0006)."""


def build_trunk(
    weights: EncoderWeights, kept: NDArray[np.int64], *, precision: Precision
) -> onnx.ModelProto:
    """A model from `input_ids` and `attention_mask` (int64, batch by length) to `hidden` (float32,
    batch by length by hidden size): what both tops go on from.

    `kept` names the rows of the word embeddings to keep, in the order of the new ids. Layer
    normalisation, attention and GELU are ONNX Runtime's fused operators; with 4-bit blocks the
    matrices are bit for bit those of the source.
    """
    writer = GraphWriter(weights, precision)
    hidden = _trunk(writer, kept)
    writer.token_output(hidden, "hidden", weights.shape.hidden)
    return writer.model()


def build_reading(weights: EncoderWeights, *, precision: Precision) -> onnx.ModelProto:
    """A model from `hidden` and `attention_mask` to `features`, which classifiers learn from:
    float32, batch by twice the hidden size, unit length.

    The mean over the mask of the last layer, beside that of an earlier layer, which still knows
    the words (docs/adr/0006). Raises ValueError when weights of the trunk were trained too.
    """
    trunk = {"emb", *(f"l{index}" for index in range(TRUNK_LAYERS))}
    if changed := sorted(n for n in weights.trained if n.partition(".")[0] in trunk):
        raise ValueError(f"The trunk is common to both tops: {', '.join(changed)} may not change.")
    writer = GraphWriter(weights, precision)
    last, middle = _top(writer, writer.hidden_input())
    _both_means(writer, last, middle, sentence="last", both="features")
    return writer.model()


def build_search(
    weights: EncoderWeights, *, precision: Precision, projection: TokenProjection
) -> onnx.ModelProto:
    """A model from `hidden` and `attention_mask` to what search reads.

    `sentence` (float32, batch by hidden size, unit length): the mean over the mask of the last
    layer. `meaning` (batch by twice the hidden size, unit length): that, beside the mean of an
    earlier layer. `tokens` (batch by length by size): the last layer's vectors, projected and of
    unit length.
    """
    writer = GraphWriter(weights, precision)
    _search(writer, writer.hidden_input(), projection)
    return writer.model()


def build_graph(
    weights: EncoderWeights,
    kept: NDArray[np.int64],
    *,
    precision: Precision = Precision.ROWS_8_BIT,
) -> onnx.ModelProto:
    """Trunk and search in one model, with tokens as the last layer has them, to measure by."""
    writer = GraphWriter(weights, precision)
    _search(writer, _trunk(writer, kept), None)
    return writer.model()


def _trunk(writer: GraphWriter, kept: NDArray[np.int64]) -> str:
    hidden = writer.embeddings(kept)
    for index in range(TRUNK_LAYERS):
        hidden = writer.layer(index, hidden)
    return hidden


def _top(writer: GraphWriter, hidden: str) -> tuple[str, str]:
    """The last layer, and the one in the middle."""
    layers = [
        hidden := writer.layer(index, hidden) for index in range(TRUNK_LAYERS, writer.shape.layers)
    ]
    return layers[-1], layers[MIDDLE_LAYER]


def _search(writer: GraphWriter, hidden: str, projection: TokenProjection | None) -> None:
    last, middle = _top(writer, hidden)
    sentence = _both_means(writer, last, middle, sentence="sentence", both="meaning")
    writer.row_output(sentence, writer.shape.hidden)
    writer.tokens(last, projection)


def _both_means(writer: GraphWriter, last: str, middle: str, *, sentence: str, both: str) -> str:
    mean = writer.mean_over_mask(last, sentence)
    beside = writer.beside(mean, writer.mean_over_mask(middle, "middle"), both)
    writer.row_output(beside, FEATURE_LAYERS * writer.shape.hidden)
    return mean
