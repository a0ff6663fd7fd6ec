"""Texts as vectors: encoded once, packed, and kept by text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.metric import default_metric

Vectors = NDArray[np.float32]
EncodedText = tuple[Vectors, Vectors]
"""A text's own features or vector (1-d), and the vectors of its tokens (2-d, of unit length)."""

Encode = Callable[[Sequence[str]], Vectors | Sequence[EncodedText]]
"""Texts to vectors: either an `EncodedText` each, or float32 of shape (texts, dimension) with rows
of unit length; then each text counts as one token."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of a text's tokens: `bytes` (2-d, int8) times the token's own scale (1-d)."""

    bytes: NDArray[np.int8]
    scales: Vectors


@dataclass(frozen=True, slots=True)
class TextVectors:
    """All that search knows of a text's meaning.

    `sentence` (1-d, unit length) is as the encoder has it, `meaning` (1-d, unit length) is what the
    metric makes of its features, of no length for an encoder that the metric was not fitted for.
    """

    sentence: Vectors
    meaning: Vectors
    tokens: TokenVectors


def encode_texts(encode: Encode, texts: Sequence[str]) -> list[TextVectors]:
    """Encode, in whichever of its forms the encoder does it."""
    encoded = encode(texts)
    if isinstance(encoded, np.ndarray):
        encoded = [(row, row[None, :]) for row in encoded]
    if not encoded:
        return []
    metric = default_metric()
    firsts = np.stack([first for first, _ in encoded])
    tokens = [quantise(own) for _, own in encoded]
    if metric.fits(firsts.shape[1], encoded[0][1].shape[1]):
        sentences, meanings = metric.sentences(firsts), metric.meanings(firsts)
    else:
        sentences, meanings = firsts, np.zeros((len(firsts), 0), np.float32)
    return [TextVectors(*parts) for parts in zip(sentences, meanings, tokens, strict=True)]


_FORM = 2  # of a packed text; another form is kept beside, not read
_MOST_TOKENS = 96  # the beginning of a long passage; more would cost memory and find little
_ENCODED_AT_ONCE = 256


class PassageVectors(Protocol):
    """Keeps packed vectors by the hash of their text and the fingerprint of the encoder."""

    def find(self, text_hashes: Sequence[str], *, encoder: str) -> Mapping[str, Vectors]:
        """The vectors that are known, by hash of their text."""
        ...

    def put(self, vectors: Mapping[str, Vectors], *, encoder: str) -> None:
        """Keep vectors; the same text again changes nothing."""
        ...


class MemoryVectors:
    """Vectors kept for the life of the process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Vectors] = {}

    def find(self, text_hashes: Sequence[str], *, encoder: str) -> dict[str, Vectors]:
        """The vectors that are known, by hash of their text."""
        known = ((text_hash, self._kept.get((text_hash, encoder))) for text_hash in text_hashes)
        return {text_hash: vector for text_hash, vector in known if vector is not None}

    def put(self, vectors: Mapping[str, Vectors], *, encoder: str) -> None:
        """Keep vectors."""
        for text_hash, vector in vectors.items():
            self._kept[text_hash, encoder] = vector


def text_hash(text: str) -> str:
    """The SHA-256 hex digest that vectors are kept under."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def kept_as(encoder: str) -> str:
    """The name under which vectors of this encoder are kept, in today's form and metric."""
    return f"{encoder}-{_FORM}-{default_metric().fingerprint}"


def find_or_encode(
    texts: Sequence[str], *, encode: Encode, kept: PassageVectors, encoder: str
) -> list[TextVectors]:
    """The texts' vectors, in order; what `kept` does not know is encoded and put there."""
    name = kept_as(encoder)
    hashes = [text_hash(text) for text in texts]
    packed = dict(kept.find(list(dict.fromkeys(hashes)), encoder=name))
    missing = {h: text for h, text in zip(hashes, texts, strict=True) if h not in packed}
    for start in range(0, len(missing), _ENCODED_AT_ONCE):
        part = list(missing)[start : start + _ENCODED_AT_ONCE]
        encoded = encode_texts(encode, [missing[h] for h in part])
        new = {h: pack(vectors) for h, vectors in zip(part, encoded, strict=True)}
        kept.put(new, encoder=name)
        packed.update(new)
    return [unpack(packed[h]) for h in hashes]


def quantise(tokens: Vectors) -> TokenVectors:
    """Token vectors (2-d), the first of many, with a byte a number."""
    rows = np.asarray(tokens[:_MOST_TOKENS], np.float32)
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-9) / 127
    return TokenVectors(np.rint(rows / scales[:, None]).astype(np.int8), scales)


def pack(vectors: TextVectors) -> Vectors:
    """One row to keep: four sizes, the two vectors, the tokens' scales and bytes."""
    count, size = vectors.tokens.bytes.shape
    flat = vectors.tokens.bytes.ravel()
    filled = np.concatenate([flat, np.zeros(-len(flat) % 4, np.int8)]).view(np.float32)
    sizes = np.array([len(vectors.sentence), len(vectors.meaning), count, size], np.float32)
    parts = [sizes, vectors.sentence, vectors.meaning, vectors.tokens.scales, filled]
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def unpack(packed: Vectors) -> TextVectors:
    """What was packed."""
    sentence, meaning, count, size = packed[:4].astype(np.int64).tolist()
    first = 4 + sentence
    second = first + meaning
    third = second + count
    flat = packed[third:].view(np.int8)[: count * size]
    return TextVectors(
        packed[4:first],
        packed[first:second],
        TokenVectors(flat.reshape(count, size), packed[second:third]),
    )
