"""Limits that several machines count together; without Redis each counts by itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import redis

from tests.webapp.site import make_site
from webapp.db.database import Database

pytestmark = pytest.mark.redis
TOO_MANY = 429


@pytest.fixture
def redis_url() -> str:
    """An empty database of the server that .ci/run started."""
    url = os.environ.get("JIEDAI_TEST_REDIS_URL")
    if url is None:
        pytest.skip("JIEDAI_TEST_REDIS_URL is not set: no Redis server to count in")
    with redis.Redis.from_url(url) as server:
        server.flushdb()
    return url


def open_conversation(database: Database, folder: Path, url: str) -> int:
    """One machine of an installation opens a conversation; the status of its answer."""
    site = make_site(database, folder, redis_url=url, limit_conversations="2/hour")
    return site.app.test_client().post("/api/v1/widget/conversations", json={}).status_code


def test_two_machines_count_an_address_together(
    sqlite_db: Database, tmp_path: Path, redis_url: str
) -> None:
    seen = [open_conversation(sqlite_db, tmp_path, redis_url) for _ in range(3)]
    assert seen == [201, 201, TOO_MANY]


def test_a_redis_that_is_down_does_not_close_the_shop(sqlite_db: Database, tmp_path: Path) -> None:
    assert open_conversation(sqlite_db, tmp_path, "redis://127.0.0.1:1/0") == 201
