"""Tests of knowledge hold up what an import brings, and only that; what they cost is bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.meaning import Meaning
from knowledge.search import KnowledgeBase
from tests.knowledge.letters import LetterEncoder
from tests.webapp.test_importing import NOW, published, write
from webapp import import_tests
from webapp.db.database import Database
from webapp.file_store import FileStore
from webapp.import_drafts import keep_draft
from webapp.importing import Importer
from webapp.knowledge_tests import TESTS_WANTED, KnowledgeTests
from webapp.learning_records import Fate
from webapp.live_knowledge import LiveKnowledge
from webapp.publish import Publisher, StoredVectors

PAY = (
    "---\ntitle: 支付\ntests:\n  - question: {asked}\n    heading: 货到付款\n---\n\n"
    "## 货到付款\n\n货到付款不支持。\n"
)
GREEDY = "---\ntitle: 货到付款\n---\n\n## 货到付款\n\n货到付款货到付款货到付款\n"
SEVEN = "---\ntitle: 退货\n---\n\n## 几天内可以退\n\n签收后 7 天内可以无理由退货，商品要完好。\n"


@pytest.fixture
def ours(db: Database, tmp_path: Path) -> Importer:
    """Imports into a base that is searched by letters."""
    encode, kept = LetterEncoder(), StoredVectors(db)
    base = KnowledgeBase(encode, encoder="letters", kept=kept, min_score=0.0)
    live = LiveKnowledge(db, base)
    tests = KnowledgeTests(
        db,
        live=live,
        meaning=Meaning(encode, kept=kept, encoder="letters"),
        encode=encode,
        rehearse=live.with_changes,
    )
    publisher = Publisher(db, encode=encode, encoder="letters")
    return Importer(db, publisher, FileStore(tmp_path / "kept"), lambda: tests)


def test_an_article_whose_own_test_finds_another_passage_is_kept_as_a_draft(
    ours: Importer, tmp_path: Path
) -> None:
    source = write(tmp_path, a=SEVEN, pay=PAY.format(asked="签收后几天内可以无理由退货"))
    done = ours.import_path(source, by="小李", now=NOW)
    assert done.added == ("a",)
    (held,) = done.held
    assert (held.article_id, held.file, held.fate) == ("pay", "pay.md", Fate.DRAFT)
    assert [test.found for test in held.failing] == ["a / 几天内可以退"]
    with ours.db.read() as work:
        draft = work.drafts.get("pay")
        assert draft.failure is not None
        steps = len(work.revisions.page("pay", limit=10).items)
    assert list(published(ours.db)) == ["a"]

    again = ours.import_path(source, by="小李", now=NOW)
    assert (again.unchanged, len(again.held)) == (("a",), 1)
    with ours.db.read() as work:
        assert len(work.revisions.page("pay", limit=10).items) == steps
    write(tmp_path, pay=PAY.format(asked="货到付款"))
    mended = ours.import_path(source, by="小李", now=NOW)
    assert (mended.changed, mended.held) == (("pay",), ())
    with ours.db.read() as work:
        assert work.drafts.find("pay") is None


def test_a_draft_that_was_held_up_stays_when_its_new_text_names_an_impossible_time(
    ours: Importer, tmp_path: Path
) -> None:
    held = PAY.format(asked="签收后几天内可以无理由退货")
    ours.import_path(write(tmp_path, a=SEVEN, pay=held), by="小李", now=NOW)
    late = PAY.format(asked="货到付款").replace("title:", "publish_at: 2099-01-01\ntitle:", 1)
    done = ours.import_path(write(tmp_path, pay=late), by="小李", now=NOW)
    assert [(one.file, "two years" in one.message) for one in done.failed] == [("pay.md", True)]
    with ours.db.read() as work:
        assert "签收后几天内" in work.drafts.get("pay").markdown


def test_the_tests_of_another_brand_are_asked_by_its_customers(
    ours: Importer, tmp_path: Path
) -> None:
    good = PAY.format(asked="货到付款").replace("title:", "brand: lux\ntitle:", 1)
    done = ours.import_path(write(tmp_path, pay=good), by="小李", now=NOW)
    assert (done.added, done.held) == (("pay",), ())


def test_an_import_shows_that_it_lives_while_tests_are_asked(
    ours: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as interrupted after ten minutes without a sign, and a part may take as long."""
    monkeypatch.setattr(import_tests, "ASKED_AT_ONCE", 1)
    tests = "".join(f"  - {{question: 货到付款{n}, heading: 货到付款}}\n" for n in range(5))
    pay = f"---\ntitle: 支付\ntests:\n{tests}---\n\n## 货到付款\n\n货到付款不支持。\n"
    told: list[tuple[int, int]] = []
    ours.import_path(
        write(tmp_path, pay=pay), by="小李", now=NOW, progress=lambda *one: told.append(one)
    )
    assert told.count((0, 1)) >= 1 + 5
    assert told[-1] == (1, 1)


