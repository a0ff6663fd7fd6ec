"""Search by meaning: vectors kept by text, and an index over them that can be exchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Sentences to vectors: float32 of shape (sentences, dimension), rows of unit length."""


class PassageVectors(Protocol):
    """Keeps vectors by the hash of their text and the fingerprint of the encoder."""

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
) -> Vectors:
    """The vectors of the texts, in order; what `kept` does not know is encoded and put there."""
    hashes = [text_hash(text) for text in texts]
    found = dict(kept.find(list(dict.fromkeys(hashes)), encoder=encoder))
    missing = {h: text for h, text in zip(hashes, texts, strict=True) if h not in found}
    if missing:
        rows = encode(list(missing.values()))
        new = dict(zip(missing, rows, strict=True))
        kept.put(new, encoder=encoder)
        found.update(new)
    return np.stack([found[h] for h in hashes]) if hashes else np.zeros((0, 1), np.float32)


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
