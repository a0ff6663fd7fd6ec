"""Vectors of passages, by the text that was encoded and the encoder that did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.counters import read_counter, set_counter
from webapp.db.upsert import insert_missing

_v = tables.passage_vectors.c
_u = tables.unused_vectors.c
_CHUNK = 500
_LOOK = "vectors_looked_on"

Key = tuple[str, str]
"""What a vector is kept under: the hash of its text, and the encoder."""


@dataclass(frozen=True, slots=True)
class KeptVector:
    """That a vector is kept, and whether it is noted as one that nothing needs."""

    key: Key
    noted: bool


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
        """Keep vectors; the same text again changes nothing but that it is used."""
        rows = [
            {
                "text_hash": text_hash,
                "encoder": encoder,
                "vector": np.ascontiguousarray(vector, dtype=np.float32).tobytes(),
            }
            for text_hash, vector in vectors.items()
        ]
        # First, so that who removes unused ones is waited for, and what he removed is missing.
        self.note_used(list(vectors), encoder=encoder)
        insert_missing(self._session, tables.passage_vectors, rows)

    def kept(self, *, after: Key, limit: int) -> list[KeptVector]:
        """What is kept, by key, from the one after this on."""
        here = (_v.text_hash == _u.text_hash) & (_v.encoder == _u.encoder)
        query = (
            select(_v.text_hash, _v.encoder, _u.since)
            .join_from(tables.passage_vectors, tables.unused_vectors, here, isouter=True)
            .where(tuple_(_v.text_hash, _v.encoder) > tuple_(*after))
            .order_by(_v.text_hash, _v.encoder)
            .limit(limit)
        )
        rows = self._session.execute(query).all()
        return [KeptVector((row[0], row[1]), noted=row[2] is not None) for row in rows]

    def noted(self, text_hashes: Sequence[str], *, encoder: str) -> list[str]:
        """Which of these texts' vectors are noted as what nothing needs."""
        found: list[str] = []
        for start in range(0, len(text_hashes), _CHUNK):
            part = text_hashes[start : start + _CHUNK]
            query = select(_u.text_hash).where(_u.encoder == encoder, _u.text_hash.in_(part))
            found += self._session.scalars(query)
        return found

    def note_unused(self, keys: Sequence[Key], *, now: datetime) -> None:
        """Note that nothing needs these; for those that are noted already it changes nothing."""
        rows = [{"text_hash": text, "encoder": encoder, "since": now} for text, encoder in keys]
        insert_missing(self._session, tables.unused_vectors, rows)

    def note_used(self, text_hashes: Sequence[str], *, encoder: str) -> None:
        """Take them off the list of what is not needed: whoever removes that is waited for, and
        leaves them alone from now on."""
        ordered = sorted(text_hashes)
        for start in range(0, len(ordered), _CHUNK):
            part = ordered[start : start + _CHUNK]
            noted = select(_u.text_hash).where(_u.encoder == encoder, _u.text_hash.in_(part))
            # In one order, so that two never wait for each other.
            locked = noted.order_by(_u.text_hash).with_for_update()
            used = self._session.scalars(locked).all()
            if used:
                self._session.execute(
                    delete(tables.unused_vectors).where(
                        _u.encoder == encoder, _u.text_hash.in_(used)
                    )
                )

    def remove_unused(self, *, before: datetime, limit: int) -> int:
        """Remove what nothing has needed since then, the oldest first, but not what somebody is
        taking off the list at this moment; returns how many."""
        oldest = (
            select(_u.text_hash, _u.encoder)
            .where(_u.since < before)
            .order_by(_u.since)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        gone: dict[str, list[str]] = {}
        for text_hash, encoder in self._session.execute(oldest):
            gone.setdefault(encoder, []).append(text_hash)
        for encoder, hashes in gone.items():
            of_these = (_v.encoder == encoder) & _v.text_hash.in_(hashes)
            self._session.execute(delete(tables.passage_vectors).where(of_these))
            self.note_used(hashes, encoder=encoder)
        return sum(map(len, gone.values()))

    def looked_on(self) -> date | None:
        """The day on which what nothing needs was looked for last."""
        day = read_counter(self._session, _LOOK)
        return date.fromordinal(day) if day else None

    def note_look(self, day: date) -> None:
        """Note that it was looked for on this day."""
        set_counter(self._session, _LOOK, day.toordinal())
