"""Articles: the source of the knowledge base, and a counter that moves when one changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.article import Article, ArticleStatus
from knowledge.errors import ArticleNotFound, NotPublished, Theirs
from knowledge.source_text import format_source
from webapp.db import tables
from webapp.db.counters import move_counter, read_counter
from webapp.db.errors import AlreadyExists, EditConflict
from webapp.db.upsert import upsert

_a = tables.articles.c
_r = tables.article_revisions.c
_c = tables.article_changes.c
_COUNTER = "articles"


class Articles:
    """Keeps articles; every change of what customers get moves `generation`, which the searching
    processes watch."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._moved_to: int | None = None

    def find(self, article_id: str) -> Article | None:
        """One article, or None."""
        return self._session.get(Article, article_id)

    def get(self, article_id: str) -> Article:
        """One article; raises ArticleNotFound."""
        found = self.find(article_id)
        if found is None:
            raise ArticleNotFound(article_id)
        return found

    def lock(self, article_id: str) -> Article:
        """One article that nobody else changes until the transaction ends, nor its draft and its
        revisions; raises ArticleNotFound."""
        found = self._session.get(Article, article_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise ArticleNotFound(article_id)
        return found

    def published(self) -> list[Article]:
        """Every article that customers are answered from, of every brand, by id."""
        query = select(Article).where(_a.status == ArticleStatus.PUBLISHED).order_by(_a.id)
        return list(self._session.scalars(query))

    def published_after(self, article_id: str, *, limit: int) -> Sequence[Article]:
        """Those of `published` that come after this id, so many of them."""
        query = select(Article).where(_a.status == ArticleStatus.PUBLISHED, _a.id > article_id)
        return self._session.scalars(query.order_by(_a.id).limit(limit)).all()

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

    def begin(self, article: Article) -> Article:
        """Keep an article that was never live; raises AlreadyExists, also when somebody adds one
        with this id at the same moment."""
        article.revision = 0
        self._add(article)
        return article

    def put(self, article: Article, *, seen_revision: int | None = None) -> Article:
        """Keep the live text of a new article, or a new one of a known article.

        `seen_revision` is what the editor started from: raises EditConflict when the article has
        moved on since. 0 stands for a new article: raises AlreadyExists when there is one, also
        when somebody adds it at the same moment. None overwrites, as an import does.
        """
        known = self.must_have_seen(article.id, seen_revision)
        article.revision = self._next_number(article.id, known)
        if known is None:
            self._add(article)
            stored = article
        else:
            stored = self._session.merge(article)
            self._session.flush()
        self._moved(article.id)
        return stored

    def must_have_seen(self, article_id: str, seen_revision: int | None) -> Article | None:
        """The article, locked, or None; raises EditConflict and AlreadyExists as `put` does."""
        known = self._session.get(Article, article_id, with_for_update=True)
        if known is None or seen_revision is None:
            return known
        if seen_revision == 0:
            raise _already_exists(article_id)
        if seen_revision != known.revision:
            raise EditConflict(
                f"Article {article_id} was changed by {known.updated_by}.",
                theirs=self.live_text(known),
            )
        return known

    def archive(self, article_id: str) -> Article:
        """Take an article out of service but keep it; raises ArticleNotFound, NotPublished."""
        article = self.lock(article_id)
        if article.revision == 0:
            raise NotPublished("This article was never published: discard its draft instead.")
        if article.status is not ArticleStatus.ARCHIVED:
            article.status = ArticleStatus.ARCHIVED
            article.revision = self._next_number(article_id, article)
            self._session.flush()
            self._moved(article_id)
        return article

    def remove_unpublished(self, article: Article) -> None:
        """Forget an article that customers never got; its texts stay among the revisions."""
        self._session.execute(delete(tables.articles).where(_a.id == article.id, _a.revision == 0))
        self._session.expunge(article)

    def live_text(self, article: Article) -> Theirs:
        """What customers get (or got, when it is archived): the text as it was written, since when
        and by whom; the empty text for an article that was never live."""
        written = select(_r.markdown).where(_r.article_id == article.id)
        markdown = self._session.scalar(written.where(_r.number == article.revision))
        if markdown is None:
            markdown = format_source(article) if article.revision else ""
        return Theirs(article.updated_by, article.updated_at, article.revision, markdown)

    def generation(self) -> int:
        """A number that grows with every change to any article."""
        return read_counter(self._session, _COUNTER)

    def changed_since(self, generation: int) -> Sequence[Article]:
        """The articles that customers noticed a change of after this generation, by id; those that
        are not published any more as well."""
        query = select(Article).join(tables.article_changes, _c.article_id == _a.id)
        query = query.where(_c.generation > generation).order_by(_a.id)
        return self._session.scalars(query).all()

    def count_changed_since(self, generation: int) -> int:
        """How many articles `changed_since` would read."""
        query = select(func.count()).where(_c.generation > generation)
        return self._session.scalar(query) or 0

    def _add(self, article: Article) -> None:
        # Not merged: that would look again, and change what somebody has just added.
        try:
            with self._session.begin_nested():
                self._session.add(article)
        except IntegrityError as error:
            raise _already_exists(article.id) from error

    def _next_number(self, article_id: str, known: Article | None) -> int:
        kept = self._session.scalar(select(func.max(_r.number)).where(_r.article_id == article_id))
        return max(kept or 0, known.revision if known else 0) + 1

    def _moved(self, article_id: str) -> None:
        """Note the change under the next generation, which is moved to once in a transaction: an
        import changes thousands of articles."""
        if self._moved_to is None:
            move_counter(self._session, _COUNTER)
            self._moved_to = self.generation()
        now = {"article_id": article_id, "generation": self._moved_to}
        changes = {"generation": self._moved_to}
        upsert(self._session, tables.article_changes, now, changes=changes)


def _already_exists(article_id: str) -> AlreadyExists:
    return AlreadyExists(f"There is an article {article_id!r} already; give this one another id.")
