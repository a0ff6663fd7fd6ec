"""Near vectors: the keys' vectors in PostgreSQL with pgvector, for all processes together.

A key's row is known by the first 64 bits of its text's SHA-256, so that every process and machine
names it alike, also after it was removed and came back. Each space (encoder and metric) has a table
of its own; rows that nothing needs are noted in a second one, and removed later. The
tables are not part of the migrations: they hold nothing that cannot be made again from
`passage_vectors`, and only an installation with `vector_index = pgvector` has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Float,
    Select,
    String,
    any_,
    cast,
    column,
    delete,
    exists,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

PREFIX = "near_vectors_"
"""How the tables' names begin."""

LEAST_VERSION = (0, 8)
"""Of pgvector: from then on a search goes on until enough is found."""

MOST_DIMENSIONS = 2000
"""As many as pgvector's graph takes."""

_DDL_LOCK = 8_217_340_051
_LEAST_EF, _MOST_EF = 400, 1000
_LINKS, _BUILDING = 32, 120
_SEARCHING = {
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "2147483647",
    "hnsw.scan_mem_multiplier": "8",
    "jit": "off",
}


@dataclass(frozen=True, slots=True)
class Extension:
    """What the server has of pgvector: the version that could be and the one that is installed in
    this database, and whether this user may install it."""

    available: str | None
    installed: str | None
    may_create: bool

    @property
    def version(self) -> tuple[int, ...]:
        """The version that is installed, or would be."""
        found = self.installed or self.available or "0"
        return tuple(int(part) for part in found.split(".") if part.isdecimal())


