"""Search by meaning: vectors kept by text, and an index over them that can be exchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
EncodedText = tuple[Vectors, Vectors]
"""A text's own vector (1-d), and those of its tokens (2-d), all of unit length."""

Encode = Callable[[Sequence[str]], Vectors | Sequence[EncodedText]]
"""Texts to vectors: either an `EncodedText` each, or float32 of shape (texts, dimension) with rows
of unit length; then each text counts as one token."""


def encode_texts(encode: Encode, texts: Sequence[str]) -> list[EncodedText]:
    """Encode, whichever of its two forms the encoder has."""
    encoded = encode(texts)
    if isinstance(encoded, np.ndarray):
        return [(row, row[None, :]) for row in encoded]
    return list(encoded)


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


def find_or_encode(
    texts: Sequence[str], *, encode: Encode, kept: PassageVectors, encoder: str
) -> list[EncodedText]:
    """The encoded texts, in order; what `kept` does not know is encoded and put there."""
    hashes = [text_hash(text) for text in texts]
    packed = dict(kept.find(list(dict.fromkeys(hashes)), encoder=encoder))
    missing = {h: text for h, text in zip(hashes, texts, strict=True) if h not in packed}
    for start in range(0, len(missing), _ENCODED_AT_ONCE):
        part = list(missing)[start : start + _ENCODED_AT_ONCE]
        encoded = encode_texts(encode, [missing[h] for h in part])
        new = {h: pack(text) for h, text in zip(part, encoded, strict=True)}
        kept.put(new, encoder=encoder)
        packed.update(new)
    return [unpack(packed[h]) for h in hashes]


def pack(encoded: EncodedText) -> Vectors:
    """One row to keep: the two dimensions, the text's vector, and its first tokens in half
    precision, two in the place of one.
    """
    sentence, tokens = encoded
    halves = tokens[:_MOST_TOKENS].astype(np.float16).ravel()
    if len(halves) % 2:
        halves = np.append(halves, np.float16(0))
    sizes = np.array([len(sentence), tokens.shape[1]], np.float32)
    return np.concatenate([sizes, sentence.astype(np.float32), halves.view(np.float32)])


def unpack(packed: Vectors) -> EncodedText:
    """What was packed."""
    size, token_size = int(packed[0]), int(packed[1])
    halves = np.ascontiguousarray(packed[2 + size :]).view(np.float16)
    count = len(halves) // token_size
    tokens = halves[: count * token_size].reshape(count, token_size)
    return packed[2 : 2 + size], tokens.astype(np.float32)


class VectorIndex(Protocol):
    """Finds the nearest of many unit vectors."""

    def search(
        self, vector: Vectors, *, limit: int, allowed: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Places of the nearest allowed vectors, nearest first; `allowed` has one flag a vector."""
        ...

    def take(self, places: NDArray[np.int64]) -> Vectors:
        """The vectors at these places."""
        ...


class FlatIndex:
    """Exact search by inner product (FAISS), filtered while it searches."""

    def __init__(self, vectors: Vectors) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, np.float32))

    def search(
        self, vector: Vectors, *, limit: int, allowed: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Places of the nearest allowed vectors, nearest first."""
        options = None
        if not allowed.all():
            # The stubs describe the C++ constructors, not the Python ones that faiss puts there.
            bits = np.packbits(allowed, bitorder="little")
            chosen = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
            options = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        row = np.ascontiguousarray(vector[None, :], np.float32)
        _, places = self._index.search(row, min(limit, self._index.ntotal), params=options)
        found: NDArray[np.int64] = places[0][places[0] >= 0]
        return found

    def take(self, places: NDArray[np.int64]) -> Vectors:
        """The vectors at these places."""
        rows: Vectors = self._index.reconstruct_batch(places)
        return rows
