"""Search by meaning in PostgreSQL: the keys' vectors are there once, not in every process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Thread

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from knowledge.errors import VectorIndexUnavailable
from knowledge.vector_index import VectorIndex
from knowledge.vectors import Vectors
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.engine import unavailable
from webapp.db.errors import StoreOutdated, VectorsMissing
from webapp.db.near_vectors import Extension, Ids, NearVectors
from webapp.logs import get_logger

_log = get_logger(__name__)

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

FEW = 4_000
"""Allowed keys: of as many or fewer each is compared, which is exact."""

MANY = 20_000
"""Vectors from which on a graph is worth building; fewer are quick to look at one by one."""

_GRAPH_LOCK = 8_217_340_052


class NoPgvector(VectorIndexUnavailable):
    """The database cannot search vectors; the message names the remedy."""


class PgvectorIndexes:
    """Keeps `knowledge.vector_index.VectorIndexes`' promise with pgvector."""

    def __init__(self, db: Database) -> None:
        """Raises NoPgvector and StoreUnavailable."""
        check_pgvector(db)
        self._db = db
        self._dimensions: dict[str, int] = {}
        self._building: Thread | None = None

    def make(self, vectors: Vectors, hashes: Sequence[str], *, space: str) -> VectorIndex:
        """Store what is not there yet of the vectors; only their ids stay in this process."""
        dimension = vectors.shape[1]
        if dimension > near_vectors.MOST_DIMENSIONS:
            raise NoPgvector(
                f"This encoder's vectors have {dimension} numbers, pgvector's graph takes "
                f"{near_vectors.MOST_DIMENSIONS}: set JIEDAI_VECTOR_INDEX=auto."
            )
        table = near_vectors.table_of(space, dimension)
        if table not in self._dimensions:
            with self._db.write() as work:
                NearVectors(work.session, table).prepare(dimension)
            self._dimensions[table] = dimension
        ids = near_vectors.ids_of(hashes)
        with self._db.write() as work:
            NearVectors(work.session, table).add(ids, vectors)
        return _Keys(self, table, ids)

    def search(
        self,
        indexes: Sequence[VectorIndex],
        vector: Vectors,
        *,
        limit: int,
        allowed: Sequence[Flags],
    ) -> list[tuple[Places, Vectors]]:
        """Search several segments' keys with one question to the database.

        What may be found is settled before, as flags; few allowed keys are compared one by one.
        Of many the graph is walked until `limit` allowed ones are found, and when the walk ends
        before that, each allowed one is compared after all.
        """
        keys = [index for index in indexes if isinstance(index, _Keys)]
        if not keys:
            return []
        count = sum(int(np.count_nonzero(flags)) for flags in allowed)
        share = count / max(sum(len(flags) for flags in allowed), 1)
        with self._reading(keys[0].table) as stored:
            if count > FEW:
                most = int(limit / share * 1.5) + limit
                while most * 4 < count:
                    found = _in_segments(keys, allowed, *stored.nearest(vector, limit=most))
                    if sum(len(places) for places, _ in found) >= limit:
                        return found
                    most *= 4
            ids = [one.ids[flags] for one, flags in zip(keys, allowed, strict=True)]
            wanted = np.unique(np.concatenate(ids))
            near, similar = stored.among(vector, wanted)
            _must_be_all(near, wanted)
            return _in_segments(keys, allowed, near, similar, limit=limit)

    def similar(self, table: str, vector: Vectors, ids: Ids) -> Vectors:
        """The inner products of a vector with those of these ids; raises VectorsMissing."""
        wanted = np.unique(ids)
        with self._reading(table) as stored:
            found, values = stored.among(vector, wanted)
        _must_be_all(found, wanted)
        order = np.argsort(found)
        similar: Vectors = values[order][np.searchsorted(found[order], ids)]
        return similar

    def finish(self) -> None:
        """Build the graph where there are many vectors and it is missing: beside, since it takes
        minutes, and searches are exact meanwhile."""
        if self._building is not None and self._building.is_alive():
            return
        missing = []
        for table, dimension in self._dimensions.items():
            with self._db.read() as work:
                count = NearVectors(work.session, table).count()
                if count >= MANY and not near_vectors.has_graph(work.session, table):
                    missing.append((table, dimension, count))
        if missing:
            build = partial(self._build_graphs, missing)
            self._building = Thread(target=build, name="graph", daemon=True)
            self._building.start()

    def settle(self) -> None:
        """Wait until what is built beside is there."""
        if self._building is not None:
            self._building.join()

    def _build_graphs(self, missing: Sequence[tuple[str, int, int]]) -> None:
        for table, dimension, count in missing:
            self._build_graph(table, dimension, count)

    def _build_graph(self, table: str, dimension: int, count: int) -> None:
        autocommit = self._db.engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            with autocommit.connect() as connection:
                lock = {"lock": _GRAPH_LOCK}
                if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), lock):
                    return  # another process is at it
                try:
                    _log.info("knowledge.graph_begun", vectors=count)
                    for statement in near_vectors.graph_statements(
                        table, rows=count, dimension=dimension
                    ):
                        connection.execute(text(statement))
                    _log.info("knowledge.graph_built", vectors=count)
                finally:
                    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), lock)
        except SQLAlchemyError as error:
            # Searches are exact without it, and the next start tries again.
            _log.warning("knowledge.graph_failed", reason=str(unavailable(error) or error))

    @contextmanager
    def _reading(self, table: str) -> Iterator[NearVectors]:
        try:
            with self._db.read() as work:
                yield NearVectors(work.session, table)
        except StoreOutdated as error:
            self._dimensions.pop(table, None)
            raise VectorsMissing("The table of vectors is gone; it is made anew.") from error


