"""Webhooks as administrators see them."""

from __future__ import annotations

from datetime import datetime

from webapp.records import Announcement
from webapp.shapes.wire import Wire


class WebhookOut(Wire):
    """A webhook and how the last deliveries went; the secret is not shown again."""

    id: int
    url: str
    kinds: list[Announcement]
    active: bool
    created_by: str
    created_at: datetime
    sent_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None


class WebhookCreated(WebhookOut):
    """A new webhook with the secret that its deliveries are signed with, shown this once."""

    secret: str


class WebhooksOut(Wire):
    """Every webhook."""

    items: list[WebhookOut]
