"""Webhooks: the addresses of other systems that are told what happens here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.errors import WebhookNotFound
from webapp.records import Announcement, Webhook

_w = tables.webhooks.c


class Webhooks:
    """Keeps webhooks and how the last deliveries to them went."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._active: list[Webhook] | None = None

    def add(
        self, url: str, *, kinds: Sequence[Announcement], secret: str, by: str, now: datetime
    ) -> Webhook:
        """Keep a new one, which is active from now on."""
        statement = insert(tables.webhooks).values(
            url=url,
            kinds=tuple(kinds),
            active=True,
            secret=secret,
            created_by=by,
            created_at=now,
        )
        return self.get(self._session.execute(statement.returning(_w.id)).scalar_one())

    def find(self, webhook_id: int) -> Webhook | None:
        """One webhook, or None."""
        found = _read(self._session, _w.id == webhook_id)
        return found[0] if found else None

    def get(self, webhook_id: int) -> Webhook:
        """One webhook; raises WebhookNotFound."""
        found = self.find(webhook_id)
        if found is None:
            raise WebhookNotFound(f"There is no webhook {webhook_id}.")
        return found

    def wanting(self, kind: Announcement) -> list[Webhook]:
        """Those that are active and want to be told of this; read once in a transaction, since an
        import tells of thousands of articles."""
        if self._active is None:
            self._active = _read(self._session, _w.active)
        return [webhook for webhook in self._active if kind in webhook.kinds]

    def list(self) -> list[Webhook]:
        """Every webhook, in the order of their making."""
        return _read(self._session)

    def switch(self, webhook_id: int, *, active: bool) -> Webhook:
        """Begin or end telling it; raises WebhookNotFound."""
        self._change(webhook_id, active=active)
        return self.get(webhook_id)

    def remove(self, webhook_id: int) -> None:
        """Forget it; what still waits for it is not sent. Raises WebhookNotFound."""
        self.get(webhook_id)
        self._session.execute(delete(tables.webhooks).where(_w.id == webhook_id))

    def reached(self, webhook_id: int, *, now: datetime) -> None:
        """It took what was sent."""
        self._change(webhook_id, sent_at=now, failing_since=None, last_error=None)

    def missed(self, webhook_id: int, error: str, *, now: datetime) -> None:
        """It did not take what was sent."""
        since = func.coalesce(_w.failing_since, now)
        self._change(webhook_id, failing_since=since, last_error=error)

    def _change(self, webhook_id: int, **values: object) -> None:
        self._session.execute(update(tables.webhooks).where(_w.id == webhook_id).values(**values))


def _read(session: Session, *conditions: ColumnElement[bool]) -> list[Webhook]:
    query = select(tables.webhooks).where(*conditions).order_by(_w.id)
    return [
        Webhook(
            id=row.id,
            url=row.url,
            kinds=row.kinds,
            active=row.active,
            secret=row.secret,
            created_by=row.created_by,
            created_at=row.created_at,
            sent_at=row.sent_at,
            failing_since=row.failing_since,
            last_error=row.last_error,
        )
        for row in session.execute(query)
    ]
