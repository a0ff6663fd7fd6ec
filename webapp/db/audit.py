"""Audit: who did what to which thing; only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.records import AuditEntry

_a = tables.audit.c
# What strangers type may be longer than the columns; PostgreSQL refuses what SQLite takes.
_ACTOR, _SUBJECT = 254, 200


class Audit:
    """Keeps what staff and programs did; customers' words do not belong here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        action: str,
        subject: str,
        *,
        actor: str,
        staff_id: int | None = None,
        detail: Mapping[str, str] | None = None,
        address: str | None = None,
        now: datetime,
    ) -> None:
        """Write one line, for example `account.created` on `staff:7`."""
        self._session.execute(
            insert(tables.audit).values(
                at=now,
                staff_id=staff_id,
                actor=actor[:_ACTOR],
                action=action,
                subject=subject[:_SUBJECT],
                detail=dict(detail or {}),
                address=address,
            )
        )

    def latest(self, *, limit: int = 100) -> list[AuditEntry]:
        """The newest lines first."""
        query = select(tables.audit).order_by(_a.id.desc()).limit(limit)
        return [
            AuditEntry(
                id=row.id,
                at=row.at,
                staff_id=row.staff_id,
                actor=row.actor,
                action=row.action,
                subject=row.subject,
                detail=row.detail,
                address=row.address,
            )
            for row in self._session.execute(query)
        ]
