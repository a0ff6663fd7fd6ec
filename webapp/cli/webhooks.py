"""`jiedai webhook`: which other systems are told what happens here."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from webapp.cli.options import Misuse, data_option, existing, plain_errors, say
from webapp.db import schema
from webapp.db.database import Database, utc_now
from webapp.db.errors import WebhookNotFound
from webapp.records import Announcement, Webhook
from webapp.webhooks import BadWebhook, check_secret, check_url, new_secret

BY = "jiedai webhook"

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def webhook() -> None:
    """Tell other systems what happens here."""


@webhook.command()
@click.argument("url")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in Announcement]),
    multiple=True,
    help="What it is told; may be given several times. Default: everything.",
)
@click.option("--secret", help="whsec_ and base64; one is made when left out.")
@data_option
def add(url: str, kinds: tuple[str, ...], secret: str | None, data: Path | None) -> None:
    """Send what happens to URL, signed; prints the secret, alone."""
    with plain_errors():
        settings = existing(data)
        schema.check_current(settings.database_url)
        chosen = secret or new_secret()
        try:
            check_url(url, settings.webhook_networks)
            check_secret(chosen)
        except BadWebhook as error:
            raise Misuse(str(error)) from error
        wanted = tuple(Announcement(kind) for kind in dict.fromkeys(kinds)) or tuple(Announcement)
        now = utc_now()
        with Database(settings.database_url).write() as work:
            made = work.webhooks.add(url, kinds=wanted, secret=chosen, by=BY, now=now)
            detail = {"url": url[:200]}
            work.audit.add("webhook.added", f"webhook:{made.id}", actor=BY, detail=detail, now=now)
    say(f"Webhook {made.id} is told {', '.join(made.kinds)}. Its secret, shown this once:")
    click.echo(chosen)


@webhook.command("list")
@data_option
@_JSON
def list_(data: Path | None, as_json: bool) -> None:
    """List the webhooks and how the last deliveries went."""
    with plain_errors():
        settings = existing(data)
        with Database(settings.database_url).read() as work:
            found = work.webhooks.list()
    if as_json:
        click.echo(json.dumps([_plain(item) for item in found], ensure_ascii=False))
        return
    for item in found:
        state = "failing" if item.failing_since else "active" if item.active else "off"
        why = f"  {item.last_error}" if item.last_error else ""
        click.echo(f"{item.id}  {state}  {item.url}  {','.join(item.kinds)}{why}")


@webhook.command()
@click.argument("webhook_id", metavar="ID", type=click.IntRange(1))
@data_option
def remove(webhook_id: int, data: Path | None) -> None:
    """Forget a webhook; what waits for it is not sent."""
    with plain_errors():
        settings = existing(data)
        now = utc_now()
        try:
            with Database(settings.database_url).write() as work:
                work.webhooks.remove(webhook_id)
                work.audit.add("webhook.removed", f"webhook:{webhook_id}", actor=BY, now=now)
        except WebhookNotFound as error:
            raise Misuse(f"{error} See `jiedai webhook list`.") from error
    say(f"Webhook {webhook_id} is gone.")


def _plain(item: Webhook) -> dict[str, Any]:
    """Everything but the secret, times in ISO 8601."""
    fields = {name: value for name, value in asdict(item).items() if name != "secret"}
    times = ("created_at", "sent_at", "failing_since")
    return fields | {name: fields[name] and fields[name].isoformat() for name in times}
