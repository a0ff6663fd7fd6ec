"""A running stream for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webapp.delivery.house import House, running
from webapp.db.database import Database


@pytest.fixture
def house(sqlite_db: Database, tmp_path: Path) -> Iterator[House]:
    yield from running(sqlite_db, tmp_path)
