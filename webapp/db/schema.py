"""Brings the database's tables up to date, and says whether they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from webapp.db import near_vectors
from webapp.db.engine import WRITES, make_engine, unavailable
from webapp.db.errors import StoreOutdated
from webapp.db.tables import metadata

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(url: str, *, to: str = "head") -> None:
    """Create or update every table, all steps or none; a SQLite file is made when missing."""
    with _connection(url, create=True) as connection:
        command.upgrade(_config(connection), to)


def downgrade(url: str, *, to: str) -> None:
    """Go back to an earlier step; what that step did not know is lost."""
    with _connection(url) as connection:
        command.downgrade(_config(connection), to)


def newest() -> str:
    """The step this program was written for."""
    head = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    if head is None:
        raise StoreOutdated(f"{_SCRIPTS} holds no migrations; install the program again.")
    return head


def current(url: str) -> str | None:
    """The step that the database is at; None for an empty one."""
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_current(url: str) -> None:
    """Raise StoreOutdated, with the remedy, unless the tables fit this program."""
    found, wanted = current(url), newest()
    if found != wanted:
        raise StoreOutdated(
            f"The database is at step {found or 'none'}, this program needs {wanted}: "
            "stop it, back up, and run `jiedai init --data DIR`."
        )


def differences(url: str) -> list[str]:
    """How the tables differ from what the code expects; empty when they do not."""
    with _connection(url) as connection:
        options = {"compare_type": True, "include_name": _is_migrated}
        context = MigrationContext.configure(connection, opts=options)
        return [repr(difference) for difference in compare_metadata(context, metadata)]


def _is_migrated(name: str | None, kind: str, _parents: object) -> bool:
    """Whether migrations know it: the tables of pgvector are made and removed without them."""
    return kind != "table" or not (name or "").startswith(near_vectors.PREFIX)


@contextmanager
def _connection(url: str, *, create: bool = False) -> Iterator[Connection]:
    engine = make_engine(url, create=create)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        meaning = unavailable(error)
        if meaning is None:
            raise
        raise meaning from error
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
