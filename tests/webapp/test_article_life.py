"""Whatever editors, reviewers, imports and the clock do to an article in whatever order."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from knowledge.article import ArticleStatus
from knowledge.draft import Draft, DraftState
from knowledge.errors import (
    ArticleNotFound,
    DraftLocked,
    DraftMoved,
    DraftNotFound,
    LiveMoved,
    NotArchived,
    NotInReview,
    NotPublished,
)
from knowledge.loader import read_article
from webapp import editing
from webapp.db.database import Database
from webapp.db.errors import AlreadyExists
from webapp.live import make_live, take_out
from webapp.releases import Releases

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REFUSED = (
    AlreadyExists, ArticleNotFound, DraftLocked, DraftMoved, DraftNotFound, LiveMoved, NotArchived,
    NotInReview, NotPublished,
)  # fmt: skip
"""What a step may be refused with; anything else is a mistake of ours."""

versions = st.sampled_from([0, 0, 0, 0, 1, 2])  # how far behind is what somebody has seen


class ArticleLife(RuleBasedStateMachine):
    """One article; `live` and `history` are what we have seen change, apart from the tables."""

    tables: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="jiedai-life-")
        file = shutil.copy(self.tables, Path(self.folder.name) / "jiedai.db")
        self.db = Database(f"sqlite:///{file}")
        self.releases = Releases(self.db, prepare=lambda articles: None)
        self.now = START
        self.count = 0
        self.live: str | None = None
        self.history: list[tuple[int, str]] = []

    def teardown(self) -> None:
        self.db.dispose()
        self.folder.cleanup()

    def text(self) -> str:
        self.count += 1
        return f"# 退货\n\n第{self.count}稿。\n"

    def attempt(self, step: Callable[[], object]) -> bool:
        self.now += timedelta(minutes=1)
        try:
            step()
        except REFUSED:
            return False
        return True

    def draft(self) -> Draft | None:
        with self.db.read() as work:
            return work.drafts.find("returns")

    def seen(self, lag: int) -> int:
        draft = self.draft()
        return max((draft.version if draft else 0) - lag, 0)

    def revision(self) -> int:
        with self.db.read() as work:
            article = work.articles.find("returns")
        return article.revision if article else 0

    def went_live(self, draft: Draft) -> None:
        self.live = draft.markdown
        assert self.draft() is None

    def live_now(self) -> None:
        with self.db.read() as work:
            self.live = work.articles.live_text(work.articles.get("returns")).markdown

    @initialize(begun=st.booleans())
    def start(self, begun: bool) -> None:
        if begun:
            self.begin()

    @rule()
    def begin(self) -> None:
        def step() -> None:
            with self.db.write() as work:
                editing.begin_article(work, "returns", self.text(), by="小李", now=self.now)

        self.attempt(step)

    @rule(lag=versions)
    def save(self, lag: int) -> None:
        before, version = self.draft(), self.seen(lag)
        text = self.text()

        def step() -> None:
            with self.db.write() as work:
                editing.save_draft(
                    work, "returns", text, seen_version=version, by="小陈", now=self.now
                )

        if self.attempt(step):
            assert before is None or before.version == version, "somebody's text was overwritten"
            after = self.draft()
            assert after is not None
            assert after.markdown == text

    @rule(lag=versions, name=st.sampled_from(["submit", "withdraw", "discard", "reject"]))
    def take_step(self, lag: int, name: str) -> None:
        version = self.seen(lag)

        def step() -> None:
            with self.db.write() as work:
                getattr(editing, name)(
                    work, "returns", seen_version=version, by="主管", reason="因为", now=self.now
                )

        self.attempt(step)

    @rule(lag=versions, reviewing=st.booleans(), later=st.booleans())
    def release(self, lag: int, reviewing: bool, later: bool) -> None:
        before, version, revision = self.draft(), self.seen(lag), self.revision()

        def step() -> None:
            self.releases.publish_draft(
                "returns",
                seen_version=version,
                by="主管",
                reviewing=reviewing,
                publish_at=self.now + HOUR if later else None,
                now=self.now,
            )

        if self.attempt(step):
            assert before is not None
            assert before.version == version, "what was published is not what was looked at"
            assert reviewing == (before.state is not DraftState.DRAFT)
            assert before.base == revision, "a live text was replaced that its writer had not seen"
            if not later:
                self.went_live(before)

    @rule()
    def import_over_it(self) -> None:
        text = self.text()
        with self.db.write() as work:
            article = read_article(text, file="returns.md")
            make_live(work, article, markdown=text, by="cli", now=self.now)
        self.live = text

    @rule()
    def archive(self) -> None:
        def step() -> None:
            with self.db.write() as work:
                take_out(work, "returns", by="小王", now=self.now)

        if self.attempt(step):
            self.live = None

    @rule()
    def restore(self) -> None:
        if self.attempt(lambda: self.releases.restore("returns", by="小王", now=self.now)):
            self.live_now()

    @precondition(lambda self: self.history)
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        number, text = data.draw(st.sampled_from(self.history))
        if self.attempt(
            lambda: self.releases.roll_back("returns", number, by="小王", now=self.now)
        ):
            self.live = text

    @rule()
    def wait_until_what_is_scheduled_is_due(self) -> None:
        before = self.draft()
        self.now += 2 * HOUR
        revision = self.revision()
        if self.releases.publish_due(self.now):
            assert before is not None
            assert (before.state, before.base) == (DraftState.SCHEDULED, revision)
            self.went_live(before)

    @invariant()
    def customers_get_what_was_published_last_and_nothing_else(self) -> None:
        with self.db.read() as work:
            published = work.articles.published()
            texts = [work.articles.live_text(article).markdown for article in published]
            bodies = [article.body for article in published]
        assert texts == ([] if self.live is None else [self.live])
        assert bodies == [read_article(text, file="a.md").body for text in texts]

    @invariant()
    def no_text_of_the_past_is_lost_or_changed(self) -> None:
        with self.db.read() as work:
            steps = work.revisions.page("returns", limit=1000).items
            kept = [(s.number, work.revisions.markdown("returns", s.number)) for s in steps]
        kept.reverse()
        assert kept[: len(self.history)] == self.history
        assert [number for number, _ in kept] == list(range(1, len(kept) + 1))
        self.history = kept

    @invariant()
    def an_article_that_was_never_live_stands_where_its_draft_does(self) -> None:
        draft = self.draft()
        with self.db.read() as work:
            article = work.articles.find("returns")
            (last, *_) = work.revisions.page("returns", limit=1).items or (None,)
        if article is None:
            assert draft is None
            return
        if draft is not None and last is not None:
            assert last.number >= 1
            assert draft.base <= article.revision
        if article.revision == 0:
            assert draft is not None
            review = draft.state is DraftState.REVIEW
            assert article.status is (ArticleStatus.REVIEW if review else ArticleStatus.DRAFT)
        else:
            assert article.status in (ArticleStatus.PUBLISHED, ArticleStatus.ARCHIVED)


def test_in_whatever_order_things_happen_customers_get_what_was_published_and_no_text_is_lost(
    sqlite_tables: Path,
) -> None:
    ArticleLife.tables = sqlite_tables
    run_state_machine_as_test(
        ArticleLife,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
