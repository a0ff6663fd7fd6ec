"""The parts of the program that the running request works with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.db.work import Work
from webapp.services import Services

_EXTENSION = "jiedai"


def install(app: Flask, services: Services) -> None:
    """Give the application its services, and believe as many proxies as the settings name."""
    app.extensions[_EXTENSION] = services
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    count = services.settings.trusted_proxies
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0
        )


def services() -> Services:
    """The services of the application that serves this request."""
    found: Services = current_app.extensions[_EXTENSION]
    return found


def now() -> datetime:
    """The time, aware, by the services' clock."""
    return services().clock()


def today() -> date:
    """The day on the installation's calendar, which dates of articles are compared with."""
    return now().astimezone(ZoneInfo(services().settings.timezone)).date()


def address() -> str:
    """The network address of the caller, as far as the trusted proxies tell it."""
    return request.remote_addr or "unknown"


def record(
    work: Work,
    action: str,
    subject: str,
    *,
    actor: str,
    staff_id: int | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write down for the audit who does what with this request, now and from which address."""
    work.audit.add(
        action,
        subject,
        actor=actor,
        staff_id=staff_id,
        detail=detail,
        address=address(),
        now=now(),
    )


def bearer_token() -> str | None:
    """The token in `Authorization: Bearer TOKEN`; None without one or with another scheme."""
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None
