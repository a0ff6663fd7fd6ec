"""Vectors that no article needs: kept for a week, then removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.article import Article, Scope
from knowledge.search import KnowledgeBase
from knowledge.vectors import kept_as
from tests.knowledge.letters import LetterEncoder, make_article
from webapp import editing
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.near_vectors import NearVectors
from webapp.live_knowledge import LiveKnowledge
from webapp.pgvector import PgvectorIndexes
from webapp.processes.chores import Chore
from webapp.processes.vectors import UNUSED_KEPT, Upkeep, vectors_chore
from webapp.processes.worker import Worker
from webapp.publish import Publisher, StoredVectors
from webapp.settings import Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


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


def upkeep(db: Database, encoder: str | None = "letters", **options: int) -> Upkeep:
    return Upkeep(db, fingerprint=lambda: encoder, pgvector=True, **options)


def to_the_end(one: Upkeep, now: datetime) -> int:
    """Do a look, or what is left of it; returns how many vectors it removed."""
    removed = one.run(now)
    while one.is_looking:
        removed = one.run(now)
    return removed


def look(db: Database, now: datetime, encoder: str | None = "letters") -> int:
    """A look of a worker that has just started."""
    return to_the_end(upkeep(db, encoder), now)


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
    look(changed, NOW)
    look(changed, NOW + UNUSED_KEPT)
    assert counts(changed) == [before]
    look(changed, NOW + UNUSED_KEPT + DAY)
    assert counts(changed) == [before - 1]
    look(changed, NOW + 3 * UNUSED_KEPT)
    assert counts(changed) == [before - 1]
    hits = living(changed).search("船票", scope=Scope()).hits
    assert hits[0].passage == "船票在星港改签。"


def test_what_is_needed_again_meanwhile_stays(changed: Database) -> None:
    before = counts(changed)
    look(changed, NOW)
    publish(changed, make_article("b", "龙虾趁热吃。"))
    living(changed)
    publish(changed, make_article("b", "又换了一篇。"))
    look(changed, NOW + UNUSED_KEPT + DAY)
    assert counts(changed) == before


def test_what_came_back_before_anybody_looked_stays(changed: Database) -> None:
    before = counts(changed)
    look(changed, NOW)
    publish(changed, make_article("b", "龙虾趁热吃。"))
    look(changed, NOW + 2 * UNUSED_KEPT)
    assert counts(changed) == before


def test_the_vectors_of_an_encoder_from_before_go_with_their_table(changed: Database) -> None:
    living(changed, encoder="another")
    assert len(counts(changed)) == 2
    look(changed, NOW, "another")
    assert len(counts(changed)) == 2
    look(changed, NOW + 2 * UNUSED_KEPT, "another")
    assert len(counts(changed)) == 1
    assert living(changed, encoder="another").search("船票", scope=Scope()).hits


def test_without_the_setting_everything_goes_in_the_end(changed: Database, tmp_path: Path) -> None:
    chore = vectors_chore(changed, Settings(data=tmp_path, database_url=changed.url))
    for day in (0, 7, 8):
        assert counts(changed)
        for _ in range(20):  # more parts than a look at two articles has
            chore.run(NOW + day * DAY)
    assert counts(changed) == []


def encoded(db: Database, encoder: str = "letters") -> set[str]:
    """The texts of which this encoder's vectors are kept, by their hash."""
    with db.read() as work:
        rows = work.vectors.kept(after=("", ""), limit=10_000)
    return {row.key[0] for row in rows if row.key[1] == kept_as(encoder)}


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
    assert look(db, NOW) == 0
    assert look(db, NOW + UNUSED_KEPT) == 0
    assert encoded(db) == before
    assert look(db, NOW + UNUSED_KEPT + DAY) == len(before - needed)
    assert encoded(db) == needed
    assert look(db, NOW + 3 * UNUSED_KEPT) == 0


