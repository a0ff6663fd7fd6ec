"""Vectors that no article needs: kept for a week, then removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.article import Article, Scope
from knowledge.search import KnowledgeBase
from knowledge.segment import vector_space
from tests.knowledge.letters import LetterEncoder, make_article
from webapp import editing
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.near_vectors import NearVectors
from webapp.live_knowledge import LiveKnowledge
from webapp.pgvector import PgvectorIndexes
from webapp.processes.vectors import UNUSED_KEPT, forget_unused, tend_vectors, vectors_chore
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


def encoded(db: Database) -> set[str]:
    """The texts of which vectors are kept, by their hash."""
    with db.read() as work:
        return work.vectors.hashes()


def ask(db: Database, text: str) -> None:
    """What 试问 of a text that nobody has saved leaves behind."""
    Publisher(db, encode=LetterEncoder(), encoder="letters").prepare([make_article("x", text)])


@pytest.fixture
def asked(db: Database) -> tuple[Database, set[str]]:
    """A base with a live article and a draft, of which texts were asked that nobody keeps; and what
    the two need."""
    publish(db, make_article("a", "七天内可退。"))
    with db.write() as work:
        editing.begin_article(work, "b", "# 船票\n\n在星港改签。\n", by="editor", now=NOW)
        draft = editing.readable(work.drafts.get("b"))
    Publisher(db, encode=LetterEncoder(), encoder="letters").prepare([draft])
    needed = encoded(db)
    for number in range(3):
        ask(db, f"第{number}次试问的话。")
    return db, needed


def test_what_was_only_asked_of_a_draft_goes_after_a_week(asked: tuple[Database, set[str]]) -> None:
    db, needed = asked
    before = encoded(db)
    assert forget_unused(db, now=NOW) == 0
    assert forget_unused(db, now=NOW + UNUSED_KEPT) == 0
    assert encoded(db) == before
    assert forget_unused(db, now=NOW + UNUSED_KEPT + timedelta(seconds=1)) == len(before - needed)
    assert encoded(db) == needed
    assert forget_unused(db, now=NOW + 3 * UNUSED_KEPT) == 0


def test_what_was_written_after_all_stays(asked: tuple[Database, set[str]]) -> None:
    db, needed = asked
    before = encoded(db)
    forget_unused(db, now=NOW)
    publish(db, make_article("x", "第1次试问的话。"))
    forget_unused(db, now=NOW + timedelta(days=1))
    forget_unused(db, now=NOW + 2 * UNUSED_KEPT)
    assert needed < encoded(db) < before


def test_a_look_removes_no_more_than_it_may(asked: tuple[Database, set[str]]) -> None:
    db, needed = asked
    forget_unused(db, now=NOW)
    late, left = NOW + 2 * UNUSED_KEPT, len(encoded(db) - needed)
    looks = [forget_unused(db, now=late, most=4) for _ in range(3)]
    assert looks == [4, left - 4, 0]
