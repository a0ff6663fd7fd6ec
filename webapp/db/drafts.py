"""Drafts: the texts that are being worked on, at most one for an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.draft import Draft, DraftState
from knowledge.errors import DraftNotFound
from webapp.db import tables

_d = tables.article_drafts.c
_CHUNK = 500


class Drafts:
    """Keeps drafts. Whoever changes one locks its article first (`Articles.lock`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, article_id: str) -> Draft | None:
        """The draft of an article, or None."""
        return self._session.get(Draft, article_id)

    def get(self, article_id: str) -> Draft:
        """The draft of an article; raises DraftNotFound."""
        found = self.find(article_id)
        if found is None:
            raise DraftNotFound(article_id)
        return found

    def of(self, article_ids: Iterable[str]) -> dict[str, Draft]:
        """The drafts of some articles, by the article's id."""
        wanted, found = list(article_ids), {}
        for start in range(0, len(wanted), _CHUNK):
            query = select(Draft).where(_d.article_id.in_(wanted[start : start + _CHUNK]))
            found.update({draft.article_id: draft for draft in self._session.scalars(query)})
        return found

    def due(self, now: datetime) -> list[str]:
        """The articles whose scheduled texts are to be published now, the earliest first."""
        query = (
            select(_d.article_id)
            .where(_d.state == DraftState.SCHEDULED, _d.try_at <= now)
            .order_by(_d.try_at, _d.article_id)
        )
        return list(self._session.scalars(query))

    def list(self, *, state: DraftState | None = None) -> list[Draft]:
        """Every draft, or those in one state; who has waited longest comes first."""
        query = select(Draft).order_by(_d.step_at, _d.article_id)
        if state is not None:
            query = query.where(_d.state == state)
        return list(self._session.scalars(query))

    def after(self, article_id: str, *, limit: int) -> Sequence[Draft]:
        """The drafts of the articles after this id, so many of them, by the article's id."""
        query = select(Draft).where(_d.article_id > article_id)
        return self._session.scalars(query.order_by(_d.article_id).limit(limit)).all()

    def add(self, draft: Draft) -> None:
        """Keep a new draft of an article that has none."""
        self._session.add(draft)
        self._session.flush()

    def remove(self, draft: Draft) -> None:
        """Forget a draft that was published or discarded; its texts stay among the revisions."""
        self._session.delete(draft)
        self._session.flush()