def test_what_was_written_after_all_stays(asked: tuple[Database, set[str]]) -> None:
    db, needed = asked
    before = encoded(db)
    look(db, NOW)
    with db.write() as work:
        editing.begin_article(work, "c", "# x\n\n第1次试问的话。\n", by="editor", now=NOW)
    look(db, NOW + DAY)
    look(db, NOW + 2 * UNUSED_KEPT)
    assert needed < encoded(db) < before


def test_what_is_asked_again_stays_for_another_week(asked: tuple[Database, set[str]]) -> None:
    db, needed = asked
    look(db, NOW)
    ask(db, "第1次试问的话。")
    look(db, NOW + UNUSED_KEPT + DAY)
    assert needed < encoded(db)
    look(db, NOW + 2 * UNUSED_KEPT + 2 * DAY)
    assert encoded(db) == needed


def test_what_goes_live_while_the_worker_looks_stays(asked: tuple[Database, set[str]]) -> None:
    db, _ = asked
    look(db, NOW)
    late = NOW + 2 * UNUSED_KEPT
    one = upkeep(db, part=1)
    one.run(late)
    one.run(late)
    before = encoded(db)
    publish(db, make_article("a", "第1次试问的话。"))  # which the look has read already
    live = encoded(db) - before
    assert one.is_looking
    assert to_the_end(one, late) > 0
    Publisher(db, encode=never, encoder="letters").prepare([make_article("a", "第1次试问的话。")])
    assert live <= encoded(db)


def never(texts: Sequence[str]) -> NDArray[np.float32]:
    raise AssertionError(f"{texts} should be known.")


def test_the_vectors_of_an_encoder_from_before_go_though_their_texts_are_live(
    asked: tuple[Database, set[str]],
) -> None:
    db, needed = asked
    with db.read() as work:
        articles = [*work.articles.published(), editing.readable(work.drafts.get("b"))]
    new = Publisher(db, encode=LetterEncoder(), encoder="tuned")
    new.prepare(articles)
    look(db, NOW, "tuned")
    assert needed < encoded(db)
    look(db, NOW + UNUSED_KEPT + DAY, "tuned")
    assert encoded(db) == set()
    assert encoded(db, "tuned") == needed


def test_without_an_encoder_everything_stays(asked: tuple[Database, set[str]]) -> None:
    db, _ = asked
    before = encoded(db)
    assert look(db, NOW, None) == 0
    assert look(db, NOW + 2 * UNUSED_KEPT, None) == 0
    assert encoded(db) == before


def test_a_look_removes_no_more_than_it_may(asked: tuple[Database, set[str]]) -> None:
    db, needed = asked
    look(db, NOW)
    late, left = NOW + 2 * UNUSED_KEPT, len(encoded(db) - needed)
    looks = [to_the_end(upkeep(db, most=4), late + day * DAY) for day in range(3)]
    assert looks == [4, left - 4, 0]


def test_a_worker_that_starts_again_on_the_same_day_does_not_look_again(
    asked: tuple[Database, set[str]],
) -> None:
    db, _ = asked
    look(db, NOW)
    again = upkeep(db)
    again.run(NOW + timedelta(hours=1))
    assert not again.is_looking
    again.run(NOW + DAY)
    assert again.is_looking


def test_a_look_that_was_cut_off_begins_again_after_the_start(
    asked: tuple[Database, set[str]],
) -> None:
    db, _ = asked
    upkeep(db, part=1).run(NOW)
    again = upkeep(db)
    again.run(NOW)
    assert again.is_looking


def test_the_worker_does_its_other_work_between_the_parts_of_a_look(
    asked: tuple[Database, set[str]],
) -> None:
    db, needed = asked
    look(db, NOW)
    late = NOW + 2 * UNUSED_KEPT
    one, done = upkeep(db, part=1), []
    chores = [
        Chore("vectors", timedelta(seconds=1), one.run),
        Chore("other", timedelta(seconds=1), lambda now: done.append(now) or 0),
    ]
    worker = Worker(db, senders={}, chores=chores)
    ticks = 1
    worker.do_due(late)
    while one.is_looking:
        worker.do_due(late + ticks * timedelta(seconds=1))
        ticks += 1
    assert len(done) == ticks > 4
    assert encoded(db) == needed