class _Keys:
    """The keys of one segment: ids in their order, and sorted to find them by."""

    def __init__(self, indexes: PgvectorIndexes, table: str, ids: Ids) -> None:
        self._indexes = indexes
        self._order = np.argsort(ids, kind="stable").astype(np.int32)
        self._sorted = ids[self._order]
        self.table = table
        self.ids = ids

    def search(self, vector: Vectors, *, limit: int, allowed: Flags) -> Places:
        """See `VectorIndex`."""
        [(places, _)] = self._indexes.search([self], vector, limit=limit, allowed=[allowed])
        return places[:limit]

    def similar(self, vector: Vectors, places: Places) -> Vectors:
        """See `VectorIndex`."""
        return self._indexes.similar(self.table, vector, self.ids[places])

    def places_of(self, ids: Ids) -> tuple[Places, Places]:
        """The places of the keys with these ids, and for each which of the ids it has; one text
        may be the key of several passages."""
        begins = np.searchsorted(self._sorted, ids, side="left")
        counts = np.searchsorted(self._sorted, ids, side="right") - begins
        which = np.repeat(np.arange(len(ids)), counts)
        within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._order[begins[which] + within].astype(np.int64), which


def check_pgvector(db: Database) -> str:
    """The version of pgvector that serves this database.

    Raises NoPgvector, with the remedy, and StoreUnavailable.
    """
    kind = db.engine.dialect.name
    if kind != "postgresql":
        raise NoPgvector(
            f"JIEDAI_VECTOR_INDEX=pgvector needs PostgreSQL, and the database is {kind}: "
            "set JIEDAI_DATABASE_URL to one, or JIEDAI_VECTOR_INDEX=auto."
        )
    with db.read() as work:
        return judge(near_vectors.extension(work.session))


def judge(found: Extension) -> str:
    """The version that will do; raises NoPgvector, with the remedy, where none will."""
    least = ".".join(map(str, near_vectors.LEAST_VERSION))
    if found.installed is None and found.available is None:
        raise NoPgvector(
            f"This PostgreSQL has no pgvector: install its package on the database's machine "
            f"(postgresql-NN-pgvector, {least} or newer), or set JIEDAI_VECTOR_INDEX=auto."
        )
    if found.version < near_vectors.LEAST_VERSION:
        raise NoPgvector(
            f"pgvector is {found.installed or found.available}, {least} or newer is needed: "
            "install it and run ALTER EXTENSION vector UPDATE, or set JIEDAI_VECTOR_INDEX=auto."
        )
    if found.installed is None and not found.may_create:
        raise NoPgvector(
            "pgvector is not installed in this database, and its user may not do it: let an "
            "administrator run CREATE EXTENSION vector there, or set JIEDAI_VECTOR_INDEX=auto."
        )
    return found.installed or f"{found.available}, to be installed"


def _in_segments(
    keys: Sequence[_Keys],
    allowed: Sequence[Flags],
    ids: Ids,
    similar: Vectors,
    *,
    limit: int | None = None,
) -> list[tuple[Places, Vectors]]:
    """What the database found as places of each segment, allowed ones only, nearest first; with a
    limit only as many of all as are the nearest."""
    found = []
    for one, flags in zip(keys, allowed, strict=True):
        places, which = one.places_of(ids)
        chosen = flags[places]
        places, values = places[chosen], similar[which[chosen]]
        order = np.argsort(-values, kind="stable")[:limit]
        found.append((places[order], values[order]))
    return found


def _must_be_all(found: Ids, wanted: Ids) -> None:
    if len(found) < len(wanted):
        raise VectorsMissing(
            f"{len(wanted) - len(found)} vectors are missing in the database; they are put back."
        )
