"""Publishing: live at once in every process, nothing encoded twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.article import Article, ArticleStatus, Scope
from knowledge.draft import DraftState
from knowledge.errors import ArticleNotFound, BadArticle
from knowledge.search import KnowledgeBase
from webapp.db.database import Database
from webapp.db.errors import AlreadyExists, EditConflict, StoreUnavailable
from webapp.import_part import Imported, ImportRules, import_part
from webapp.live_knowledge import LiveKnowledge
from webapp.publish import Publisher, StoredVectors
from webapp.releases import Releases

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Letters:
    """A real if simple encoder: hashed pairs of characters; counts what it was asked."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        rows = np.zeros((len(texts), 64), np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f" {text} "
            for at in range(len(padded) - 1):
                pair = padded[at : at + 2].encode()
                row[hashlib.md5(pair, usedforsecurity=False).digest()[0] % 64] += 1
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def article(article_id: str, body: str, *, title: str = "退货") -> Article:
    return Article(
        id=article_id,
        title=title,
        body=body,
        content_hash=hashlib.sha256(body.encode()).hexdigest(),
    )


def live(db: Database, encode: Letters) -> LiveKnowledge:
    base = KnowledgeBase(encode, encoder="letters", kept=StoredVectors(db))
    return LiveKnowledge(db, base)


def publisher(db: Database, encode: Letters) -> Publisher:
    return Publisher(db, encode=encode, encoder="letters")


def found(knowledge: LiveKnowledge, question: str) -> list[str]:
    """The passages that come back for a question."""
    return [hit.passage for hit in knowledge.search(question, scope=Scope()).hits]


def test_another_process_answers_from_a_published_article_at_its_next_question(
    db: Database,
) -> None:
    editing, answering = Letters(), Letters()
    other = live(db, answering)
    assert found(other, "七天退货") == []

    publisher(db, editing).publish(article("returns", "七天内可以退货。"), by="小李", now=NOW)

    assert any("七天内可以退货" in passage for passage in found(other, "七天退货"))
    assert not any("七天内" in text for text in answering.encoded)


def test_a_change_and_an_end_are_live_at_once_as_well(db: Database) -> None:
    encode = Letters()
    ours, knowledge = publisher(db, encode), live(db, encode)
    ours.publish(article("returns", "七天内可以退货。"), by="小李", now=NOW)
    ours.publish(article("returns", "十五天内可以退货。"), by="小李", now=NOW)
    assert all("十五天" in passage for passage in found(knowledge, "几天可以退货"))

    ours.archive("returns", by="小李", now=NOW)
    assert found(knowledge, "几天可以退货") == []


def test_two_editors_do_not_overwrite_each_other(db: Database) -> None:
    ours = publisher(db, Letters())
    ours.publish(article("returns", "七天。"), by="小李", now=NOW)
    ours.publish(article("returns", "八天。"), by="小李", seen_revision=1, now=NOW)

    with pytest.raises(EditConflict, match="小李"):
        ours.publish(article("returns", "九天。"), by="小陈", seen_revision=1, now=NOW)

    with db.read() as work:
        assert (work.articles.get("returns").body, work.articles.get("returns").revision) == (
            "八天。",
            2,
        )


def test_archiving_what_is_not_there_says_so(db: Database) -> None:
    with pytest.raises(ArticleNotFound):
        publisher(db, Letters()).archive("nothing", by="小李", now=NOW)


def test_answers_go_on_from_memory_while_the_database_is_gone(
    sqlite_db: Database, tmp_path: Path
) -> None:
    encode = Letters()
    publisher(sqlite_db, encode).publish(article("returns", "七天退货。"), by="x", now=NOW)
    knowledge = live(sqlite_db, encode)
    (tmp_path / "jiedai.db").rename(tmp_path / "away.db")

    assert found(knowledge, "七天退货") == ["七天退货。"]
    with pytest.raises(StoreUnavailable), sqlite_db.read() as work:
        work.articles.generation()


