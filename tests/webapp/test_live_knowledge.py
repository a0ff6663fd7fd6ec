"""The searched articles follow the database: what changed is read, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from knowledge.article import Article, Scope
from knowledge.search import KnowledgeBase
from knowledge.terms import Term
from tests.knowledge.letters import LetterEncoder, make_article
from webapp import live_knowledge
from webapp.db.database import Database
from webapp.import_part import ImportRules, import_part
from webapp.live_knowledge import LiveKnowledge
from webapp.publish import Publisher, StoredVectors
from webapp.terms import forget_term, keep_term

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def publisher(db: Database) -> Publisher:
    return Publisher(db, encode=LetterEncoder(), encoder="letters")


def living(db: Database, timezone: tzinfo = UTC) -> LiveKnowledge:
    base = KnowledgeBase(LetterEncoder(), encoder="letters", kept=StoredVectors(db))
    return LiveKnowledge(db, base, timezone=timezone)


def publish(db: Database, *articles: Article) -> None:
    for article in articles:
        publisher(db).publish(article, by="editor", now=NOW)


def found(knowledge: LiveKnowledge, question: str) -> list[str]:
    return [hit.passage for hit in knowledge.search(question, scope=Scope()).hits]


def test_a_change_is_live_at_the_next_question_in_every_process(db: Database) -> None:
    publish(db, make_article("returns", "七天内可退。"))
    one, other = living(db), living(db)
    publish(db, make_article("returns", "十五天内可退。"), make_article("lobster", "龙虾趁热吃。"))
    for knowledge in (one, other):
        assert found(knowledge, "几天内可退")[0] == "十五天内可退。"
        assert found(knowledge, "龙虾怎么吃")[0] == "龙虾趁热吃。"
        assert knowledge.passage_count == 2


def test_a_term_is_read_from_the_next_question_on_in_every_process(db: Database) -> None:
    publish(db, make_article("returns", "## 退货包运费\n\n最多补贴十五元。"))
    one, other = living(db), living(db)
    kept = keep_term(db, Term(name="退货包运费", synonyms=("小盾牌",)), by="editor", now=NOW)
    for knowledge in (one, other, living(db)):
        (read,) = knowledge.search("小盾牌多少", scope=Scope()).read
        assert (read.said, read.term) == ("小盾牌", "退货包运费")
    forget_term(db, kept.id or 0, by="editor", now=NOW)
    for knowledge in (one, other):
        assert knowledge.search("小盾牌多少", scope=Scope()).read == ()


def test_what_is_rehearsed_shares_the_rest_and_is_not_live(db: Database) -> None:
    publish(db, make_article("returns", "七天内可退。"), make_article("lobster", "龙虾趁热吃。"))
    knowledge = living(db)
    keep_term(db, Term(name="龙虾", synonyms=("小红",)), by="editor", now=NOW)
    rehearsed = knowledge.with_changes([make_article("returns", "十五天内可退。")])
    assert rehearsed.search("几天内可退").hits[0].passage == "十五天内可退。"
    assert rehearsed.search("小红怎么吃").hits[0].passage == "龙虾趁热吃。"
    assert rehearsed.search("小红怎么吃").read
    assert found(knowledge, "几天内可退")[0] == "七天内可退。"


def test_an_article_expires_at_midnight_where_the_installation_is(db: Database) -> None:
    last = make_article("returns", "七天内可退。")
    last.valid_until = date(2026, 11, 22)
    publish(db, last)
    knowledge = living(db, ZoneInfo("Asia/Shanghai"))

    def answers(hour: int) -> bool:
        asked = datetime(2026, 11, 22, hour, tzinfo=UTC)
        return bool(knowledge.search("几天内可退", scope=Scope(), now=asked).hits)

    assert answers(15)
    assert not answers(16)


def test_an_archived_article_answers_no_more(db: Database) -> None:
    publish(db, make_article("returns", "七天内可退。"), make_article("lobster", "龙虾趁热吃。"))
    knowledge = living(db)
    publisher(db).archive("lobster", by="editor", now=NOW)
    assert "龙虾趁热吃。" not in found(knowledge, "龙虾怎么吃")


def test_only_what_changed_since_is_read(db: Database) -> None:
    publish(db, make_article("returns", "七天内可退。"), make_article("lobster", "龙虾趁热吃。"))
    with db.read() as work:
        before = work.articles.generation()
    publish(db, make_article("lobster", "龙虾蒸着吃。"))
    with db.read() as work:
        assert work.articles.count_changed_since(before) == 1
        assert [a.body for a in work.articles.changed_since(before)] == ["龙虾蒸着吃。"]
        assert work.articles.changed_since(work.articles.generation()) == []


def test_many_changes_are_taken_in_while_the_old_articles_answer(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_knowledge, "_AT_ONCE", 2)
    publish(db, make_article("returns", "七天内可退。"))
    knowledge = living(db)
    many = [make_article(f"a{number}", f"龙虾第{number}条。") for number in range(5)]
    import_part(db, publisher(db), many, rules=ImportRules(by="editor"), now=NOW)
    assert found(knowledge, "几天内可退")[0] == "七天内可退。"
    knowledge.settle()
    assert knowledge.passage_count == 6
    assert "龙虾第3条。" in found(knowledge, "龙虾第3条")
