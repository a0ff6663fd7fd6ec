"""Database: opens transactions for reading and for writing on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from webapp.db.engine import WRITES, make_engine, unavailable
from webapp.db.errors import EditConflict
from webapp.db.work import Work


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class Database:
    """The one way to the stores.

    `write` takes the write lock at once on SQLite (`BEGIN IMMEDIATE`), so that two writers wait
    for each other instead of failing; keep what happens inside short and free of network calls.
    Both raise StoreUnavailable when the database is gone, full or busy, and recover by
    themselves once it is back.
    """

    def __init__(
        self, url: str, *, read_only: bool = False, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.url = url
        self.engine: Engine = make_engine(url, read_only=read_only)
        self._writing = self.engine.execution_options(**{WRITES: True})
        self._clock = clock

    @contextmanager
    def write(self) -> Iterator[Work]:
        """A transaction that commits at the end of the block and rolls back on any exception.

        Raises StoreUnavailable, and EditConflict when a row was changed in between.
        """
        with (
            _translated(),
            Session(self._writing, expire_on_commit=False, autoflush=True) as session,
        ):
            work = Work(session, clock=self._clock)
            # SQLite and PostgreSQL both begin lazily: take the lock before anything is read.
            session.connection()
            yield work
            work.finish()
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One consistent view of the data; what is changed inside is thrown away."""
        with _translated(), Session(self.engine, autoflush=False) as session:
            yield Work(session, clock=self._clock)
            session.expunge_all()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StaleDataError as error:
        raise EditConflict("Somebody else changed this in between; fetch it again.") from error
    except SQLAlchemyError as error:
        gone = unavailable(error)
        if gone is None:
            raise
        raise gone from error
