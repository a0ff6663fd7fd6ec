"""The worker's chore that publishes scheduled texts, with the encoder of the installation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from knowledge.draft import DraftState
from webapp import editing
from webapp.db import tables
from webapp.db.database import Database
from webapp.processes.scheduled import ScheduledTexts
from webapp.processes.worker import Worker
from webapp.releases import RETRIES, Releases
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TIME = NOW + timedelta(hours=2)


@pytest.fixture
def waiting(sqlite_db: Database) -> Database:
    """A database in which one text waits for its time."""
    with sqlite_db.write() as work:
        editing.begin_article(work, "returns", "# 退货\n\n七天内可退。", by="小李", now=NOW)
    Releases(sqlite_db, prepare=lambda articles: None).publish_draft(
        "returns", seen_version=1, by="小李", publish_at=TIME, now=NOW
    )
    return sqlite_db


def worker(db: Database, encoder: Path, folder: Path) -> Worker:
    settings = Settings(data=folder, database_url=db.url, encoder=str(encoder))
    return Worker(db, senders={}, publish_due=ScheduledTexts(db, settings))


def test_the_worker_publishes_a_text_at_its_time_with_its_vectors(
    waiting: Database, tmp_path: Path
) -> None:
    one = worker(waiting, ROOT / "models" / "encoder", tmp_path)
    one.do_due(TIME - timedelta(seconds=2))
    with waiting.read() as work:
        assert work.articles.published() == []

    one.do_due(TIME)

    with waiting.read() as work:
        assert [a.id for a in work.articles.published()] == ["returns"]
        assert work.drafts.find("returns") is None
        vectors = select(func.count()).select_from(tables.passage_vectors)
        assert work.session.scalar(vectors)


def test_where_there_is_no_encoder_the_text_says_so_and_waits(
    waiting: Database, tmp_path: Path
) -> None:
    worker(waiting, tmp_path / "none", tmp_path).do_due(TIME)

    with waiting.read() as work:
        draft = work.drafts.get("returns")
        assert (draft.state, draft.try_at) == (DraftState.SCHEDULED, TIME + RETRIES[0])
        assert "encoder" in (draft.failure or "")

    worker(waiting, ROOT / "models" / "encoder", tmp_path).do_due(TIME + RETRIES[0])
    with waiting.read() as work:
        assert [a.id for a in work.articles.published()] == ["returns"]
