"""Webhooks: which other systems are told what happens here."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from webapp.auth.session import required_staff
from webapp.current import now, record, services
from webapp.errors import InvalidInput
from webapp.operations import Answered, Body, Operations
from webapp.records import Announcement, Webhook
from webapp.shapes.webhooks import WebhookCreated, WebhookOut, WebhooksOut
from webapp.webhooks import BadWebhook, check_secret, check_url, new_secret

bp = Blueprint("api_webhooks", __name__)
route = Operations(bp)

_ALL = "/api/v1/webhooks"


class WebhookIn(Body):
    """Where to tell, and what: everything unless `kinds` are named. A secret left out is made."""

    url: str = Field(min_length=1, max_length=2000)
    kinds: list[Announcement] = Field(default=list(Announcement), min_length=1, max_length=50)
    secret: str | None = Field(default=None, max_length=100)


class WebhookChange(Body):
    """Whether it is told anything."""

    active: bool


@route("GET", _ALL, answers={200: WebhooksOut})
def list_webhooks() -> Answered:
    """Every webhook, and how the last deliveries to it went"""
    with services().db.read() as work:
        return WebhooksOut(items=[webhook_out(webhook) for webhook in work.webhooks.list()])


@route("POST", _ALL, body=WebhookIn, answers={201: WebhookCreated})
def add_webhook(body: WebhookIn) -> Answered:
    """Tell another system what happens here; the answer has the secret, this once"""
    secret = body.secret or new_secret()
    try:
        check_url(body.url, services().settings.webhook_networks)
        check_secret(secret)
    except BadWebhook as error:
        raise InvalidInput(str(error)) from error
    staff = required_staff()
    with services().db.write() as work:
        webhook = work.webhooks.add(
            body.url,
            kinds=tuple(dict.fromkeys(body.kinds)),
            secret=secret,
            by=staff.name,
            now=now(),
        )
        subject = f"webhook:{webhook.id}"
        detail = {"url": webhook.url[:200]}
        record(work, "webhook.added", subject, actor=staff.name, staff_id=staff.id, detail=detail)
    return WebhookCreated(**dict(webhook_out(webhook)), secret=secret)


@route("PUT", f"{_ALL}/<int:webhook_id>", body=WebhookChange, answers={200: WebhookOut})
def change_webhook(webhook_id: int, body: WebhookChange) -> Answered:
    """Switch a webhook on or off; what waits for one that is off is dropped"""
    staff = required_staff()
    with services().db.write() as work:
        webhook = work.webhooks.switch(webhook_id, active=body.active)
        action = "webhook.switched_on" if body.active else "webhook.switched_off"
        subject = f"webhook:{webhook_id}"
        record(work, action, subject, actor=staff.name, staff_id=staff.id)
        return webhook_out(webhook)


@route("DELETE", f"{_ALL}/<int:webhook_id>", answers={200: WebhookOut})
def remove_webhook(webhook_id: int) -> Answered:
    """Forget a webhook; what waits for it is not sent"""
    staff = required_staff()
    with services().db.write() as work:
        webhook = work.webhooks.get(webhook_id)
        work.webhooks.remove(webhook_id)
        subject = f"webhook:{webhook_id}"
        record(work, "webhook.removed", subject, actor=staff.name, staff_id=staff.id)
        return webhook_out(webhook)


def webhook_out(webhook: Webhook) -> WebhookOut:
    """The webhook without its secret."""
    return WebhookOut(
        id=webhook.id,
        url=webhook.url,
        kinds=list(webhook.kinds),
        active=webhook.active,
        created_by=webhook.created_by,
        created_at=webhook.created_at,
        sent_at=webhook.sent_at,
        failing_since=webhook.failing_since,
        last_error=webhook.last_error,
    )