def extension(session: Session) -> Extension:
    """What there is of pgvector on this PostgreSQL."""
    row = session.execute(
        text(
            "SELECT"
            " (SELECT default_version FROM pg_available_extensions WHERE name = 'vector'),"
            " (SELECT extversion FROM pg_extension WHERE extname = 'vector'),"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR ("
            "  has_database_privilege(current_database(), 'CREATE') AND EXISTS ("
            "   SELECT FROM pg_available_extension_versions WHERE name = 'vector' AND trusted))"
        )
    ).one()
    return Extension(row[0], row[1], bool(row[2]))


def table_of(space: str, dimension: int) -> str:
    """The name of a space's table."""
    return PREFIX + sha256(f"{space}\n{dimension}".encode()).hexdigest()[:16]


def tables(session: Session) -> list[str]:
    """The tables of every space that ever was, by name."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    names = session.scalars(text(query + " AND tablename LIKE :prefix"), {"prefix": f"{PREFIX}%"})
    return sorted(name for name in names if not name.endswith("_unused"))


def is_of(session: Session, table: str, spaces: Sequence[str]) -> bool:
    """Whether a table is that of one of these spaces."""
    dimension = session.scalar(
        text(
            "SELECT atttypmod FROM pg_attribute"
            " WHERE attrelid = to_regclass(:table) AND attname = 'vector'"
        ),
        {"table": table},
    )
    return dimension is not None and table in {table_of(one, dimension) for one in spaces}


def ids_of(hashes: Sequence[str]) -> Ids:
    """The ids of the texts with these SHA-256 hex digests."""
    begins = b"".join(bytes.fromhex(one[:16]) for one in hashes)
    return np.frombuffer(begins, ">i8").astype(np.int64)


class _Vector(UserDefinedType[str]):
    """pgvector's type, in the form that it is written in."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        """How SQL names it."""
        return "vector"


class NearVectors:
    """One space's vectors, within a transaction."""

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self._name = name
        self._kept = table(name, column("id", BigInteger), column("vector", _Vector))
        since = column("since", DateTime(timezone=True))
        self._unused = table(f"{name}_unused", column("id", BigInteger), since)

    def prepare(self, dimension: int) -> None:
        """Install the extension and make the tables, where they are missing."""
        # "IF NOT EXISTS" alone fails when two processes begin at the same moment.
        self._session.execute(select(func.pg_advisory_xact_lock(_DDL_LOCK)))
        self._define("CREATE EXTENSION IF NOT EXISTS vector")
        self._define(
            f"CREATE TABLE IF NOT EXISTS {self._name}"
            f" (id bigint PRIMARY KEY, vector vector({dimension}) NOT NULL)"
        )
        # Apart: to note something in a row would mean a new version of it in the graph.
        self._define(
            f"CREATE TABLE IF NOT EXISTS {self._name}_unused"
            " (id bigint PRIMARY KEY, since timestamptz NOT NULL)"
        )

    def add(self, ids: Ids, vectors: Vectors) -> int:
        """Keep the vectors (2-d) that are not there, and none of them is unused any more; returns
        how many were new. Ids may repeat."""
        ids, first = np.unique(ids, return_index=True)
        # First, so that who removes unused ones is waited for, and what he removed is missing.
        self._session.execute(delete(self._unused).where(self._unused.c.id == _any(ids)))
        wanted = _rows(ids)
        there = exists().where(self._kept.c.id == wanted)
        missing = self._session.scalars(select(wanted).where(~there)).all()
        if missing:
            new = np.searchsorted(ids, np.sort(np.array(missing, np.int64)))
            self._copy(ids[new], vectors[first[new]])
        return len(missing)

    def nearest(self, vector: Vectors, *, limit: int) -> tuple[Ids, Vectors]:
        """The nearest of all, about by nearness, and their inner products; fewer than `limit` when
        there are no more, or when the way to them is too long."""
        values = {**_SEARCHING, "hnsw.ef_search": str(min(max(limit, _LEAST_EF), _MOST_EF))}
        self._session.execute(
            select(*(func.set_config(name, value, True) for name, value in values.items()))
        )
        distance = self._distance(vector)
        return self._found(select(self._kept.c.id, -distance).order_by(distance).limit(limit))

    def among(self, vector: Vectors, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of these ids that are there, in any order, and their inner products; exact."""
        here = select(self._kept.c.id, -self._distance(vector))
        return self._found(here.where(self._kept.c.id == _any(ids)))

    def count(self) -> int:
        """How many vectors there are."""
        return self._session.scalar(select(func.count()).select_from(self._kept)) or 0

    def note_unused(self, wanted: Ids, *, now: datetime) -> None:
        """Note which vectors nobody wants, and since when."""
        ids = np.unique(wanted)
        self._session.execute(delete(self._unused).where(self._unused.c.id == _any(ids)))
        one = _rows(ids)
        unwanted = (
            select(self._kept.c.id, literal(now, DateTime(timezone=True)))
            .where(~exists().where(one == self._kept.c.id))
            .order_by(self._kept.c.id)
        )
        noted = insert(self._unused).from_select(["id", "since"], unwanted)
        self._session.execute(noted.on_conflict_do_nothing(index_elements=["id"]))

    def remove_unused(self, *, before: datetime) -> int:
        """Remove what nobody has wanted since then; returns how many."""
        old = delete(self._unused).where(self._unused.c.since < before)
        gone = old.returning(self._unused.c.id).cte("gone")
        removed = delete(self._kept).where(self._kept.c.id == gone.c.id)
        return len(self._session.execute(removed.returning(self._kept.c.id)).all())

    def drop(self) -> None:
        """Remove the tables."""
        self._define(f"DROP TABLE {self._name}, {self._name}_unused")

    def _copy(self, ids: Ids, vectors: Vectors) -> None:
        """Insert sorted rows, in PostgreSQL's binary form: thousands in a few milliseconds."""
        size = vectors.shape[1]
        row = np.dtype(
            [
                ("fields", ">i2"), ("id_bytes", ">i4"), ("id", ">i8"), ("vector_bytes", ">i4"),
                ("dimension", ">i2"), ("unused", ">i2"), ("numbers", ">f4", (size,)),
            ]
        )  # fmt: skip
        rows = np.zeros(len(ids), row)
        rows["fields"], rows["id_bytes"], rows["vector_bytes"] = 2, 8, 4 + 4 * size
        rows["id"], rows["dimension"], rows["numbers"] = ids, size, vectors
        name = f"{self._name}_incoming"
        self._define(
            f"CREATE TEMPORARY TABLE {name} (id bigint, vector vector({size})) ON COMMIT DROP"
        )
        driver = self._session.connection().connection.driver_connection
        if driver is None:
            raise RuntimeError("The transaction has lost its connection.")
        statement = f"COPY {name} FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff")
        incoming = table(name, column("id", BigInteger), column("vector", _Vector))
        sent = select(incoming.c.id, incoming.c.vector).order_by(incoming.c.id)
        new = insert(self._kept).from_select(["id", "vector"], sent)
        self._session.execute(new.on_conflict_do_nothing(index_elements=["id"]))
        self._define(f"DROP TABLE {name}")

    def _distance(self, vector: Vectors) -> ColumnElement[float]:
        """The negative inner product: pgvector's graph takes distances."""
        written = cast(literal(str(vector.tolist()), String), _Vector)
        return self._kept.c.vector.op("<#>", return_type=Float())(written)

    def _found(self, query: Select[Any]) -> tuple[Ids, Vectors]:
        rows = self._session.execute(query).all()
        found = np.array([row[0] for row in rows], np.int64)
        return found, np.array([row[1] for row in rows], np.float32)

    def _define(self, statement: str) -> None:
        self._session.execute(text(statement))


def _any(ids: Ids) -> Any:
    return any_(literal(ids.tolist(), ARRAY(BigInteger)))


def _rows(ids: Ids) -> Any:
    return func.unnest(literal(ids.tolist(), ARRAY(BigInteger))).column_valued("wanted")


def graph_statements(table: str, *, rows: int, dimension: int) -> tuple[str, ...]:
    """What builds the graph over a table, beside searches and writes; each is to run outside of a
    transaction. One that was left half-built is removed first."""
    megabytes = min(2048, max(64, rows * (4 * dimension + 12 * _LINKS + 200) * 5 // 4_000_000))
    return (
        f"SET maintenance_work_mem = '{megabytes}MB'",
        # Several workers need shared memory, of which a container has little.
        "SET max_parallel_maintenance_workers = 0",
        f"DROP INDEX IF EXISTS {table}_graph",
        f"CREATE INDEX CONCURRENTLY {table}_graph ON {table} USING hnsw (vector vector_ip_ops)"
        f" WITH (m = {_LINKS}, ef_construction = {_BUILDING})",
        f"ANALYZE {table}",
        "RESET maintenance_work_mem",
        "RESET max_parallel_maintenance_workers",
    )


def has_graph(session: Session, table: str) -> bool:
    """Whether the table's graph is there and whole."""
    valid = session.scalar(
        text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"),
        {"name": f"{table}_graph"},
    )
    return bool(valid)