def test_an_article_that_the_tables_have_no_room_for_is_refused_with_its_field(
    db: Database,
) -> None:
    encode = Letters()
    articles = [article("good", "七天"), article("bad", "八天", title="退" * 301)]

    with pytest.raises(BadArticle, match="title has 301 characters; write at most 300"):
        import_part(db, publisher(db, encode), articles, rules=ImportRules(by="ed"), now=NOW)

    assert encode.encoded == []
    with db.read() as work:
        assert work.articles.published() == []


LATER = NOW + timedelta(days=1)


def planned(article_id: str, body: str, publish_at: datetime = LATER) -> Article:
    return replace(article(article_id, body), publish_at=publish_at)


def test_an_article_whose_time_is_to_come_waits_for_it_and_leaves_the_live_text_alone(
    db: Database,
) -> None:
    ours = publisher(db, Letters())
    ours.publish(article("returns", "七天。"), by="小李", now=NOW)

    kept = ours.publish(planned("returns", "八天。"), by="小陈", seen_revision=1, now=NOW)
    ours.publish(planned("new", "新。"), by="小陈", seen_revision=0, now=NOW)

    assert (kept.body, kept.revision) == ("七天。", 1)
    with db.read() as work:
        assert [a.id for a in work.articles.published()] == ["returns"]
        assert work.articles.get("new").status is ArticleStatus.DRAFT
        draft = work.drafts.get("returns")
        assert (draft.state, draft.publish_at, draft.base) == (DraftState.SCHEDULED, LATER, 1)
    with pytest.raises(EditConflict):
        ours.publish(planned("returns", "九天。"), by="小陈", seen_revision=7, now=NOW)
    with pytest.raises(AlreadyExists):
        ours.publish(planned("new", "新。"), by="小陈", seen_revision=0, now=NOW)

    assert Releases(db, prepare=ours.prepare).publish_due(LATER) == 2
    with db.read() as work:
        live = {a.id: a.body for a in work.articles.published()}
    assert live == {"returns": "八天。", "new": "新。"}
    again = import_part(
        db, ours, [planned("returns", "八天。")], rules=ImportRules(by="cli"), now=LATER
    )
    assert again.unchanged == ("returns",)


def test_a_time_that_is_past_does_not_hold_an_article_back(db: Database) -> None:
    past = planned("returns", "七天。", NOW - timedelta(days=1))
    stored = publisher(db, Letters()).publish(past, by="小李", now=NOW)
    assert stored.status is ArticleStatus.PUBLISHED


def test_importing_a_planned_article_again_changes_nothing(
    db: Database,
) -> None:
    ours = publisher(db, Letters())

    def imported(body: str, at: datetime = LATER) -> Imported:
        return import_part(
            db, ours, [planned("new", body, at)], rules=ImportRules(by="cli"), now=NOW
        )

    assert imported("新。").added == ("new",)
    assert imported("新。").unchanged == ("new",)


def test_a_planned_article_of_which_somebody_has_a_draft_is_told_and_does_not_stop_the_others(
    db: Database,
) -> None:
    ours = publisher(db, Letters())
    texts = [planned("new", "新。"), planned("far", "远。", NOW + timedelta(days=4000))]
    import_part(db, ours, texts[:1], rules=ImportRules(by="小李"), now=NOW)
    changed = replace(texts[0], body="更新。")

    done = import_part(
        db, ours, [changed, texts[1], article("b", "乙。")], rules=ImportRules(by="cli"), now=NOW
    )

    assert (done.added, done.changed) == (("b",), ())
    assert [problem.file for problem in done.failed] == ["new", "far"]
    assert "小李 has a draft" in done.failed[0].message
    assert "two years" in done.failed[1].message
    with db.read() as work:
        assert work.drafts.get("new").version == 2
        assert work.articles.find("far") is None


def test_an_import_records_what_it_replaced_in_the_history(db: Database) -> None:
    ours = publisher(db, Letters())
    for text in ("七天", "八天", "八天"):
        import_part(
            db,
            ours,
            [article("returns", f"{text}内可以退货。")],
            rules=ImportRules(by="cli"),
            now=NOW,
        )
    with db.read() as work:
        steps = work.revisions.page("returns").items
        assert [(s.number, s.state, s.by) for s in steps] == [
            (2, "published", "cli"),
            (1, "published", "cli"),
        ]
        assert "七天" in work.revisions.markdown("returns", 1)
