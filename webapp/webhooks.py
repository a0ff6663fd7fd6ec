"""Webhooks: what other systems are told, how it is signed, and which addresses may be told.

The form is that of Standard Webhooks (https://www.standardwebhooks.com): headers `webhook-id`,
`webhook-timestamp` and `webhook-signature`, a JSON body of `type`, `timestamp` and `data`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4

from webapp.db.work import Work
from webapp.records import Announcement, JsonObject

OUTBOX_KIND = "webhook"
"""The kind of the outbox's rows that are deliveries to webhooks."""

_PREFIX = "whsec_"
_SECRET_BYTES = 32
_LONGEST_URL = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadWebhook(ValueError):
    """An address or a secret that cannot be used; the message says why, and what to do."""


def announce(work: Work, kind: Announcement, data: JsonObject, *, now: datetime) -> None:
    """Put a delivery for every webhook that wants this into the outbox, with its cause.

    They share one id, which a receiver compares: it may get one twice.
    """
    webhooks = work.webhooks.wanting(kind)
    if not webhooks:
        return
    event_id = f"evt_{uuid4().hex}"
    content = {"type": kind.value, "timestamp": now.isoformat(), "data": data}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for webhook in webhooks:
        payload: JsonObject = {"webhook_id": webhook.id, "event_id": event_id, "body": body}
        work.outbox.add(OUTBOX_KIND, payload, dedup_key=f"{event_id}:{webhook.id}", now=now)


def new_secret() -> str:
    """A secret in the form that Standard Webhooks' libraries take."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: `v1,` and the base64 of an HMAC-SHA256.

    `timestamp` is in seconds since 1970, as in `webhook-timestamp`. Raises BadWebhook.
    """
    signed = f"{event_id}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def check_secret(secret: str) -> None:
    """Refuse a secret that nobody could check a signature with; raises BadWebhook."""
    if not 24 <= len(_key(secret)) <= 64:
        raise BadWebhook("secret: take 24 to 64 random bytes, or leave it out to get one.")


def check_url(url: str, networks: Sequence[Network]) -> None:
    """Refuse an address that nothing will be sent to; raises BadWebhook.

    What a name stands for is looked at when something is sent, each time.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadWebhook(f"url: this is no address ({error}).") from error
    if parts.scheme not in {"http", "https"} or not host or len(url) > _LONGEST_URL:
        raise BadWebhook("url: write an address such as https://erp.example.com/hooks.")
    if not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise BadWebhook("url: write it without spaces, in ASCII (xn--… and %…).")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadWebhook("url: leave out user, password and what follows #; requests are signed.")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return
    if not may_reach(literal, networks):
        raise BadWebhook(not_reachable(host))


def may_reach(address: Address, networks: Iterable[Network]) -> bool:
    """Whether something may be sent there: the public internet, and the networks that are listed.

    A machine's own services, those of the local network and of a cloud's metadata are not public:
    whoever may add a webhook must not reach them by it.
    """
    real = _unwrapped(address)
    if any(real in network for network in networks):
        return True
    return real.is_global and not real.is_multicast and not real.is_reserved


def not_reachable(host: str) -> str:
    """What is said of a host that is not public, with the remedy."""
    return (
        f"{host} is not on the public internet; if webhooks may reach it, add its network to "
        "JIEDAI_WEBHOOK_NETWORKS."
    )


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadWebhook("secret: write it as whsec_ and base64, or leave it out.") from error
