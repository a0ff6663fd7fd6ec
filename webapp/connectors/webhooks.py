"""Sends to webhooks: signed, to the address that was checked, without following redirects."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from webapp.connectors.breaker import Breaker
from webapp.connectors.sending import CannotSend
from webapp.db.database import Database, utc_now
from webapp.logs import get_logger
from webapp.records import OutboxItem, Webhook
from webapp.webhooks import Network, may_reach, not_reachable, signature

_log = get_logger(__name__)

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
"""Seconds; what the worker sends in one go must be over before its lease runs out."""

REST_SECONDS = 30.0
"""How long a receiver that cannot be reached is left alone: what else waits for it fails at once,
so that it does not hold up the others."""

_AGENT = "Jiedai-Webhooks/1"


class WebhookSender:
    """Keeps `webapp.connectors.sending.Send`'s promise for deliveries to webhooks.

    A name is resolved here, and the connection goes to the address that was checked: what it
    resolves to a moment later plays no part. What waits for a webhook that was removed or switched
    off is dropped. `tls` says whose certificates are believed; None means the well-known ones and
    the system's.
    """

    def __init__(
        self,
        db: Database,
        *,
        networks: Sequence[Network] = (),
        clock: Callable[[], datetime] = utc_now,
        timeout: httpx.Timeout = TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._db = db
        self._networks = networks
        self._clock = clock
        self._breakers: dict[int, Breaker] = {}
        self._client = httpx.Client(
            timeout=timeout,
            verify=tls or _trusted(),
            follow_redirects=False,
            trust_env=False,  # a proxy would resolve the name again
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __call__(self, item: OutboxItem) -> None:
        """Deliver once; raises CannotSend with the reason, which the webhook shows as well."""
        webhook_id = int(str(item.payload["webhook_id"]))
        with self._db.read() as work:
            webhook = work.webhooks.find(webhook_id)
        if webhook is None or not webhook.active:
            return
        try:
            self._deliver(webhook, str(item.payload["event_id"]), str(item.payload["body"]))
        except CannotSend as error:
            with self._db.write() as work:
                work.webhooks.missed(webhook_id, str(error), now=self._clock())
            raise
        with self._db.write() as work:
            work.webhooks.reached(webhook_id, now=self._clock())

    def _deliver(self, webhook: Webhook, event_id: str, body: str) -> None:
        breaker = self._breakers.setdefault(
            webhook.id, Breaker(patience=1, rest_seconds=REST_SECONDS)
        )
        if not breaker.allows():
            raise CannotSend("The receiver could not be reached a moment ago.")
        try:
            status = self._post(webhook, event_id, body.encode())
        except httpx.HTTPError as error:
            breaker.failed()
            raise CannotSend(f"The receiver did not answer ({type(error).__name__}).") from error
        breaker.succeeded()
        if status == HTTPStatus.GONE:
            self._switch_off(webhook)
        elif not 200 <= status < 300:
            raise CannotSend(f"The receiver answered {status}; it must answer 2xx.")

    def _post(self, webhook: Webhook, event_id: str, body: bytes) -> int:
        parts = urlsplit(webhook.url)
        host = parts.hostname or ""
        address = self._checked_address(host, parts.port or 443)
        timestamp = int(self._clock().timestamp())
        request = self._client.build_request(
            "POST",
            httpx.URL(webhook.url).copy_with(host=address),
            content=body,
            headers={
                "Host": parts.netloc,
                "Content-Type": "application/json",
                "User-Agent": _AGENT,
                "webhook-id": event_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": signature(webhook.secret, event_id, timestamp, body),
            },
            extensions={"sni_hostname": host},
        )
        response = self._client.send(request, stream=True)
        response.close()  # unread: the status is all that matters, and a body may be endless
        return response.status_code

    def _checked_address(self, host: str, port: int) -> str:
        """The first address of a host that may be told; raises CannotSend."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise CannotSend(f"The name {host} is not known.") from error
        for *_, place in found:
            address = str(place[0]).partition("%")[0]
            if may_reach(ipaddress.ip_address(address), self._networks):
                return address
        raise CannotSend(not_reachable(host))

    def _switch_off(self, webhook: Webhook) -> None:
        """410 Gone is how a receiver says that it wants nothing any more."""
        _log.warning("webhook.gone", webhook_id=webhook.id)
        with self._db.write() as work:
            work.webhooks.switch(webhook.id, active=False)


def _trusted() -> ssl.SSLContext:
    """The well-known authorities, and those that a company has added to its machines."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
