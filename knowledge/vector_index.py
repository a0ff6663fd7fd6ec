"""Search by meaning: the nearest of many unit vectors, exactly or nearly so."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.vectors import Vectors

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

_NARROW = 0.15
"""The share of allowed vectors below which a graph is not worth walking: most of its way would
lead over what may not be found, and looking at each allowed one is quick."""

_LINKS, _BUILDING, _SEARCHING = 32, 120, 320
_AUTOMATIC = 30_000  # vectors; looking at each of as many takes a millisecond on one core


class VectorIndexKind(StrEnum):
    """How the nearest vectors are found in memory; `auto` chooses by their number."""

    AUTO = "auto"
    FLAT = "flat"
    HNSW = "hnsw"


class VectorIndex(Protocol):
    """Finds the nearest of many unit vectors: those of one segment."""

    def search(self, vector: Vectors, *, limit: int, allowed: Flags) -> Places:
        """Places of the nearest allowed vectors, nearest first; `allowed` has one flag a vector."""
        ...

    def similar(self, vector: Vectors, places: Places) -> Vectors:
        """The inner products of a vector (1-d) with those at these places."""
        ...


class VectorIndexes(Protocol):
    """Makes the indexes of an installation's segments, and searches several of them at once."""

    def make(self, vectors: Vectors, hashes: Sequence[str], *, space: str) -> VectorIndex:
        """The index of these vectors (2-d, rows of unit length), which the texts with these hashes
        have. Only vectors of one `space` can be compared: it names what made them."""
        ...

    def search(
        self,
        indexes: Sequence[VectorIndex],
        vector: Vectors,
        *,
        limit: int,
        allowed: Sequence[Flags],
    ) -> list[tuple[Places, Vectors]]:
        """For each index, which this made, places and inner products of its nearest allowed
        vectors, nearest first. Together they hold the `limit` nearest of all, at the least."""
        ...

    def finish(self) -> None:
        """Get ready for searches: everything that was to come is in."""
        ...


class IndexesInMemory:
    """Keeps `VectorIndexes`' promise in this process alone, with an index of `kind` a segment."""

    def __init__(self, kind: VectorIndexKind = VectorIndexKind.AUTO) -> None:
        self._kind = kind

    def make(self, vectors: Vectors, hashes: Sequence[str], *, space: str) -> VectorIndex:
        """See `VectorIndexes`."""
        del hashes, space  # nobody else sees these vectors
        return make_vector_index(vectors, self._kind)

    def search(
        self,
        indexes: Sequence[VectorIndex],
        vector: Vectors,
        *,
        limit: int,
        allowed: Sequence[Flags],
    ) -> list[tuple[Places, Vectors]]:
        """See `VectorIndexes`."""
        found = []
        for index, flags in zip(indexes, allowed, strict=True):
            near = index.search(vector, limit=limit, allowed=flags)
            found.append((near, index.similar(vector, near)))
        return found

    def finish(self) -> None:
        """See `VectorIndexes`; each was ready when it was made."""


class FlatIndex:
    """Exact search by inner product (FAISS), filtered while it searches."""

    def __init__(self, vectors: Vectors) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, np.float32))
        self._vectors = _held(self._index)

    def search(self, vector: Vectors, *, limit: int, allowed: Flags) -> Places:
        """Places of the nearest allowed vectors, nearest first."""
        return _search(self._index, vector, limit, None if allowed.all() else allowed, {})

    def similar(self, vector: Vectors, places: Places) -> Vectors:
        """The inner products of a vector with those at these places."""
        values: Vectors = self._vectors[places] @ vector
        return values


class HnswIndex:
    """A graph of near neighbours (Malkov and Yashunin 2016, by FAISS), for many vectors.

    Under a narrow filter it looks at every allowed vector instead, which is exact.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
        self._index.hnsw.efConstruction = _BUILDING
        self._index.add(np.ascontiguousarray(vectors, np.float32))
        self._vectors = _held(faiss.downcast_index(self._index.storage))

    def search(self, vector: Vectors, *, limit: int, allowed: Flags) -> Places:
        """Places of the nearest allowed vectors, nearest first."""
        share = np.count_nonzero(allowed) / max(len(allowed), 1)
        if share < _NARROW:
            places = np.flatnonzero(allowed)
            similar = self._vectors[places] @ vector
            nearest: Places = places[np.argsort(-similar, kind="stable")[:limit]]
            return nearest
        # What may not be found is walked over as well: the narrower the filter, the longer the way.
        options = {"efSearch": int(max(_SEARCHING, 2 * limit) / share**0.5)}
        return _search(self._index, vector, limit, None if share == 1 else allowed, options)

    def similar(self, vector: Vectors, places: Places) -> Vectors:
        """The inner products of a vector with those at these places."""
        values: Vectors = self._vectors[places] @ vector
        return values


def make_vector_index(
    vectors: Vectors, kind: VectorIndexKind = VectorIndexKind.AUTO
) -> VectorIndex:
    """The index of this kind over these vectors (2-d, rows of unit length)."""
    if kind is VectorIndexKind.AUTO:
        many = len(vectors) > _AUTOMATIC
        kind = VectorIndexKind.HNSW if many else VectorIndexKind.FLAT
    return HnswIndex(vectors) if kind is VectorIndexKind.HNSW else FlatIndex(vectors)


def _held(index: Any) -> Vectors:
    """The vectors that FAISS holds, seen without a copy; only as long as the index lives."""
    vectors: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    return vectors.reshape(index.ntotal, index.d)


def _search(
    index: Any,  # FAISS' stubs describe the C++ methods, not the Python ones
    vector: Vectors,
    limit: int,
    allowed: Flags | None,
    options: dict[str, int],
) -> Places:
    if allowed is not None:
        options["sel"] = faiss.IDSelectorBitmap(  # type: ignore[call-arg,assignment]
            np.packbits(allowed, bitorder="little")  # type: ignore[arg-type]
        )
    parameters = None
    if options:
        hnsw = isinstance(index, faiss.IndexHNSWFlat)
        name = "SearchParametersHNSW" if hnsw else "SearchParameters"
        parameters = getattr(faiss, name)(**options)  # the stubs do not have the first
    row = np.ascontiguousarray(vector[None, :], np.float32)
    _, places = index.search(row, min(limit, index.ntotal), params=parameters)
    found: Places = places[0][places[0] >= 0]
    return found
