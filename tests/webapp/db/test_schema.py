"""Migrations: from nothing to today's tables and back."""

from __future__ import annotations

import pytest

from webapp.db import schema
from webapp.db.errors import StoreOutdated, StoreUnavailable


def test_upgrading_an_empty_database_gives_exactly_the_tables_of_the_code(
    database_url: str,
) -> None:
    schema.upgrade(database_url)

    assert schema.differences(database_url) == []
    assert schema.current(database_url) == schema.newest()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    schema.upgrade(database_url)
    schema.upgrade(database_url)

    assert schema.differences(database_url) == []


def test_downgrading_to_nothing_removes_every_table(database_url: str) -> None:
    schema.upgrade(database_url)
    schema.downgrade(database_url, to="base")

    assert schema.current(database_url) is None
    assert len(schema.differences(database_url)) > 15


def test_an_empty_database_is_refused_with_the_remedy(postgres_url: str) -> None:
    with pytest.raises(StoreOutdated, match="jiedai init"):
        schema.check_current(postgres_url)


def test_a_missing_sqlite_file_is_an_error_and_not_an_empty_database(sqlite_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"):
        schema.current(sqlite_url)
