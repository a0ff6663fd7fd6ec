"""Makes the SQLAlchemy engine: pragmas, transaction control, and which errors mean 'try later'."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.db.errors import StoreError, StoreOutdated, StoreUnavailable

WRITES = "jiedai_writes"
BUSY_SECONDS = 10

_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, transaction
# rollback (deadlock), resources (disk full, too many connections), operator intervention.
_POSTGRES_UNAVAILABLE = ("08", "40", "53", "57", "58", "25006", "55P03")

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A customer's message is acknowledged after commit, so a commit must survive a power cut.
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA journal_size_limit=67108864",
)


def make_engine(url: str, *, read_only: bool = False, create: bool = False) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`.

    A SQLite file must exist unless `create`: a missing file is an error, never an empty database.
    Raises StoreError for an address that is neither.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(Path(parsed.database or ""), read_only=read_only, create=create)
    if backend == "postgresql":
        options = "-c default_transaction_read_only=on" if read_only else ""
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=20,
            pool_timeout=BUSY_SECONDS,
            connect_args={"connect_timeout": 3, "options": options},
        )
    raise StoreError(
        f"JIEDAI_DATABASE_URL names {backend!r}; use sqlite:///<file> or postgresql://…"
    )


def unavailable(error: SQLAlchemyError) -> StoreError | None:
    """What a database error means for the caller; None when it is a mistake in this program."""
    if isinstance(error, PoolTimeout):
        return StoreUnavailable("Every database connection is in use; try again.")
    if not isinstance(error, DBAPIError):
        return None
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite_meaning(original)
    if isinstance(original, psycopg.Error):
        return _postgres_meaning(original, disconnected=error.connection_invalidated)
    return None


def _sqlite_meaning(error: sqlite3.Error) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_UNAVAILABLE:
        return StoreUnavailable(f"The database cannot be used now ({error}).")
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(error):
        return StoreOutdated(f"{error}: run `jiedai init --data DIR` to bring the tables up.")
    return None


def _postgres_meaning(error: psycopg.Error, *, disconnected: bool) -> StoreError | None:
    state = error.sqlstate or ""
    if disconnected or not state or state.startswith(_POSTGRES_UNAVAILABLE):
        return StoreUnavailable(f"The database cannot be used now ({type(error).__name__}).")
    if state == "42P01":
        return StoreOutdated("A table is missing: run `jiedai init --data DIR`.")
    return None


def _sqlite(path: Path, *, read_only: bool, create: bool) -> Engine:
    mode = "rwc" if create else "rw"
    engine = create_engine(
        f"sqlite:///file:{path}?mode={mode}&uri=true",
        # isolation_level None: SQLAlchemy's `begin` event below says when a transaction begins;
        # the driver's own way begins only at the first write, so that reads are not repeatable.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
        pool_size=10,
        max_overflow=20,
        pool_timeout=BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()
        entry.info["inode"] = _inode(path)

    @event.listens_for(engine, "checkout")
    def checkout(connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: Any) -> None:
        # A connection to a file that was moved away would take writes that nobody finds again.
        if entry.info.get("inode") != _inode(path):
            raise DisconnectionError(f"{path} is not the file that was opened.")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
