"""Releases: what is approved, scheduled, rolled back or restored is live once, or told why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.article import Article, ArticleStatus
from knowledge.draft import DraftState
from knowledge.errors import (
    BadArticle,
    BadSchedule,
    DraftLocked,
    DraftMoved,
    DraftNotFound,
    IndexUnavailable,
    KnowledgeError,
    LiveMoved,
    NotArchived,
    NotInReview,
    NotPublished,
    RevisionNotFound,
)
from knowledge.loader import read_article
from tests.knowledge.letters import LetterEncoder
from tests.webapp.db.test_races import at_once
from webapp import editing
from webapp.db.database import Database
from webapp.db.errors import EditConflict
from webapp.import_part import ImportRules, import_part
from webapp.publish import Publisher
from webapp.releases import CLAIMED_FOR, RETRIES, Releases

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TIME = NOW + timedelta(hours=2)
SEVEN = "# 退货\n\n七天内可以退货。\n"
EIGHT = "# 退货\n\n八天内可以退货。\n"
NINE = "# 退货\n\n九天内可以退货。\n"


def publisher(db: Database) -> Publisher:
    return Publisher(db, encode=LetterEncoder(), encoder="letters")


def releases(db: Database) -> Releases:
    return Releases(db, prepare=publisher(db).prepare)


class Unlucky:
    """Cannot encode until the failures that it was given are used up."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)

    def __call__(self, articles: Sequence[Article]) -> None:
        if self.failures:
            raise self.failures.pop(0)


def publish(db: Database, markdown: str = SEVEN, *, by: str = "小李") -> Article:
    article = read_article(markdown, file="returns.md")
    return publisher(db).publish(article, by=by, markdown=markdown, now=NOW)


def save(db: Database, markdown: str, *, version: int = 0, by: str = "小陈") -> None:
    with db.write() as work:
        editing.save_draft(work, "returns", markdown, seen_version=version, by=by, now=NOW)


def submit(db: Database, *, version: int = 1) -> None:
    with db.write() as work:
        editing.submit(work, "returns", seen_version=version, by="小陈", reason=None, now=NOW)


def schedule(db: Database, at: datetime = TIME, *, version: int = 2) -> Article:
    return releases(db).publish_draft(
        "returns", seen_version=version, by="主管", reviewing=True, publish_at=at, now=NOW
    )


def body(db: Database) -> str:
    with db.read() as work:
        return work.articles.get("returns").body


def states(db: Database) -> list[str]:
    with db.read() as work:
        return [step.state.value for step in work.revisions.page("returns").items]


def test_an_approved_text_is_live_with_its_writer_and_its_reviewer_in_the_history(
    db: Database,
) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)

    article = releases(db).publish_draft(
        "returns", seen_version=2, by="主管", reviewing=True, reason="好", now=TIME
    )

    assert (article.body, article.status) == (EIGHT.strip("\n"), ArticleStatus.PUBLISHED)
    assert (article.revision, article.updated_by, article.updated_at) == (4, "小陈", TIME)
    with db.read() as work:
        assert work.drafts.find("returns") is None
        newest = work.revisions.get("returns", 4)
        assert (newest.state, newest.author, newest.by) == ("published", "小陈", "主管")
        assert (newest.reason, work.revisions.markdown("returns", 4)) == ("好", EIGHT)
        assert work.audit.latest(limit=1)[0].action == "article.published"


def test_an_article_that_was_never_live_becomes_so_with_its_first_publication(
    db: Database,
) -> None:
    with db.write() as work:
        editing.begin_article(work, "returns", SEVEN, by="小陈", now=NOW)
    article = releases(db).publish_draft("returns", seen_version=1, by="小陈", now=NOW)
    assert (article.status, article.revision) == (ArticleStatus.PUBLISHED, 2)
    with db.read() as work:
        assert [a.id for a in work.articles.published()] == ["returns"]


