"""The web application: blueprints, the gate in front of them, errors, headers, logs and figures."""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from webapp import current, failures, limits, localisation
from webapp.auth import guard, headers
from webapp.auth.session import csrf_token
from webapp.current import address
from webapp.logs import get_logger
from webapp.metrics import REQUEST_SECONDS
from webapp.routing import LateRule
from webapp.services import Services

BLUEPRINTS = (
    "webapp.api.system",
    "webapp.api.understanding",
    "webapp.api.widget",
    "webapp.api.account",
    "webapp.api.conversations",
    "webapp.api.tickets",
    "webapp.api.articles",
    "webapp.api.bulk",
    "webapp.api.catalogue",
    "webapp.api.preview",
    "webapp.api.ask",
    "webapp.api.drafts",
    "webapp.api.webhooks",
    "webapp.api.revisions",
    "webapp.api.article_files",
    "webapp.api.conversions",
    "webapp.api.knowledge_use",
    "webapp.api.gaps",
    "webapp.api.proposals",
    "webapp.api.health",
    "webapp.api.knowledge_tests",
    "webapp.api.terms",
    "webapp.pages.assets",
    "webapp.pages.frame",
    "webapp.pages.customer",
    "webapp.pages.files",
    "webapp.pages.sign_in",
    "webapp.pages.desk",
    "webapp.pages.tickets",
    "webapp.pages.learning",
    "webapp.pages.knowledge",
    "webapp.pages.settings",
)
"""Modules with a blueprint named `bp`."""

MAX_BYTES = 1024 * 1024
"""The largest body where a route says nothing else."""

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

_log = get_logger(__name__)


def create_app(services: Services) -> Flask:
    """The application over its services; several may exist in one process."""
    app = Flask("webapp", static_folder=None)
    app.url_rule_class = LateRule
    current.install(app, services)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BYTES
    app.url_map.strict_slashes = False
    _record_requests(app)
    guard.install(app)
    headers.install(app)
    failures.install(app)
    limits.install(app, services.settings)
    localisation.install(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).bp)
    app.context_processor(_for_templates)
    return app


def _record_requests(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.began = perf_counter()
    g.request_id = uuid4().hex[:16]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    """One line and one figure a request: the rule and not the path, nothing of the body."""
    seconds = perf_counter() - g.get("began", perf_counter())
    route = failures.route()
    REQUEST_SECONDS.labels(route, _method(), str(response.status_code)).observe(seconds)
    caller = g.get("caller")
    _log.info(
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        address=address(),
        staff_id=caller.staff.id if caller else None,
        conversation_id=(request.view_args or {}).get("conversation_id"),
    )
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def _method() -> str:
    """The method for the figures: a caller may invent ever new ones, and each would be kept."""
    return request.method if request.method in _METHODS else "other"


def _for_templates() -> dict[str, object]:
    """The value that pages hand to their scripts for changes."""
    return {"csrf_token": csrf_token()}
