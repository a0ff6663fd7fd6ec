"""Migrations: from nothing to today's tables and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from knowledge.article import Article, ArticleStatus
from knowledge.loader import read_article
from webapp.db import schema
from webapp.db.database import Database
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


def test_customers_who_wait_during_the_update_keep_their_order_and_the_urgent_come_first(
    database_url: str,
) -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    schema.upgrade(database_url, to="0001")
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    insert = text(
        "INSERT INTO conversations (id, channel, locale, status, holder, state, handoff, queued_at,"
        " last_seq, turns, labels, created_at, updated_at, version) VALUES (:id, 'web', 'zh',"
        " 'open', :holder, '{}', :handoff, :queued_at, 0, 0, '[]', :now, :now, 1)"
    )
    rows = [
        ("first", "queue", '{"reason": "complaint"}', now),
        ("urgent", "queue", '{"reason": "urgent"}', now + timedelta(minutes=2)),
        ("second", "queue", None, now + timedelta(minutes=1)),
        ("taken", "agent", '{"reason": "urgent"}', None),
    ]
    with engine.begin() as connection:
        for name, holder, handoff, queued_at in rows:
            connection.execute(
                insert,
                {
                    "id": name,
                    "holder": holder,
                    "handoff": handoff,
                    "queued_at": queued_at,
                    "now": now,
                },
            )
    engine.dispose()

    schema.upgrade(database_url)

    with engine.connect() as connection:
        ranked = connection.execute(
            text("SELECT id FROM conversations WHERE ranked_at IS NOT NULL ORDER BY ranked_at")
        )
        assert list(ranked.scalars()) == ["urgent", "first", "second"]
    engine.dispose()


def test_articles_keep_their_text_and_number_as_their_first_revision_and_can_go_back(
    database_url: str,
) -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    schema.upgrade(database_url, to="0002")
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    insert = text(
        "INSERT INTO articles (id, title, body, status, product, versions, channels, tags,"
        " valid_until, questions, tests, content_hash, updated_at, updated_by, revision) VALUES"
        " (:id, '退货', '# 退货\n\n七天。', :status, 'X1', '[]', '[]', '[\"售后\"]',"
        " '2027-01-31', '[\"怎么退\"]', :tests, '', :now, '小李', :revision)"
    )
    rows = [("returns", "published", 7), ("old", "archived", 2)]
    tests = '[{"question": "几天能退", "heading": "退货"}, {"question": "天气", "heading": null}]'
    with engine.begin() as connection:
        for name, status, revision in rows:
            values = {"id": name, "status": status, "revision": revision, "now": now}
            connection.execute(insert, values | {"tests": tests})

    schema.upgrade(database_url)

    database = Database(database_url)
    with database.read() as work:
        (kept,) = work.revisions.page("returns").items
        article = work.articles.get("returns")
        assert (kept.number, kept.state, kept.author, kept.at) == (7, "published", "小李", now)
        read = read_article(work.revisions.markdown("returns", 7), file="kept.md")
        for name in ("id", "title", "body", "product", "tags", "valid_until", "questions", "tests"):
            assert getattr(read, name) == getattr(article, name), name
        assert (article.category, article.publish_at, article.revision) == ((), None, 7)
        assert work.revisions.get("old", 2).state == "archived"
    with database.write() as work:
        work.articles.begin(Article(id="new", title="新", body="", status=ArticleStatus.REVIEW))
    database.dispose()

    schema.downgrade(database_url, to="0002")

    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, status, revision FROM articles ORDER BY id"))
        assert [tuple(row) for row in found] == [
            ("new", "draft", 0),
            ("old", "archived", 2),
            ("returns", "published", 7),
        ]
    engine.dispose()


def test_an_empty_database_is_refused_with_the_remedy(postgres_url: str) -> None:
    with pytest.raises(StoreOutdated, match="jiedai init"):
        schema.check_current(postgres_url)


def test_a_missing_sqlite_file_is_an_error_and_not_an_empty_database(sqlite_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"):
        schema.current(sqlite_url)
