"""Drafts: nobody's text is overwritten, nothing of them reaches customers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.article import ArticleStatus
from knowledge.draft import Draft, DraftState
from knowledge.errors import (
    ArticleNotFound,
    BadArticle,
    DraftLocked,
    DraftMoved,
    DraftNotFound,
    KnowledgeError,
    LiveMoved,
    Theirs,
)
from knowledge.loader import read_article
from tests.webapp.db.test_races import at_once
from webapp import editing
from webapp.db.database import Database
from webapp.db.errors import AlreadyExists
from webapp.live import make_live

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SEVEN = "# 退货\n\n七天内可以退货。\n"
EIGHT = "# 退货\n\n八天内可以退货。\n"
NINE = "# 退货\n\n九天内可以退货。\n"
BROKEN = "---\ntitle: [退货\n---\n\n七天。\n"


def publish(db: Database, markdown: str, *, by: str = "小李") -> None:
    with db.write() as work:
        article = read_article(markdown, file="returns.md")
        make_live(work, article, markdown=markdown, by=by, now=NOW)


def save(
    db: Database, markdown: str, *, version: int, by: str = "小李", base: int | None = None
) -> Draft:
    with db.write() as work:
        return editing.save_draft(
            work, "returns", markdown, seen_version=version, base=base, by=by, now=LATER
        )


def begin(db: Database, markdown: str = SEVEN, *, by: str = "小李") -> Draft:
    with db.write() as work:
        return editing.begin_article(work, "returns", markdown, by=by, now=NOW)


def submit(db: Database, version: int, *, by: str = "小李") -> Draft:
    with db.write() as work:
        return editing.submit(
            work, "returns", seen_version=version, by=by, reason="请看", now=LATER
        )


def history(db: Database) -> list[tuple[int, str, str | None, str | None]]:
    with db.read() as work:
        steps = work.revisions.page("returns").items
        return [(step.number, step.state.value, step.author, step.by) for step in steps]


def test_a_draft_of_a_published_article_leaves_what_customers_get_alone(db: Database) -> None:
    publish(db, SEVEN)
    with db.read() as work:
        generation = work.articles.generation()

    draft = save(db, EIGHT, version=0, by="小陈")

    assert (draft.version, draft.base, draft.author) == (1, 1, "小陈")
    with db.read() as work:
        article = work.articles.get("returns")
        assert (article.body, article.status) == (SEVEN.strip("\n"), ArticleStatus.PUBLISHED)
        assert (article.revision, article.updated_by) == (1, "小李")
        assert work.articles.generation() == generation
        assert work.drafts.get("returns").markdown == EIGHT
    assert history(db) == [(2, "draft", "小陈", "小陈"), (1, "published", "小李", "小李")]


def test_of_two_editors_the_later_one_gets_both_texts_and_nothing_is_overwritten(
    db: Database,
) -> None:
    publish(db, SEVEN)
    save(db, EIGHT, version=0, by="小陈")

    with pytest.raises(DraftMoved, match="小陈") as caught:
        save(db, NINE, version=0, by="小李")

    assert caught.value.theirs == Theirs("小陈", LATER, 1, EIGHT)
    with db.read() as work:
        assert work.drafts.get("returns").markdown == EIGHT
    assert save(db, NINE, version=1, by="小李").version == 2


def test_of_eight_editors_who_save_at_once_one_wins_and_seven_are_told(db: Database) -> None:
    publish(db, SEVEN)
    told: list[str | None] = []

    def saves(number: int) -> Callable[[], None]:
        def run() -> None:
            try:
                save(db, f"# 退货\n\n{number}天。\n", version=0, by=f"编辑{number}")
            except DraftMoved as error:
                told.append(error.theirs.by)

        return run

    at_once([saves(number) for number in range(8)])

    with db.read() as work:
        winner = work.drafts.get("returns").author
    assert told == [winner] * 7
    assert len(history(db)) == 2


def test_the_same_text_again_makes_no_revision(db: Database) -> None:
    publish(db, SEVEN)
    first = save(db, EIGHT, version=0)
    assert save(db, EIGHT, version=1).version == first.version
    assert len(history(db)) == 2


def test_a_text_with_mistakes_is_kept_and_its_mistakes_are_named_but_it_is_not_submitted(
    db: Database,
) -> None:
    publish(db, SEVEN)
    draft = save(db, BROKEN, version=0)
    assert draft.title == "退货"
    with db.read() as work:
        live = work.articles.get("returns")
    (problem,) = editing.problems_in(draft, live)
    assert "YAML" in problem.message

    with pytest.raises(BadArticle):
        submit(db, 1)

    with db.read() as work:
        assert work.drafts.get("returns").state is DraftState.DRAFT
    other = save(db, "---\nid: other\n---\n\n七天。\n", version=1)
    assert "leave the id" in editing.problems_in(other, live)[0].message
    save(db, EIGHT, version=2)
    assert submit(db, 3).state is DraftState.REVIEW


def test_a_new_article_is_listed_under_its_draft_and_answers_nobody(db: Database) -> None:
    begin(db)
    with db.read() as work:
        (listed,) = work.articles.list()
        assert (listed.id, listed.title, listed.status) == ("returns", "退货", ArticleStatus.DRAFT)
        assert (listed.revision, listed.updated_by) == (0, "小李")
        assert work.articles.published() == []

    save(db, "# 退货与换货\n\n七天。\n", version=1, by="小陈")
    submit(db, 2)

    with db.read() as work:
        (listed,) = work.articles.list()
        assert (listed.title, listed.status) == ("退货与换货", ArticleStatus.REVIEW)
    with db.write() as work:
        editing.reject(work, "returns", seen_version=3, by="主管", reason="再短些", now=LATER)
    with db.read() as work:
        assert work.articles.get("returns").status is ArticleStatus.DRAFT
        assert work.drafts.get("returns").reason == "再短些"
        (rejected, *_) = work.revisions.page("returns").items
    assert (rejected.state, rejected.by, rejected.author, rejected.reason) == (
        "rejected",
        "主管",
        "小陈",
        "再短些",
    )


def test_two_who_begin_an_article_with_one_id_get_one_article(db: Database) -> None:
    refused: list[AlreadyExists] = []

    def begins(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                begin(db, by=name)
            except AlreadyExists as error:
                refused.append(error)

        return run

    at_once([begins(f"编辑{n}") for n in range(4)])

    assert len(refused) == 3
    assert len(history(db)) == 1
    publish(db, SEVEN)
    with pytest.raises(AlreadyExists):
        begin(db)


def test_what_is_in_review_is_edited_only_after_it_was_withdrawn(db: Database) -> None:
    begin(db)
    submit(db, 1)
    with pytest.raises(DraftLocked):
        save(db, EIGHT, version=2)
    with db.write() as work:
        editing.withdraw(work, "returns", seen_version=2, by="小李", reason=None, now=LATER)
    assert save(db, EIGHT, version=3).markdown == EIGHT
    assert [state for _, state, _, _ in history(db)] == ["draft", "withdrawn", "review", "draft"]


def test_a_draft_begun_from_an_older_live_text_is_told_at_submission_what_is_live_now(
    db: Database,
) -> None:
    publish(db, SEVEN)
    save(db, EIGHT, version=0)
    publish(db, NINE, by="import")

    with pytest.raises(LiveMoved) as caught:
        submit(db, 1)

    assert caught.value.theirs == Theirs("import", NOW, 3, NINE)
    with pytest.raises(LiveMoved):
        save(db, EIGHT, version=1, base=2)
    save(db, EIGHT, version=1, base=3)
    assert submit(db, 2).base == 3


def test_who_saves_into_a_draft_that_was_published_meanwhile_is_told_what_is_live(
    db: Database,
) -> None:
    publish(db, SEVEN)
    save(db, EIGHT, version=0)
    with db.write() as work:
        editing.discard(work, "returns", seen_version=1, by="小陈", reason=None, now=LATER)

    with pytest.raises(LiveMoved) as caught:
        save(db, NINE, version=1)

    assert caught.value.theirs.markdown == SEVEN
    assert save(db, NINE, version=0).base == 1


def test_a_discarded_draft_leaves_its_text_in_the_history_and_the_article_live(
    db: Database,
) -> None:
    publish(db, SEVEN)
    save(db, EIGHT, version=0, by="小陈")
    with db.write() as work:
        editing.discard(work, "returns", seen_version=1, by="小李", reason="重复了", now=LATER)

    with db.read() as work:
        assert work.drafts.find("returns") is None
        assert work.articles.get("returns").status is ArticleStatus.PUBLISHED
        (newest, *_) = work.revisions.page("returns").items
        assert (newest.state, newest.author, newest.by, newest.reason) == (
            "discarded",
            "小陈",
            "小李",
            "重复了",
        )
        assert work.revisions.markdown("returns", 2) == EIGHT


def test_a_discarded_new_article_is_gone_and_its_id_goes_on_counting(db: Database) -> None:
    begin(db)
    with db.write() as work:
        editing.discard(work, "returns", seen_version=1, by="小李", reason=None, now=LATER)
    with db.read() as work:
        assert work.articles.find("returns") is None
    with pytest.raises(ArticleNotFound):
        save(db, EIGHT, version=0)

    publish(db, EIGHT)

    assert [number for number, *_ in history(db)] == [3, 2, 1]
    with db.read() as work:
        assert work.articles.get("returns").revision == 3


def test_a_step_on_a_draft_that_is_not_there_says_so(db: Database) -> None:
    publish(db, SEVEN)
    with pytest.raises(DraftNotFound):
        submit(db, 1)


def test_a_step_of_somebody_who_has_not_seen_the_latest_text_is_refused(db: Database) -> None:
    begin(db)
    save(db, EIGHT, version=1)
    steps: list[Callable[..., object]] = [editing.submit, editing.withdraw, editing.discard]
    for step in [*steps, editing.reject]:
        with pytest.raises(DraftMoved), db.write() as work:
            step(work, "returns", seen_version=1, by="小陈", reason="x", now=LATER)
    assert [state for _, state, _, _ in history(db)] == ["draft", "draft"]


def test_of_two_who_decide_about_one_draft_the_second_is_told(db: Database) -> None:
    begin(db)
    submit(db, 1)
    refused: list[KnowledgeError] = []

    def decides(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                with db.write() as work:
                    editing.reject(
                        work, "returns", seen_version=2, by=name, reason="不行", now=LATER
                    )
            except DraftMoved as error:
                refused.append(error)

        return run

    at_once([decides("主管"), decides("经理")])

    assert len(refused) == 1
    assert [state for _, state, _, _ in history(db)] == ["rejected", "review", "draft"]


def test_the_history_is_read_in_parts_the_newest_first(db: Database) -> None:
    begin(db)
    for version in range(1, 8):
        save(db, f"# 退货\n\n{version}天。\n", version=version)
    with db.read() as work:
        first = work.revisions.page("returns", limit=5)
        second = work.revisions.page("returns", before=int(first.next_cursor or 0), limit=5)
    assert [step.number for step in first.items] == [8, 7, 6, 5, 4]
    assert [step.number for step in second.items] == [3, 2, 1]
    assert second.next_cursor is None


def test_those_who_wait_for_a_review_are_listed_the_longest_first(db: Database) -> None:
    for name, at in (("b", NOW), ("a", LATER), ("c", NOW)):
        with db.write() as work:
            editing.begin_article(work, name, SEVEN, by="小李", now=NOW)
            if name != "c":
                editing.submit(work, name, seen_version=1, by="小李", reason=None, now=at)
    with db.read() as work:
        waiting = work.drafts.list(state=DraftState.REVIEW)
        assert [draft.article_id for draft in waiting] == ["b", "a"]
        assert set(work.drafts.of(["a", "c", "nothing"])) == {"a", "c"}
