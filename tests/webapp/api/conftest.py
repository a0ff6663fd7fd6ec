"""Applications to call: one for each test, and one for a whole module that only looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webapp.site import Site, make_site
from webapp.db import schema
from webapp.db.database import Database


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