def test_nothing_is_encoded_inside_the_transaction_that_makes_it_live(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    encode = LetterEncoder()
    ours = Publisher(db, encode=encode, encoder="letters")
    held: list[int] = []

    def prepare(articles: Sequence[Article]) -> None:
        with db.write() as work:  # would wait for ever behind a transaction of the same thread
            held.append(work.articles.generation())
        ours.prepare(articles)

    Releases(db, prepare=prepare).publish_draft("returns", seen_version=1, by="小陈", now=NOW)
    assert held == [1]
    assert any("八天" in text for text in encode.asked)


def test_what_is_approved_is_what_the_reviewer_has_seen(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    with db.write() as work:
        editing.withdraw(work, "returns", seen_version=2, by="小陈", reason=None, now=NOW)
    save(db, NINE, version=3)
    submit(db, version=4)

    with pytest.raises(DraftMoved):
        releases(db).publish_draft("returns", seen_version=2, by="主管", reviewing=True, now=NOW)

    assert body(db) == SEVEN.strip("\n")


def test_a_change_between_encoding_and_publishing_is_noticed(db: Database) -> None:
    publish(db)
    save(db, EIGHT)

    def meanwhile(articles: Sequence[Article]) -> None:
        save(db, NINE, version=1, by="小李")

    with pytest.raises(DraftMoved):
        Releases(db, prepare=meanwhile).publish_draft("returns", seen_version=1, by="小陈", now=NOW)
    assert body(db) == SEVEN.strip("\n")


def test_only_what_was_submitted_is_approved_and_only_what_was_not_is_published_without(
    db: Database,
) -> None:
    publish(db)
    save(db, EIGHT)
    with pytest.raises(NotInReview):
        releases(db).publish_draft("returns", seen_version=1, by="主管", reviewing=True, now=NOW)
    submit(db)
    with pytest.raises(DraftLocked):
        releases(db).publish_draft("returns", seen_version=2, by="小陈", now=NOW)
    assert body(db) == SEVEN.strip("\n")


def test_a_text_that_would_replace_what_was_imported_since_is_not_published(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    import_part(
        db,
        publisher(db),
        [read_article(NINE, file="returns.md")],
        rules=ImportRules(by="jiedai kb import"),
        now=NOW,
    )
    with pytest.raises(LiveMoved, match="jiedai kb import"):
        releases(db).publish_draft("returns", seen_version=2, by="主管", reviewing=True, now=NOW)
    assert body(db) == NINE.strip("\n")


def test_of_two_who_approve_at_once_one_publishes(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    refused: list[KnowledgeError] = []

    def approves(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                releases(db).publish_draft(
                    "returns", seen_version=2, by=name, reviewing=True, now=NOW
                )
            except (DraftNotFound, DraftMoved) as error:
                refused.append(error)

        return run

    at_once([approves("主管"), approves("经理")])

    assert len(refused) == 1
    assert states(db) == ["published", "review", "draft", "published"]


def test_a_scheduled_text_goes_live_at_its_time_and_not_before(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    assert schedule(db).revision == 1
    ours = releases(db)

    assert ours.publish_due(TIME - timedelta(seconds=1)) == 0
    assert body(db) == SEVEN.strip("\n")
    assert ours.publish_due(TIME) == 1
    assert body(db) == EIGHT.strip("\n")
    assert ours.publish_due(TIME) == 0
    assert states(db) == ["published", "scheduled", "review", "draft", "published"]
    with db.read() as work:
        newest = work.revisions.page("returns").items[0]
        assert (newest.author, newest.by, newest.at) == ("小陈", "主管", TIME)


def test_two_workers_publish_twelve_due_texts_once_each(db: Database) -> None:
    for number in range(12):
        name = f"a{number}"
        with db.write() as work:
            editing.begin_article(work, name, SEVEN, by="小陈", now=NOW)
        releases(db).publish_draft(name, seen_version=1, by="小陈", publish_at=TIME, now=NOW)
    counts: list[int] = []

    at_once([lambda: counts.append(releases(db).publish_due(TIME))] * 4)

    assert sum(counts) == 12
    with db.read() as work:
        assert len(work.articles.published()) == 12
        for number in range(12):
            steps = work.revisions.page(f"a{number}").items
            assert [s.state for s in steps] == ["published", "scheduled", "draft"]


def test_a_text_whose_worker_died_is_published_by_another_after_a_while(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    schedule(db)
    with pytest.raises(KeyboardInterrupt):
        Releases(db, prepare=Unlucky(KeyboardInterrupt())).publish_due(TIME)

    other = releases(db)
    assert other.publish_due(TIME + CLAIMED_FOR - timedelta(seconds=1)) == 0
    assert other.publish_due(TIME + CLAIMED_FOR) == 1
    assert body(db) == EIGHT.strip("\n")


def test_a_text_that_fails_says_why_is_tried_again_and_does_not_hold_up_the_others(
    db: Database,
) -> None:
    for name in ("a", "b"):
        with db.write() as work:
            editing.begin_article(work, name, SEVEN, by="小陈", now=NOW)
        releases(db).publish_draft(name, seen_version=1, by="小陈", publish_at=TIME, now=NOW)
    unlucky = Releases(
        db, prepare=Unlucky(IndexUnavailable("there is no encoder"), RuntimeError("odd"))
    )

    assert unlucky.publish_due(TIME) == 0

    with db.read() as work:
        a, b = work.drafts.get("a"), work.drafts.get("b")
    assert (a.state, a.failure, a.failures) == (
        DraftState.SCHEDULED,
        "there is no encoder",
        1,
    )
    assert "mistake in the program" in (b.failure or "")
    assert (a.publish_at, a.try_at) == (TIME, TIME + RETRIES[0])
    assert unlucky.publish_due(TIME + RETRIES[0]) == 2


def test_the_pauses_between_attempts_grow_and_then_stay(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    schedule(db)
    unlucky = Releases(db, prepare=Unlucky(*[IndexUnavailable("none")] * 6))
    now, pauses = TIME, []
    for _ in range(6):
        assert unlucky.publish_due(now) == 0
        with db.read() as work:
            following = work.drafts.get("returns").try_at
        assert following is not None
        pauses.append(following - now)
        now = following
    assert pauses == [*RETRIES, RETRIES[-1], RETRIES[-1]]
    assert unlucky.publish_due(now) == 1


def test_a_scheduled_text_whose_article_moved_goes_back_to_its_writer_with_the_reason(
    db: Database,
) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    schedule(db)
    publish(db, NINE, by="小王")

    assert releases(db).publish_due(TIME) == 0

    assert body(db) == NINE.strip("\n")
    with db.read() as work:
        draft = work.drafts.get("returns")
        assert (draft.state, draft.publish_at, draft.markdown) == (DraftState.DRAFT, TIME, EIGHT)
        assert "小王" in (draft.failure or "")
        newest = work.revisions.page("returns").items[0]
        assert (newest.state, newest.by, newest.reason) == ("withdrawn", "jiedai", draft.failure)
    assert releases(db).publish_due(TIME + timedelta(days=1)) == 0


@pytest.mark.parametrize("step", ["withdraw", "discard", "reject"])
def test_what_was_taken_off_the_schedule_while_it_was_encoded_does_not_go_live(
    db: Database, step: str
) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    schedule(db)

    def meanwhile(articles: Sequence[Article]) -> None:
        with db.write() as work:
            getattr(editing, step)(
                work, "returns", seen_version=3, by="主管", reason="等等", now=TIME
            )

    assert Releases(db, prepare=meanwhile).publish_due(TIME) == 0
    assert body(db) == SEVEN.strip("\n")
    assert releases(db).publish_due(TIME + timedelta(days=1)) == 0


def test_a_time_in_the_past_is_refused_and_an_approved_text_can_be_moved_or_published_early(
    db: Database,
) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    with pytest.raises(BadSchedule):
        schedule(db, NOW)
    schedule(db)
    schedule(db, TIME + timedelta(days=1), version=3)
    assert releases(db).publish_due(TIME) == 0
    releases(db).publish_draft("returns", seen_version=4, by="主管", reviewing=True, now=TIME)
    assert body(db) == EIGHT.strip("\n")


def test_a_roll_back_is_a_new_revision_with_the_old_text(db: Database) -> None:
    publish(db)
    publish(db, EIGHT, by="小陈")
    publish(db, NINE)

    article = releases(db).roll_back(
        "returns", 2, seen_revision=3, by="小王", reason="写错了", now=TIME
    )

    assert (article.body, article.revision) == (EIGHT.strip("\n"), 4)
    with db.read() as work:
        newest = work.revisions.get("returns", 4)
        assert (newest.restores, newest.author, newest.by, newest.reason) == (
            2,
            "小陈",
            "小王",
            "写错了",
        )
        assert work.revisions.markdown("returns", 3) == NINE
    with pytest.raises(EditConflict) as caught:
        releases(db).roll_back("returns", 1, seen_revision=3, by="小李", now=TIME)
    assert caught.value.theirs is not None
    assert caught.value.theirs.markdown == EIGHT
    with pytest.raises(RevisionNotFound):
        releases(db).roll_back("returns", 9, by="小李", now=TIME)


def test_a_roll_back_to_a_text_that_was_never_good_is_refused(db: Database) -> None:
    publish(db)
    save(db, "---\ntitle: [\n---\n\n八天。\n")
    with pytest.raises(BadArticle):
        releases(db).roll_back("returns", 2, by="小王", now=TIME)
    assert body(db) == SEVEN.strip("\n")


@pytest.fixture(params=["title: 文章标题", "title: 退货\nquestions: [客户会怎么问]"])
def as_begun(request: pytest.FixtureRequest) -> str:
    """A text with words of the template, as live ones from before it was asked for may be."""
    return f"---\n{request.param}\n---\n\n七天内可以退货。\n"


def test_a_new_text_with_words_of_the_template_is_not_published(
    db: Database, as_begun: str
) -> None:
    publish(db)
    save(db, as_begun)
    with pytest.raises(BadArticle, match="as the template has it"):
        submit(db)
    with pytest.raises(BadArticle, match="as the template has it"):
        releases(db).publish_draft("returns", seen_version=1, by="小陈", now=NOW)
    with pytest.raises(BadArticle, match="as the template has it"):
        releases(db).roll_back("returns", 2, by="小陈", now=NOW)
    assert body(db) == SEVEN.strip("\n")


def test_a_new_article_with_words_of_the_template_is_not_published(
    db: Database, as_begun: str
) -> None:
    with db.write() as work:
        editing.begin_article(work, "returns", as_begun, by="小陈", now=NOW)
    with pytest.raises(BadArticle, match="as the template has it"):
        releases(db).publish_draft("returns", seen_version=1, by="小陈", now=NOW)


def test_words_of_the_template_that_were_live_may_be_so_again(db: Database, as_begun: str) -> None:
    publish(db, as_begun)
    save(db, as_begun.replace("七天", "八天"))
    submit(db)
    schedule(db)
    assert releases(db).publish_due(TIME) == 1
    assert "八天" in body(db)
    publish(db, NINE)
    releases(db).roll_back("returns", 1, by="小王", now=TIME)
    publisher(db).archive("returns", by="小王", now=TIME)
    assert releases(db).restore("returns", by="小王", now=TIME).status is ArticleStatus.PUBLISHED
    assert "七天" in body(db)


def test_an_archived_article_comes_back_with_the_text_that_it_had(db: Database) -> None:
    publish(db)
    publisher(db).archive("returns", by="小王", reason="下架了", now=NOW)
    with db.read() as work:
        assert work.articles.published() == []

    article = releases(db).restore("returns", by="小陈", reason="又上架了", now=TIME)

    assert (article.status, article.body, article.revision) == (
        ArticleStatus.PUBLISHED,
        SEVEN.strip("\n"),
        3,
    )
    assert states(db) == ["published", "archived", "published"]
    with db.read() as work:
        assert work.revisions.markdown("returns", 3) == SEVEN
        assert work.revisions.get("returns", 2).reason == "下架了"
    with pytest.raises(NotArchived):
        releases(db).restore("returns", by="小陈", now=TIME)


def test_archiving_an_article_stops_the_text_that_is_scheduled_for_it(db: Database) -> None:
    publish(db)
    save(db, EIGHT)
    submit(db)
    schedule(db)
    publisher(db).archive("returns", by="小王", now=NOW)

    assert releases(db).publish_due(TIME) == 0

    with db.read() as work:
        assert work.articles.get("returns").status is ArticleStatus.ARCHIVED
        assert work.drafts.get("returns").state is DraftState.DRAFT


def test_archiving_twice_is_one_step_and_what_was_never_live_is_not_archived(
    db: Database,
) -> None:
    publish(db)
    for _ in range(2):
        publisher(db).archive("returns", by="小王", now=NOW)
    assert states(db) == ["archived", "published"]
    with db.write() as work:
        editing.begin_article(work, "new", SEVEN, by="小陈", now=NOW)
    with pytest.raises(NotPublished, match="discard"):
        publisher(db).archive("new", by="小王", now=NOW)
