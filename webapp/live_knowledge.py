"""Live knowledge: the searched articles follow the database, in every process, at once."""

from __future__ import annotations

import threading
from datetime import datetime

from knowledge.article import Answer, Scope
from knowledge.search import KnowledgeBase
from webapp.db.database import Database
from webapp.db.errors import StoreUnavailable
from webapp.logs import get_logger

_log = get_logger(__name__)


class LiveKnowledge:
    """Keeps `dialogue.bot.FindsAnswers`' promise.

    Before each search one number is read; when an article was changed since, by whatever process,
    the index is built anew from the vectors that the publisher has stored.
    """

    def __init__(self, db: Database, base: KnowledgeBase) -> None:
        self._db = db
        self._base = base
        self._loading = threading.Lock()
        self._generation = -1
        self._refresh()

    @property
    def passage_count(self) -> int:
        """How many passages are searched."""
        return self._base.passage_count

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        """Rank passages for the question, within the scope, from today's articles."""
        try:
            self._refresh()
        except StoreUnavailable as error:
            # An answer from the articles of a moment ago is better than none.
            _log.warning("knowledge.stale", reason=str(error))
        return self._base.search(question, scope=scope, limit=limit, now=now)

    def _refresh(self) -> None:
        with self._db.read() as work:
            current = work.articles.generation()
        if current == self._generation:
            return
        with self._loading:
            if current <= self._generation:
                return
            with self._db.read() as work:
                generation, articles = work.articles.generation(), work.articles.published()
            self._base.replace(articles)
            self._generation = generation
        _log.info("knowledge.loaded", articles=len(articles), passages=self.passage_count)
