"""Terms: what customers call what the articles name, and a counter that moves when one changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from knowledge.terms import Term
from webapp.db import tables
from webapp.db.counters import move_counter, read_counter
from webapp.db.errors import EditConflict, TermNotFound

_t = tables.knowledge_terms.c
_COUNTER = "terms"


class Terms:
    """Keeps terms; what is written here was checked after `begin_change`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def generation(self) -> int:
        """A number that grows with every change to any term."""
        return read_counter(self._session, _COUNTER)

    def begin_change(self) -> None:
        """Move the generation. Nobody else changes terms until the transaction ends, so that what
        is read and checked after this still holds when it is written."""
        move_counter(self._session, _COUNTER)

    def list(self) -> list[Term]:
        """Every term, by name."""
        query = select(tables.knowledge_terms).order_by(_t.name, _t.id)
        return [_term(row) for row in self._session.execute(query)]

    def get(self, term_id: int) -> Term:
        """One term; raises TermNotFound."""
        query = select(tables.knowledge_terms).where(_t.id == term_id)
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise TermNotFound("There is no such term any more; fetch the list again.")
        return _term(row)

    def add(self, term: Term, *, by: str, now: datetime) -> Term:
        """Keep a new one."""
        values = _values(term, by, now) | {"revision": 1}
        done = self._session.execute(insert(tables.knowledge_terms).values(values).returning(_t.id))
        return self.get(int(done.scalar_one()))

    def change(self, term: Term, *, by: str, now: datetime) -> Term:
        """Keep a new text of the term with its id, of which `revision` was seen.

        Raises TermNotFound, EditConflict when somebody else was faster.
        """
        values = _values(term, by, now) | {"revision": term.revision + 1}
        done: Any = self._session.execute(
            update(tables.knowledge_terms)
            .where(_t.id == term.id, _t.revision == term.revision)
            .values(values)
        )
        stands = self.get(term.id or 0)
        if not done.rowcount:
            raise EditConflict(f"{stands.updated_by} has changed `{stands.name}` meanwhile.")
        return stands

    def remove(self, term_id: int) -> Term:
        """Forget one, and return what it was; raises TermNotFound."""
        term = self.get(term_id)
        self._session.execute(delete(tables.knowledge_terms).where(_t.id == term_id))
        return term


def _values(term: Term, by: str, now: datetime) -> dict[str, Any]:
    return {
        "brand_id": term.brand_id,
        "name": term.name,
        "synonyms": term.synonyms,
        "meaning": term.meaning,
        "updated_at": now,
        "updated_by": by[:100],
    }


def _term(row: Any) -> Term:
    return Term(
        id=row.id,
        brand_id=row.brand_id,
        name=row.name,
        synonyms=row.synonyms,
        meaning=row.meaning,
        revision=row.revision,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )
