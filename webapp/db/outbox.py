"""Outbox: what must be sent to the world, written with its cause and leased to one worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from webapp.db import tables
from webapp.records import JsonObject, OutboxItem

_o = tables.outbox.c
LEASE = timedelta(seconds=60)


class Outbox:
    """Keeps things to send. A lease that runs out gives the row to another worker, so that a
    receiver may see one twice and must compare `dedup_key`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        kind: str,
        payload: JsonObject,
        *,
        dedup_key: str,
        order_group: str | None = None,
        now: datetime,
    ) -> None:
        """Keep something to send; rows of one `order_group` are sent one after the other."""
        self._session.execute(
            insert(tables.outbox).values(
                kind=kind,
                payload=payload,
                dedup_key=dedup_key,
                order_group=order_group,
                state="waiting",
                attempts=0,
                next_at=now,
                created_at=now,
            )
        )

    def has(self, dedup_key: str) -> bool:
        """Whether something was kept under this key, sent or not."""
        columns = tables.outbox.c
        query = select(columns.id).where(columns.dedup_key == dedup_key)
        return self._session.execute(query).first() is not None

    def lease(self, worker: str, *, limit: int = 10, now: datetime) -> list[OutboxItem]:
        """Take rows that are due; nobody else gets them until the lease runs out."""
        earlier = aliased(tables.outbox)
        blocked = select(earlier.c.id).where(
            earlier.c.order_group == _o.order_group,
            earlier.c.state == "waiting",
            earlier.c.id < _o.id,
        )
        due = (
            select(_o.id)
            .where(
                _o.state == "waiting",
                _o.next_at <= now,
                or_(_o.lease_until.is_(None), _o.lease_until <= now),
                ~blocked.exists(),
            )
            .order_by(_o.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list(self._session.scalars(due))
        taken = self._session.execute(
            update(tables.outbox)
            .where(_o.id.in_(ids))
            .values(lease_until=now + LEASE, lease_by=worker, attempts=_o.attempts + 1)
            .returning(_o.id, _o.kind, _o.dedup_key, _o.payload, _o.attempts)
        )
        items = [
            OutboxItem(row.id, row.kind, row.dedup_key, row.payload, row.attempts) for row in taken
        ]
        return sorted(items, key=lambda item: item.id)

    def done(self, item_id: int, *, now: datetime) -> None:
        """The row was sent."""
        self._finish(item_id, state="sent", done_at=now)

    def failed(self, item_id: int, error: str, *, retry_at: datetime | None, now: datetime) -> None:
        """The row could not be sent; `retry_at` None gives it up."""
        if retry_at is None:
            self._finish(item_id, state="given_up", last_error=error, done_at=now)
        else:
            self._finish(item_id, state="waiting", last_error=error, next_at=retry_at)

    def _finish(self, item_id: int, **values: object) -> None:
        self._session.execute(
            update(tables.outbox)
            .where(_o.id == item_id)
            .values(lease_until=None, lease_by=None, **values)
        )
