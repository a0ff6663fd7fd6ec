"""The worker's slow chores: group what was asked in vain, examine the knowledge base."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from knowledge.meaning import Meaning
from nlu.encoder import load_encoder
from nlu.errors import NluError
from webapp.bootstrap import load_knowledge, make_meaning, make_tests
from webapp.db.database import Database
from webapp.gap_grouping import KEPT, refresh_gaps
from webapp.health_check import refresh_health
from webapp.knowledge_tests import KnowledgeTests
from webapp.logs import get_logger
from webapp.processes.chores import Chore
from webapp.records import OutboxItem
from webapp.settings import Settings

_log = get_logger(__name__)

TESTS_EVERY = timedelta(seconds=1)
GAPS_EVERY = timedelta(minutes=5)
HEALTH_EVERY = timedelta(minutes=5)
HEALTH_AGES = timedelta(hours=24)
"""After this long even an unchanged base is examined again: dates pass, and use changes."""


class Learning:
    """Does the chores when there is something to do, and only then loads the encoder: it goes
    again with the work, so that a quiet worker stays small."""

    def __init__(
        self,
        db: Database,
        make: Callable[[], Meaning],
        make_tests: Callable[[], KnowledgeTests],
    ) -> None:
        self._db = db
        self._make = make
        self._make_tests = make_tests
        self._wanted_by: str | None = None

    @property
    def chores(self) -> tuple[Chore, ...]:
        """What the worker is to do."""
        return (
            Chore("tests", TESTS_EVERY, self.run_tests),
            Chore("gaps", GAPS_EVERY, self.group_gaps),
            Chore("health", HEALTH_EVERY, self.examine),
        )

    def group_gaps(self, now: datetime) -> int:
        """Group new questions; 0 also without an encoder."""
        with self._db.read() as work:
            waiting = bool(work.gaps.new_questions(since=now - KEPT, limit=1))
        if not waiting:
            with self._db.write() as work:
                work.gaps.wake(now)
            return 0
        meaning = self._load()
        return refresh_gaps(self._db, meaning, now=now) if meaning else 0

    def examine(self, now: datetime) -> int:
        """Examine the articles if they changed since the last time, or that is long ago."""
        with self._db.read() as work:
            report, generation = work.health.report(), work.articles.generation()
        if report and report.generation == generation and now - report.made_at < HEALTH_AGES:
            return 0
        meaning = self._load()
        return refresh_health(self._db, meaning, now=now) if meaning else 0

    def want_tests(self, item: OutboxItem) -> None:
        """Note that somebody wants every test asked: not done here, since what is leased with it
        would wait for tens of seconds."""
        self._wanted_by = str(item.payload["by"])

    def run_tests(self, now: datetime) -> int:
        """Ask every test if somebody wanted it; 0 also without an encoder."""
        by, self._wanted_by = self._wanted_by, None
        if by is None:
            return 0
        try:
            tests = self._make_tests()
        except NluError as error:
            _log.warning("learning.no_encoder", reason=str(error))
            return 0
        return tests.run(by=by, now=now).cases

    def _load(self) -> Meaning | None:
        try:
            return self._make()
        except NluError as error:
            _log.warning("learning.no_encoder", reason=str(error))
            return None


def learning_of(settings: Settings, db: Database) -> Learning:
    """The chores over an installation's encoder."""

    def tests() -> KnowledgeTests:
        encoder = load_encoder(settings.encoder_source)
        live = load_knowledge(
            db, encoder, timezone=settings.timezone, vector_index=settings.vector_index
        )
        return make_tests(db, encoder, live)

    return Learning(db, lambda: make_meaning(db, load_encoder(settings.encoder_source)), tests)
