"""Vectors of passages, by the text that was encoded and the encoder that did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.upsert import insert_missing

_v = tables.passage_vectors.c
_CHUNK = 500


class Vectors:
    """Keeps unit vectors (float32), so that nothing is encoded twice by any process."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, text_hashes: Sequence[str], *, encoder: str) -> dict[str, NDArray[np.float32]]:
        """The vectors that are known, by hash of their text."""
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(text_hashes), _CHUNK):
            part = text_hashes[start : start + _CHUNK]
            query = select(_v.text_hash, _v.vector).where(
                _v.encoder == encoder, _v.text_hash.in_(part)
            )
            for text_hash, vector in self._session.execute(query).all():
                found[text_hash] = np.frombuffer(vector, dtype=np.float32)
        return found

    def put(self, vectors: Mapping[str, NDArray[np.float32]], *, encoder: str) -> None:
        """Keep vectors; the same text again changes nothing."""
        rows = [
            {
                "text_hash": text_hash,
                "encoder": encoder,
                "vector": np.ascontiguousarray(vector, dtype=np.float32).tobytes(),
            }
            for text_hash, vector in vectors.items()
        ]
        insert_missing(self._session, tables.passage_vectors, rows)
