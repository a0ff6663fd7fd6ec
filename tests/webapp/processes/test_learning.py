"""The worker's slow chores: done when there is something to do, without the encoder otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from knowledge.meaning import Meaning
from nlu.errors import ModelUnavailable
from tests.knowledge.letters import LetterEncoder, make_article
from webapp.db.database import Database
from webapp.knowledge_tests import TESTS_WANTED, KnowledgeTests
from webapp.live import make_live
from webapp.processes.learning import HEALTH_AGES, Learning
from webapp.processes.worker import Worker
from webapp.publish import StoredVectors

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Loader:
    """Makes the encoder and counts how often; `missing` makes it fail."""

    def __init__(self, db: Database, *, missing: bool = False) -> None:
        self.db, self.missing, self.loaded = db, missing, 0

    def __call__(self) -> Meaning:
        self.loaded += 1
        if self.missing:
            raise ModelUnavailable("there is no encoder")
        return Meaning(LetterEncoder(), kept=StoredVectors(self.db), encoder="letters")


def learning_over(db: Database, loader: Loader) -> Learning:
    def tests() -> KnowledgeTests:
        raise ModelUnavailable("there is no encoder")

    return Learning(db, loader, tests)


def publish(db: Database, article_id: str) -> None:
    with db.write() as work:
        make_live(work, make_article(article_id, f"## 一\n\n{article_id * 9}。"), by="Eve", now=NOW)


def test_the_base_is_examined_when_it_changed_or_a_day_went_by(db: Database) -> None:
    loader = Loader(db)
    learning = learning_over(db, loader)
    publish(db, "a")
    assert [learning.examine(NOW), learning.examine(NOW)] == [1, 0]  # it has no tests
    publish(db, "b")
    assert learning.examine(NOW) == 2
    assert learning.examine(NOW + HEALTH_AGES) == 2
    assert loader.loaded == 3


def test_nothing_asked_in_vain_loads_no_encoder(db: Database) -> None:
    loader = Loader(db)
    assert learning_over(db, loader).group_gaps(NOW) == 0
    assert loader.loaded == 0


def test_a_missing_encoder_does_not_stop_the_worker(db: Database) -> None:
    learning = learning_over(db, Loader(db, missing=True))
    Worker(db, senders={}, clock=lambda: NOW, chores=learning.chores).do_due(NOW)
    with db.read() as work:
        assert work.health.report() is None
    publish(db, "a")
    later = NOW + timedelta(hours=1)
    learning_over(db, Loader(db)).examine(later)
    with db.read() as work:
        assert work.health.report().made_at == later


def test_tests_that_nobody_wants_or_that_cannot_be_run_are_not(db: Database) -> None:
    learning = learning_over(db, Loader(db))
    assert learning.run_tests(NOW) == 0
    with db.write() as work:
        work.outbox.add(TESTS_WANTED, {"by": "Eve"}, dedup_key="1", now=NOW)
    Worker(db, senders={TESTS_WANTED: learning.want_tests}, clock=lambda: NOW).drain_outbox(NOW)
    assert learning.run_tests(NOW) == 0
    with db.read() as work:
        assert work.test_runs.latest("all") is None
