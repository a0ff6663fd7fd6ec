"""Articles: the source of the knowledge base, and a counter that moves when one changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.article import Article, ArticleStatus
from knowledge.errors import ArticleNotFound
from webapp.db import tables
from webapp.db.errors import AlreadyExists, EditConflict
from webapp.db.upsert import upsert

_a = tables.articles.c
_COUNTER = "articles"


class Articles:
    """Keeps articles; every change moves `generation`, which the searching processes watch."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, article_id: str) -> Article | None:
        """One article, or None."""
        return self._session.get(Article, article_id)

    def get(self, article_id: str) -> Article:
        """One article; raises ArticleNotFound."""
        found = self.find(article_id)
        if found is None:
            raise ArticleNotFound(article_id)
        return found

    def published(self) -> list[Article]:
        """Every article that customers are answered from, of every brand, by id."""
        query = select(Article).where(_a.status == ArticleStatus.PUBLISHED).order_by(_a.id)
        return list(self._session.scalars(query))

    def list(
        self, *, status: ArticleStatus | None = None, brand_id: str = "default"
    ) -> list[Article]:
        """Every article of a brand, by title; archived ones only when asked for."""
        query = select(Article).where(_a.brand_id == brand_id).order_by(_a.title, _a.id)
        if status is None:
            query = query.where(_a.status != ArticleStatus.ARCHIVED)
        else:
            query = query.where(_a.status == status)
        return list(self._session.scalars(query))

    def put(self, article: Article, *, seen_revision: int | None = None) -> Article:
        """Keep a new article or a new revision of a known one.

        `seen_revision` is what the editor started from: raises EditConflict when the article has
        moved on since. 0 stands for a new article: raises AlreadyExists when there is one, also
        when somebody adds it at the same moment. None overwrites, as an import does.
        """
        known = self._session.get(Article, article.id, with_for_update=True)
        if known is not None and seen_revision == 0:
            raise _already_exists(article)
        if known is not None and seen_revision not in (None, known.revision):
            raise EditConflict(f"Article {article.id} was changed by {known.updated_by}.")
        article.revision = 1 if known is None else known.revision + 1
        try:
            with self._session.begin_nested():
                if known is None:
                    # Not merged: that would look again, and change what somebody has just added.
                    self._session.add(article)
                    stored = article
                else:
                    stored = self._session.merge(article)
        except IntegrityError as error:
            raise _already_exists(article) from error
        self._moved()
        return stored

    def archive(self, article_id: str) -> Article:
        """Take an article out of service but keep it; raises ArticleNotFound."""
        article = self.get(article_id)
        if article.status is not ArticleStatus.ARCHIVED:
            article.status = ArticleStatus.ARCHIVED
            article.revision += 1
            self._session.flush()
            self._moved()
        return article

    def generation(self) -> int:
        """A number that grows with every change to any article."""
        counters = tables.counters.c
        query = select(counters.value).where(counters.name == _COUNTER)
        return self._session.execute(query).scalar_one_or_none() or 0

    def _moved(self) -> None:
        counters = tables.counters
        first = {"name": _COUNTER, "value": 1}
        upsert(self._session, counters, first, changes={"value": counters.c.value + 1})


def _already_exists(article: Article) -> AlreadyExists:
    return AlreadyExists(f"There is an article {article.id!r} already; give this one another id.")
