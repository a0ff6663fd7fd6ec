"""Publishes scheduled texts in a process that does not hold the encoder until it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.article import Article
from webapp.db.database import Database
from webapp.releases import Releases
from webapp.settings import Settings

if TYPE_CHECKING:
    from webapp.publish import Publisher


class ScheduledTexts:
    """A chore of the worker: publish what is due, once with any number of workers.

    The encoder is loaded with the first text that is due. Where it cannot be, that text says so
    and is tried again, like any other that fails.
    """

    def __init__(self, db: Database, settings: Settings) -> None:
        self._settings = settings
        self._db = db
        self._releases = Releases(db, prepare=self._prepare, zone=settings.zone)
        self._publisher: Publisher | None = None

    def __call__(self, now: datetime) -> int:
        """Publish what is due; returns how many texts went live. Raises StoreError."""
        return self._releases.publish_due(now)

    def _prepare(self, articles: Sequence[Article]) -> None:
        if self._publisher is None:
            self._publisher = self._load()
        self._publisher.prepare(articles)

    def _load(self) -> Publisher:
        # Seconds and 260 MB, which a worker without scheduled texts does without.
        from nlu.encoder import load_encoder
        from webapp.bootstrap import make_publisher

        return make_publisher(self._db, load_encoder(self._settings.encoder_source))
