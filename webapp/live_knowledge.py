"""Live knowledge: the searched articles follow the database, in every process, at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from dialogue.bot import FindsAnswers
from knowledge.article import Answer, Article, Scope
from knowledge.search import KnowledgeBase
from webapp.db.database import Database
from webapp.db.errors import StoreUnavailable, VectorsMissing
from webapp.db.work import Work
from webapp.logs import get_logger

_log = get_logger(__name__)

_AT_ONCE = 50
"""Articles: as many changes are taken in before the question is answered; more are taken in
beside, while the articles of before still answer."""


_REPORTED = 1000
"""Articles: after as many the log tells how far a load is."""


class SearchesKnowledge(FindsAnswers, Protocol):
    """Finds passages, and says from which score on they are said."""

    @property
    def min_score(self) -> float:
        """The calibrated score from which a passage may be said."""
        ...

    def used_among(self, terms: Iterable[str]) -> set[str]:
        """Those of which some passage, or what leads to it, has all words."""
        ...


class LiveKnowledge:
    """Keeps `SearchesKnowledge`'s promise.

    Before each search two numbers are read. When that of the articles moved, those that were
    changed since, by whatever process, are read and taken into the index, with the vectors that the
    publisher has stored; when that of the terms moved, the terms are read. Only the first load
    reads all articles, and questions wait for it.
    """

    def __init__(self, db: Database, base: KnowledgeBase, *, timezone: tzinfo = UTC) -> None:
        self._timezone = timezone
        self._db = db
        self._base = base
        self._loading = threading.Lock()
        self._reading_terms = threading.Lock()
        self._beside: threading.Thread | None = None
        self._generation = -1
        self._terms_generation = -1
        self._lost = False
        self._load()

    @property
    def passage_count(self) -> int:
        """How many passages are searched."""
        return self._base.passage_count

    @property
    def min_score(self) -> float:
        """The calibrated score from which a passage may be said."""
        return self._base.min_score

    def used_among(self, terms: Iterable[str]) -> set[str]:
        """Those of which some passage of today's articles, or what leads to it, has all words."""
        self._follow()
        return {term for term in terms if self._base.uses(term)}

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        """Rank passages for the question, within the scope, from today's articles; what today is
        the calendar of the installation says."""
        today = None if now is None else now.astimezone(self._timezone)
        self._follow()
        try:
            return self._base.search(question, scope=scope, limit=limit, now=today)
        except VectorsMissing as error:
            _log.error("knowledge.vectors_missing", reason=str(error))
            self._lost = True
            self._begin_beside()
            raise

    def with_changes(self, changed: Sequence[Article]) -> KnowledgeBase:
        """What would be searched if these articles were live; nothing of it is, and the rest is
        as it is this moment. Raises StoreUnavailable."""
        self._catch_up()
        if self._base.is_scattered:
            self._base.tidy()
        return self._base.with_changes(changed)

    def settle(self) -> None:
        """Wait until what is taken in beside is there."""
        beside = self._beside
        if beside is not None:
            beside.join()

    def _load(self) -> None:
        with self._db.read() as work:
            generation, articles = work.articles.generation(), work.articles.published()
            self._follow_terms(work)
        self._base.replace(articles, progress=lambda done: self._report(done, len(articles)))
        self._generation = generation
        _log.info("knowledge.loaded", articles=len(articles), passages=self.passage_count)

    @staticmethod
    def _report(done: int, of: int) -> None:
        if done % _REPORTED == 0:
            _log.info("knowledge.loading", done=done, of=of)

    def _follow(self) -> None:
        try:
            self._refresh()
        except StoreUnavailable as error:
            # An answer from the articles of a moment ago is better than none.
            _log.warning("knowledge.stale", reason=str(error))

    def _refresh(self) -> None:
        with self._db.read() as work:
            self._follow_terms(work)
            if work.articles.generation() == self._generation:
                return
            many = work.articles.count_changed_since(self._generation) > _AT_ONCE
        if many and self.passage_count:
            self._begin_beside()
            return
        self._catch_up()
        if self._base.is_scattered:
            self._begin_beside()

    def _follow_terms(self, work: Work) -> None:
        generation = work.terms.generation()
        if generation == self._terms_generation:
            return
        # One at a time: terms of before must not stay under the number of those of now.
        with self._reading_terms:
            if generation == self._terms_generation:
                return
            terms = work.terms.list()
            self._base.read_terms(terms)
            self._terms_generation = generation
            _log.info("knowledge.terms", terms=len(terms))

    def _catch_up(self) -> None:
        with self._loading:
            with self._db.read() as work:
                self._follow_terms(work)
                generation = work.articles.generation()
                changed = work.articles.changed_since(self._generation)
            if changed:
                self._base.change(changed)
                _log.info("knowledge.changed", articles=len(changed), passages=self.passage_count)
            self._generation = generation

    def _begin_beside(self) -> None:
        if self._beside is None or not self._beside.is_alive():
            self._beside = threading.Thread(target=self._work_beside, name="knowledge", daemon=True)
            self._beside.start()

    def _work_beside(self) -> None:
        try:
            if self._lost:
                with self._loading:
                    self._load()
                    self._lost = False
            self._catch_up()
            self._base.tidy()
        except StoreUnavailable as error:
            _log.warning("knowledge.stale", reason=str(error))
