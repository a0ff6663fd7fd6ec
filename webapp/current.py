"""The parts of the program that the running request works with."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, request

from webapp.services import Services

EXTENSION = "jiedai"


def services() -> Services:
    """The services of the application that serves this request."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def now() -> datetime:
    """The time, aware, by the services' clock."""
    return services().clock()


def address() -> str:
    """The network address of the caller, as far as the trusted proxies tell it."""
    return request.remote_addr or "unknown"


def bearer_token() -> str | None:
    """The token in `Authorization: Bearer TOKEN`; None without one or with another scheme."""
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None
