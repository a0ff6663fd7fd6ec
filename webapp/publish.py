"""Publishing: an article's passages are encoded first, then one transaction makes it live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article
from knowledge.segment import keep_vectors
from knowledge.source_text import format_source
from knowledge.vectors import Encode
from webapp.db.database import Database
from webapp.db.work import Work
from webapp.editing import plan
from webapp.live import make_live, must_have_room, take_out


class Publishes(Protocol):
    """Makes articles live."""

    def prepare(self, articles: Sequence[Article]) -> None:
        """Encode what is new in articles that are about to be live; raises BadArticle."""
        ...

    def publish(
        self,
        article: Article,
        *,
        by: str,
        seen_revision: int | None = None,
        markdown: str | None = None,
        now: datetime,
    ) -> Article:
        """Encode and keep one article; `seen_revision` 0 is for a new one, None overwrites.

        One whose `publish_at` is to come waits for it as a scheduled draft. `markdown` is the
        source that it was read from, kept as the revision's text.
        Raises EditConflict, AlreadyExists, BadArticle, BadSchedule, StoreUnavailable.
        """
        ...

    def archive(
        self, article_id: str, *, by: str, reason: str | None = None, now: datetime
    ) -> Article:
        """Take one article out of service; raises ArticleNotFound, NotPublished."""
        ...


class StoredVectors:
    """Keeps `knowledge.vectors.PassageVectors`' promise with a transaction for each call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, text_hashes: Sequence[str], *, encoder: str) -> dict[str, NDArray[np.float32]]:
        """The vectors that are known, by hash of their text; they stay for another week at least,
        also when nothing had needed them."""
        with self._db.read() as work:
            noted = work.vectors.noted(text_hashes, encoder=encoder)
            if not noted:
                return work.vectors.find(text_hashes, encoder=encoder)
        with self._db.write() as work:
            work.vectors.note_used(noted, encoder=encoder)
            return work.vectors.find(text_hashes, encoder=encoder)

    def put(self, vectors: Mapping[str, NDArray[np.float32]], *, encoder: str) -> None:
        """Keep vectors for every process."""
        with self._db.write() as work:
            work.vectors.put(vectors, encoder=encoder)


class Publisher:
    """Keeps `Publishes`' promise. A crash at any point leaves either the old or the new article:
    vectors without an article are harmless, an article without vectors is encoded when it is
    loaded."""

    def __init__(self, db: Database, *, encode: Encode, encoder: str) -> None:
        self._db = db
        self._encode = encode
        self._encoder = encoder
        self._kept = StoredVectors(db)

    def prepare(self, articles: Sequence[Article]) -> None:
        """Encode what is new, so that no process has to when the articles are live.

        Raises BadArticle for what there is no room for. What is left of a template is refused
        before, where a text is new (`webapp.live.must_fit`): what was live may be so again.
        """
        must_have_room(articles)
        keep_vectors(articles, encode=self._encode, kept=self._kept, encoder=self._encoder)

    def publish(
        self,
        article: Article,
        *,
        by: str,
        seen_revision: int | None = None,
        markdown: str | None = None,
        now: datetime,
    ) -> Article:
        """Encode and keep one article; raises EditConflict, AlreadyExists, BadArticle, BadSchedule,
        StoreUnavailable."""
        self.prepare([article])
        with self._db.write() as work:
            if is_later(article, now):
                return plan_article(
                    work, article, markdown=markdown, seen_revision=seen_revision, by=by, now=now
                )
            stored = make_live(
                work, article, markdown=markdown, seen_revision=seen_revision, by=by, now=now
            )
            work.audit.add("article.published", f"article:{article.id}", actor=by, now=now)
        return stored

    def archive(
        self, article_id: str, *, by: str, reason: str | None = None, now: datetime
    ) -> Article:
        """Take one article out of service; raises ArticleNotFound, NotPublished."""
        with self._db.write() as work:
            return take_out(work, article_id, by=by, reason=reason, now=now)


def is_later(article: Article, now: datetime) -> bool:
    """Whether its front matter names a time that is to come."""
    return article.publish_at is not None and article.publish_at > now


def plan_article(
    work: Work,
    article: Article,
    *,
    markdown: str | None = None,
    seen_revision: int | None = None,
    by: str,
    now: datetime,
) -> Article:
    """Keep an article for the time that its front matter names, as `webapp.editing.plan` does."""
    if article.publish_at is None:
        raise ValueError("Only an article with a time is planned.")
    return plan(
        work,
        article,
        format_source(article) if markdown is None else markdown,
        publish_at=article.publish_at,
        seen_revision=seen_revision,
        by=by,
        now=now,
    )
