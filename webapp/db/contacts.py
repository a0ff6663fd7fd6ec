"""Contacts: who writes to us. An unproved identifier never leads to somebody else's record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.errors import ContactNotFound
from webapp.records import Contact

_c = tables.contacts.c


class Contacts:
    """Keeps customers' records."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        identifier: str | None = None,
        verified: bool = False,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        brand_id: str = "default",
        now: datetime,
    ) -> Contact:
        """Keep a contact. A verified identifier is updated where it is known, else new.

        What was given before and is left out now stays.
        """
        known = self._verified(identifier, brand_id) if verified and identifier else None
        given = {"name": name, "phone": phone, "email": email}
        values = {key: value for key, value in given.items() if value is not None}
        if known is not None:
            statement = update(tables.contacts).where(_c.id == known)
            self._session.execute(statement.values(updated_at=now, **values))
            return self.get(known)
        result = self._session.execute(
            insert(tables.contacts)
            .values(
                identifier=identifier,
                verified=verified,
                brand_id=brand_id,
                created_at=now,
                updated_at=now,
                **values,
            )
            .returning(_c.id)
        )
        return self.get(result.scalar_one())

    def get(self, contact_id: int) -> Contact:
        """One contact; raises ContactNotFound."""
        found = self.by_ids([contact_id]).get(contact_id)
        if found is None:
            raise ContactNotFound(str(contact_id))
        return found

    def by_ids(self, ids: Iterable[int | None]) -> dict[int, Contact]:
        """Contacts by id; unknown ids are left out."""
        wanted = [i for i in ids if i is not None]
        if not wanted:
            return {}
        rows = self._session.execute(select(tables.contacts).where(_c.id.in_(wanted)))
        return {row.id: _contact(row) for row in rows}

    def _verified(self, identifier: str, brand_id: str) -> int | None:
        query = select(_c.id).where(
            _c.brand_id == brand_id, _c.identifier == identifier, _c.verified
        )
        return self._session.execute(query.with_for_update()).scalar_one_or_none()


def _contact(row: Row[tuple[object, ...]]) -> Contact:
    return Contact(
        id=row.id,
        identifier=row.identifier,
        verified=row.verified,
        name=row.name,
        phone=row.phone,
        email=row.email,
        created_at=row.created_at,
        brand_id=row.brand_id,
    )