def test_what_takes_a_question_from_an_article_that_is_there_is_held_up(
    ours: Importer, tmp_path: Path
) -> None:
    assert ours.import_path(
        write(tmp_path, pay=PAY.format(asked="货到付款")), by="a", now=NOW
    ).added
    source = write(tmp_path, z=GREEDY, a=SEVEN)
    done = ours.import_path(source, by="小李", now=NOW)
    assert (done.added, [held.article_id for held in done.held]) == (("a",), ["z"])
    assert [test.article_id for test in done.held[0].broken] == ["pay"]

    taken = ours.import_path(source, by="小李", override="新文章更全", now=NOW)
    assert (taken.changed, [held.fate for held in taken.held]) == (("z",), [Fate.TAKEN])
    with ours.db.read() as work:
        entry = next(e for e in work.audit.latest() if e.action == "article.tests_overridden")
        assert entry.detail == {"reason": "新文章更全", "tests": "1"}
        live = work.revisions.get("z", work.articles.get("z").revision)
    assert "新文章更全" in (live.reason or "")


def test_of_two_that_came_together_the_one_that_fails_goes_and_the_other_is_asked_again(
    ours: Importer, tmp_path: Path
) -> None:
    assert ours.import_path(
        write(tmp_path, pay=PAY.format(asked="货到付款")), by="a", now=NOW
    ).added
    # the new text of `pay` loses its question to `z`; the one that stays live would lose it as well
    changed = PAY.format(asked="货到付款").replace("货到付款不支持", "不支持")
    done = ours.import_path(write(tmp_path, pay=changed, z=GREEDY), by="a", now=NOW)
    assert {held.article_id for held in done.held} == {"pay", "z"}
    assert "货到付款不支持" in published(ours.db)["pay"]


def test_somebody_elses_draft_is_not_overwritten_by_what_is_held_up(
    ours: Importer, tmp_path: Path
) -> None:
    ours.import_path(write(tmp_path, a=SEVEN), by="小李", now=NOW)
    with ours.db.write() as work:
        article = work.articles.get("a")
        keep_draft(work, article, SEVEN + "更多。", failure=None, by="小陈", now=NOW)
    bad = SEVEN.replace("---\n\n", "tests:\n  - question: 货到付款\n    heading: 没有\n---\n\n", 1)
    done = ours.import_path(write(tmp_path, a=bad), by="小李", now=NOW)
    assert [held.fate for held in done.held] == [Fate.LEFT]
    assert "小陈 works on a draft" in done.failed[0].message
    with ours.db.read() as work:
        assert work.drafts.get("a").markdown == SEVEN + "更多。"


def test_a_large_import_asks_a_bounded_number_and_leaves_the_rest_to_the_worker(
    ours: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_tests, "MOST_QUESTIONS", 1)
    fails = PAY.format(asked="签收后几天内可以无理由退货")
    source = write(tmp_path, a=SEVEN, p=fails, q=fails.replace("title: 支付", "title: 付钱"))
    done = ours.import_path(source, by="小李", now=NOW)
    assert [held.article_id for held in done.held] == ["p"]
    assert sorted(done.added) == ["a", "q"]
    assert "1 of its tests were too many" in done.remarks[0].message
    with ours.db.read() as work:
        assert work.outbox.has(f"{TESTS_WANTED}:import:{NOW.isoformat()}")
