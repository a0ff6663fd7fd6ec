"""Revisions: every text of every article that was ever saved, and what was done with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from knowledge.errors import RevisionNotFound
from knowledge.revision import Revision, RevisionState
from webapp.db import tables
from webapp.records import Page

_r = tables.article_revisions.c
_LISTED = (
    _r.article_id, _r.number, _r.state, _r.title, _r.author, _r.step_by, _r.step_at, _r.reason,
    _r.restores,
)  # fmt: skip


class Revisions:
    """Keeps revisions; they are only ever added to. The article is locked meanwhile, so that two
    writers do not take one number."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next_number(self, article_id: str) -> int:
        """The number of the article's next revision."""
        newest = select(func.max(_r.number)).where(_r.article_id == article_id)
        live = select(tables.articles.c.revision).where(tables.articles.c.id == article_id)
        numbers = (self._session.scalar(newest), self._session.scalar(live))
        return max(number or 0 for number in numbers) + 1

    def add(
        self,
        article_id: str,
        state: RevisionState,
        markdown: str,
        *,
        title: str,
        author: str | None,
        by: str,
        at: datetime,
        reason: str | None = None,
        restores: int | None = None,
        number: int | None = None,
    ) -> int:
        """Keep a text and what was done with it; returns its number, the next one unless given."""
        if number is None:
            number = self.next_number(article_id)
        self._session.execute(
            insert(tables.article_revisions).values(
                article_id=article_id,
                number=number,
                state=state,
                title=title,
                markdown=markdown,
                author=author,
                step_by=by,
                step_at=at,
                reason=reason,
                restores=restores,
            )
        )
        return number

    def page(
        self, article_id: str, *, before: int | None = None, limit: int = 50
    ) -> Page[Revision]:
        """An article's revisions, the newest first; the cursor is the number of the last one."""
        query = select(*_LISTED).where(_r.article_id == article_id)
        if before is not None:
            query = query.where(_r.number < before)
        rows = self._session.execute(query.order_by(_r.number.desc()).limit(limit + 1)).all()
        found = tuple(
            Revision(
                article_id=row.article_id,
                number=row.number,
                state=row.state,
                title=row.title,
                author=row.author,
                by=row.step_by,
                at=row.step_at,
                reason=row.reason,
                restores=row.restores,
            )
            for row in rows[:limit]
        )
        return Page(found, str(found[-1].number) if len(rows) > limit else None)

    def get(self, article_id: str, number: int) -> Revision:
        """One revision; raises RevisionNotFound."""
        found = self.page(article_id, before=number + 1, limit=1).items
        if not found or found[0].number != number:
            raise RevisionNotFound(f"{article_id} has no revision {number}.")
        return found[0]

    def markdown(self, article_id: str, number: int) -> str:
        """The text of one revision, with its front matter; raises RevisionNotFound."""
        query = select(_r.markdown).where(_r.article_id == article_id, _r.number == number)
        found = self._session.scalar(query)
        if found is None:
            raise RevisionNotFound(f"{article_id} has no revision {number}.")
        return str(found)
