"""Vectors in PostgreSQL that no article needs: kept for a week, then removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.article import Article, Scope
from knowledge.search import KnowledgeBase
from knowledge.segment import vector_space
from tests.knowledge.letters import LetterEncoder, make_article
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.near_vectors import NearVectors
from webapp.live_knowledge import LiveKnowledge
from webapp.pgvector import PgvectorIndexes
from webapp.processes.vectors import UNUSED_KEPT, tend_vectors, vectors_chore
from webapp.publish import Publisher, StoredVectors
from webapp.settings import Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SPACES = [vector_space("letters", centred=centred) for centred in (False, True)]


def publish(db: Database, *articles: Article) -> None:
    publisher = Publisher(db, encode=LetterEncoder(), encoder="letters")
    for article in articles:
        publisher.publish(article, by="editor", now=NOW)


def living(db: Database, encoder: str = "letters") -> LiveKnowledge:
    base = KnowledgeBase(
        LetterEncoder(), encoder=encoder, kept=StoredVectors(db), indexes=PgvectorIndexes(db)
    )
    return LiveKnowledge(db, base)


def counts(db: Database) -> list[int]:
    with db.read() as work:
        names = near_vectors.tables(work.session)
        return sorted(NearVectors(work.session, name).count() for name in names)


def tend(db: Database, now: datetime) -> int:
    return tend_vectors(db, spaces=SPACES, now=now)


@pytest.fixture
def changed(postgres_db: Database) -> Database:
    """A base of which one article is not what it was."""
    publish(postgres_db, make_article("a", "七天内可退。"), make_article("b", "龙虾趁热吃。"))
    knowledge = living(postgres_db)
    publish(postgres_db, make_article("b", "船票在星港改签。"))
    knowledge.search("船票", scope=Scope())
    return postgres_db


def test_what_no_article_needs_is_removed_after_a_week_and_nothing_else(changed: Database) -> None:
    [before] = counts(changed)
    assert tend(changed, NOW) == 0
    assert tend(changed, NOW + UNUSED_KEPT) == 0
    assert tend(changed, NOW + UNUSED_KEPT + timedelta(seconds=1)) == 1
    assert counts(changed) == [before - 1]
    assert tend(changed, NOW + 3 * UNUSED_KEPT) == 0
    hits = living(changed).search("船票", scope=Scope()).hits
    assert hits[0].passage == "船票在星港改签。"


def test_what_is_needed_again_meanwhile_stays(changed: Database) -> None:
    before = counts(changed)
    tend(changed, NOW)
    publish(changed, make_article("b", "龙虾趁热吃。"))
    living(changed)
    publish(changed, make_article("b", "又换了一篇。"))
    assert tend(changed, NOW + UNUSED_KEPT + timedelta(seconds=1)) == 0
    assert counts(changed) == before


def test_what_came_back_before_anybody_looked_stays(changed: Database) -> None:
    tend(changed, NOW)
    publish(changed, make_article("b", "龙虾趁热吃。"))
    assert tend(changed, NOW + 2 * UNUSED_KEPT) == 0


def test_the_vectors_of_an_encoder_from_before_go_with_their_table(changed: Database) -> None:
    living(changed, encoder="another")
    assert len(counts(changed)) == 2
    ours = [vector_space("another", centred=centred) for centred in (False, True)]
    tend_vectors(changed, spaces=ours, now=NOW)
    assert len(counts(changed)) == 2
    tend_vectors(changed, spaces=ours, now=NOW + 2 * UNUSED_KEPT)
    assert len(counts(changed)) == 1
    assert living(changed, encoder="another").search("船票", scope=Scope()).hits


def test_without_the_setting_everything_goes_in_the_end(changed: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=changed.url)
    chore = vectors_chore(changed, settings)
    assert chore.run(NOW) == 0
    assert chore.run(NOW + 2 * UNUSED_KEPT) > 0
    assert counts(changed) == []
    assert chore.run(NOW + 3 * UNUSED_KEPT) == 0


def test_on_sqlite_there_is_nothing_to_do(sqlite_db: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=sqlite_db.url, vector_index="pgvector")
    assert vectors_chore(sqlite_db, settings).run(NOW) == 0
