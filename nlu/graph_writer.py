"""Collects the nodes and weights of an ONNX graph: BERT's layers in several precisions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nlu.convert_weights import BLOCK, EncoderWeights, QuantisedMatrix

_OPSET = 20
_INT8_COMPUTE = 4  # MatMulNBits' accuracy_level for int8 activations in blocks
_LARGEST_WEIGHT = 63  # 7 bits: without VNNI, sums of two products of 8 bits overflow 16 bits
_LARGEST_INPUT = 127
_INPUT_ZERO = 128

Options = dict[str, int | float]
"""The attributes of a node."""

Shape = list[str | int | None]

_BATCH: Shape = ["batch", "length"]


class Precision(StrEnum):
    """How the matrices are stored and multiplied.

    The blocks of the source as they are; or a scale a column for the weights and one a token for
    what they are multiplied with; or plain numbers. Word embeddings keep their blocks with both
    small forms.
    """

    BLOCKS_4_BIT = "q4"
    ROWS_8_BIT = "int8"
    FLOAT_32 = "fp32"


@dataclass(frozen=True, slots=True)
class TokenProjection:
    """Token vectors without their common part, in fewer dimensions: (vector - mean) @ basis.

    `mean` has the hidden size, `basis` the shape (hidden size, wanted size).
    """

    mean: NDArray[np.float32]
    basis: NDArray[np.float32]


class GraphWriter:
    """Collects nodes and initializers; every method returns the name of its result.

    A model starts from `embeddings` or from `hidden_input`, and has the outputs that it was given.
    """

    def __init__(self, weights: EncoderWeights, precision: Precision) -> None:
        self.shape = weights.shape
        self._weights = weights
        self._precision = precision
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._written: set[str] = set()
        self._inputs = [_value("attention_mask", TensorProto.INT64, _BATCH)]
        self._outputs: list[onnx.ValueInfoProto] = []
        self._node("Cast", ["attention_mask"], "mask_int32", to=TensorProto.INT32)
        self._node("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
        last = self._constant("last_axis", np.array([-1], np.int64))
        self._node("Unsqueeze", ["mask_float", last], "mask_column")

    def hidden_input(self) -> str:
        """What another model put out as `hidden`."""
        shape = [*_BATCH, self.shape.hidden]
        self._inputs.insert(0, _value("hidden", TensorProto.FLOAT, shape))
        return "hidden"

    def embeddings(self, kept: NDArray[np.int64]) -> str:
        """The first layer's input, from `input_ids`."""
        self._inputs.insert(0, _value("input_ids", TensorProto.INT64, _BATCH))
        shape, vectors = self._weights.shape, self._weights.vectors
        words = self._gather_words(self._weights.matrices["emb.word"].take_rows(kept))
        positions = vectors["emb.pos"].reshape(-1, shape.hidden)
        first_type = vectors["emb.type"].reshape(-1, shape.hidden)[0]
        table = self._constant("positions", positions + first_type)
        self._node("Shape", ["input_ids"], "ids_shape")
        self._node("Gather", ["ids_shape", self._constant("one", np.int64(1))], "length")
        zero = self._constant("zero", np.int64(0))
        self._node("Range", [zero, "length", "one"], "places")
        self._node("Gather", [table, "places"], "position_rows")
        self._node("Add", [words, "position_rows"], "embedded")
        inputs = ["embedded", *self._norm_inputs("emb.ln")]
        return self._node("LayerNormalization", inputs, "hidden_in", epsilon=shape.epsilon)

    def _gather_words(self, matrix: QuantisedMatrix) -> str:
        if self._precision is Precision.FLOAT_32:
            table = self._constant("words", matrix.dequantised())
            return self._node("Gather", [table, "input_ids"], "word_rows")
        rows, columns = matrix.nibbles.shape
        signed = matrix.nibbles ^ np.uint8(8)  # nibble - 8 in two's complement, as int4 wants
        data = onnx.TensorProto(
            name="words",
            data_type=TensorProto.INT4,
            dims=[rows, columns],
            raw_data=_pack_pairs(signed).tobytes(),
        )
        self._initializers.append(data)
        scales = self._constant("words_scales", matrix.scales.astype(np.float16))
        self._contrib(
            "GatherBlockQuantized",
            ["words", "input_ids", scales],
            "word_rows_half",
            gather_axis=0,
            quantize_axis=1,
            block_size=BLOCK,
        )
        return self._node("Cast", ["word_rows_half"], "word_rows", to=TensorProto.FLOAT)

    def layer(self, index: int, hidden: str) -> str:
        """One layer of BERT on top of another."""
        n = f"l{index}"
        query, key, value = (
            self._linear(hidden, f"{n}.{part}.w", bias=f"{n}.{part}.b", out=f"{n}.{part}")
            for part in "qkv"
        )
        self._contrib(
            "MultiHeadAttention",
            [query, key, value, "", "mask_int32"],
            f"{n}.attended",
            num_heads=self.shape.heads,
        )
        attended = self._linear(f"{n}.attended", f"{n}.ao.w", bias=f"{n}.ao.b", out=f"{n}.ao")
        middle = self._add_and_norm(attended, hidden, f"{n}.aln")
        wide = self._linear(middle, f"{n}.fi.w", bias=f"{n}.fi.b", out=f"{n}.fi")
        active = self._node("Gelu", [wide], f"{n}.gelu")
        narrow = self._linear(active, f"{n}.fo.w", bias=f"{n}.fo.b", out=f"{n}.fo")
        return self._add_and_norm(narrow, middle, f"{n}.oln")

    def _linear(self, source: str, name: str, *, bias: str, out: str) -> str:
        bias_name = self._constant(bias, self._weights.vectors[bias])
        if self._precision is Precision.FLOAT_32:
            transposed = self._constant(name, np.ascontiguousarray(self._weights.plain(name).T))
            self._node("MatMul", [source, transposed], f"{out}.product")
            return self._node("Add", [f"{out}.product", bias_name], out)
        if self._precision is Precision.ROWS_8_BIT or name in self._weights.trained:
            product = self._product_8_bit(source, name, out)
            return self._node("Add", [product, bias_name], out)
        matrix = self._weights.matrices[name]
        rows, columns = matrix.nibbles.shape
        packed = _pack_pairs(matrix.nibbles).reshape(rows, columns // BLOCK, BLOCK // 2)
        data = self._constant(name, packed)
        scales = self._constant(f"{name}.scales", matrix.scales)
        inputs = [source, data, scales, "", "", bias_name]
        sizes = {"K": columns, "N": rows, "bits": 4, "block_size": BLOCK}
        return self._contrib("MatMulNBits", inputs, out, accuracy_level=_INT8_COMPUTE, **sizes)

    def _product_8_bit(self, source: str, name: str, out: str) -> str:
        """8-bit integers times 7-bit ones; both scales are put back afterwards.

        A token's scale comes from its own vector alone, so that it is the same in every batch.
        """
        self._quantised(source)
        weights = np.ascontiguousarray(self._weights.plain(name).T)
        scales = np.abs(weights).max(axis=0) / _LARGEST_WEIGHT
        integers = self._constant(name, np.round(weights / scales).astype(np.int8))
        column_scales = self._constant(f"{name}.scales", scales / np.float32(_LARGEST_INPUT))
        zero = self._constant("weight_zero", np.int8(0))
        inputs = [f"{source}.integers", integers, "unit", column_scales, "input_zero", zero]
        self._contrib("MatMulIntegerToFloat", inputs, f"{out}.unscaled")
        return self._node("Mul", [f"{out}.unscaled", f"{source}.largest"], f"{out}.product")

    def _quantised(self, source: str) -> None:
        """Write `<source>.integers`, and `<source>.largest`: what 127 stands for, by token."""
        if f"{source}.integers" in self._written:
            return
        last = self._constant("last_axis", np.array([-1], np.int64))
        unit = self._constant("unit", np.float32(1))
        self._node("Abs", [source], f"{source}.size")
        self._node("ReduceMax", [f"{source}.size", last], f"{source}.largest", keepdims=1)
        top = self._constant("largest_input", np.float32(_LARGEST_INPUT))
        self._node("Div", [top, f"{source}.largest"], f"{source}.factor")
        self._node("Mul", [source, f"{source}.factor"], f"{source}.scaled")
        zero = self._constant("input_zero", np.uint8(_INPUT_ZERO))
        self._node("QuantizeLinear", [f"{source}.scaled", unit, zero], f"{source}.integers")

    def _add_and_norm(self, update: str, stream: str, norm: str) -> str:
        inputs = [update, stream, *self._norm_inputs(norm)]
        epsilon = self._weights.shape.epsilon
        return self._contrib("SkipLayerNormalization", inputs, f"{norm}.out", epsilon=epsilon)

    def mean_over_mask(self, hidden: str, out: str) -> str:
        """The mean of a text's tokens, of unit length."""
        tokens = self._constant("token_axis", np.array([1], np.int64))
        self._node("Mul", [hidden, "mask_column"], f"{out}.kept")
        self._node("ReduceSum", [f"{out}.kept", tokens], f"{out}.sum", keepdims=0)
        # The mean differs from the sum by a factor only, which the unit length takes out.
        return self._node("LpNormalization", [f"{out}.sum"], out, axis=-1, p=2)

    def beside(self, first: str, second: str, out: str) -> str:
        """Both in one row of unit length."""
        self._node("Concat", [first, second], f"{out}.both", axis=-1)
        return self._node("LpNormalization", [f"{out}.both"], out, axis=-1, p=2)

    def tokens(self, hidden: str, projection: TokenProjection | None) -> None:
        """The output `tokens`: projected and of unit length when a projection is given."""
        if projection is None:
            self.token_output(hidden, "tokens", self.shape.hidden)
            return
        self._node("Sub", [hidden, self._constant("token_mean", projection.mean)], "token_centred")
        basis = self._constant("token_basis", projection.basis)
        self._node("MatMul", ["token_centred", basis], "token_projected")
        unit = self._node("LpNormalization", ["token_projected"], "token_unit", axis=-1, p=2)
        self.token_output(unit, "tokens", int(projection.basis.shape[1]))

    def token_output(self, result: str, name: str, size: int) -> None:
        """Put a result of shape (batch, length, size) out under a name."""
        self._node("Identity", [result], name)
        self._outputs.append(_value(name, TensorProto.FLOAT, [*_BATCH, size]))

    def row_output(self, result: str, size: int) -> None:
        """Put a result of shape (batch, size) out."""
        self._outputs.append(_value(result, TensorProto.FLOAT, ["batch", size]))

    def model(self) -> onnx.ModelProto:
        """Everything that was written."""
        graph = helper.make_graph(
            self._nodes, "encoder", self._inputs, self._outputs, self._initializers
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _norm_inputs(self, norm: str) -> list[str]:
        vectors = self._weights.vectors
        return [self._constant(f"{norm}.{part}", vectors[f"{norm}.{part}"]) for part in "wb"]

    def _constant(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        if name in self._written:
            return name
        self._written.add(name)
        self._initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _node(self, kind: str, inputs: list[str], output: str, **options: int | float) -> str:
        return self._append(kind, inputs, output, "", options)

    def _contrib(self, kind: str, inputs: list[str], output: str, **options: int | float) -> str:
        return self._append(kind, inputs, output, "com.microsoft", options)

    def _append(
        self, kind: str, inputs: list[str], output: str, domain: str, options: Options
    ) -> str:
        node = helper.make_node(kind, inputs, [output], name=output, domain=domain)
        node.attribute.extend(helper.make_attribute(key, options[key]) for key in sorted(options))
        self._nodes.append(node)
        self._written.add(output)
        return output


def _value(name: str, kind: int, shape: Shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _pack_pairs(nibbles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two neighbouring nibbles a byte, the first in the low half."""
    packed: NDArray[np.uint8] = nibbles[..., 0::2] | (nibbles[..., 1::2] << np.uint8(4))
    return packed
