"""Vectors of passages, by the text that was encoded and the encoder that did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.upsert import insert_missing

_v = tables.passage_vectors.c
_u = tables.unused_vectors.c
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

    def hashes(self) -> set[str]:
        """The texts of which something is kept, by their hash."""
        return set(self._session.scalars(select(_v.text_hash).distinct()))

    def unused(self) -> set[str]:
        """Those that were noted as not needed."""
        return set(self._session.scalars(select(_u.text_hash)))

    def note_unused(self, text_hashes: Sequence[str], *, now: datetime) -> None:
        """Note that nothing needs these; for those that are noted already it changes nothing."""
        rows = [{"text_hash": text_hash, "since": now} for text_hash in text_hashes]
        insert_missing(self._session, tables.unused_vectors, rows)

    def note_used(self, text_hashes: Sequence[str]) -> None:
        """Take them off the list of what is not needed."""
        for start in range(0, len(text_hashes), _CHUNK):
            part = text_hashes[start : start + _CHUNK]
            self._session.execute(delete(tables.unused_vectors).where(_u.text_hash.in_(part)))

    def remove_unused(self, *, before: datetime, limit: int) -> int:
        """Remove what nothing has needed since then, the oldest first; returns how many texts."""
        oldest = select(_u.text_hash).where(_u.since < before).order_by(_u.since).limit(limit)
        gone = list(self._session.scalars(oldest))
        self._session.execute(delete(tables.passage_vectors).where(_v.text_hash.in_(gone)))
        self.note_used(gone)
        return len(gone)
