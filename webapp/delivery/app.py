"""The stream's small Flask application: `GET …/events` for customers and for staff."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from webapp import current, failures, wire
from webapp.auth import headers
from webapp.auth.guard import must_hold_token
from webapp.auth.permissions import DESK
from webapp.auth.session import SIGN_IN, credential
from webapp.current import services
from webapp.delivery.audience import Audience, Customer, Staff
from webapp.delivery.hub import Hub
from webapp.delivery.listen import CursorGone, Listener, Nothing, listening
from webapp.errors import InvalidInput, NotAllowed, NotSignedIn
from webapp.metrics import SSE_CLIENTS
from webapp.records import StoredEvent
from webapp.services import Services
from webapp.shapes.system import ErrorOut

HEARTBEAT_SECONDS = 20.0
LONGEST_WAIT = 50.0
RETRY_AFTER = "3"
_EXTENSION = "jiedai_stream"
_MOST_DIGITS = 18  # int() itself raises ValueError for thousands of them

bp = Blueprint("stream", __name__)


@dataclass(slots=True)
class Stream:
    """What the stream's views share: the hub, and how many may listen at once."""

    hub: Hub
    places: threading.BoundedSemaphore


def create_app(services: Services, hub: Hub, *, most: int) -> Flask:
    """The application; `most` listeners are served at once, others are told to come back.

    The hub must have been started: its cursor has to be fixed before anybody listens.
    """
    app = Flask("webapp", static_folder=None)
    current.install(app, services)
    app.extensions[_EXTENSION] = Stream(hub, threading.BoundedSemaphore(most))
    headers.install(app)
    failures.install(app)
    app.register_blueprint(bp)
    app.register_error_handler(CursorGone, _answer_gone)
    return app


@bp.get("/api/v1/widget/conversations/<conversation_id>/events")
def customer_events(conversation_id: str) -> Response:
    """What happens in one conversation, for its customer."""
    must_hold_token(conversation_id)
    return _answer(Customer(conversation_id))


@bp.get("/api/v1/events")
def staff_events() -> Response:
    """Everything that this member of staff may see, in one stream."""
    return _answer(_staff_audience())


@bp.get("/healthz")
def healthz() -> Response:
    """Whether this process answers at all."""
    return Response('{"status": "ok"}', mimetype="application/json")


def _answer(audience: Audience) -> Response:
    stream: Stream = current_app.extensions[_EXTENSION]
    after, wait = _cursor(), _wait()
    with ExitStack() as stack:
        if not stream.places.acquire(blocking=False):
            return _answer_full()
        stack.callback(stream.places.release)
        gauge = SSE_CLIENTS.labels(audience.kind)
        gauge.inc()
        stack.callback(gauge.dec)
        listener = stack.enter_context(listening(stream.hub, services().db, audience, after=after))
        if wait is not None:
            return _poll(listener, audience, wait)
        # from here on the response owns the subscription and gives it back when it is closed
        lines = _lines(listener, audience, began_anew=after is None)
        response = Response(lines, mimetype="text/event-stream")
        response.call_on_close(stack.pop_all().close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _lines(listener: Listener, audience: Audience, *, began_anew: bool) -> Iterator[str]:
    if began_anew:
        # Only an id: nothing is dispatched, but the browser resumes from here.
        yield f"retry: 2000\nid: {listener.cursor}\n\n"
    else:
        yield "retry: 2000\n\n"
    for event in listener.follow(heartbeat=HEARTBEAT_SECONDS):
        yield ": still here\n\n" if isinstance(event, Nothing) else _frame(event, audience)


def _frame(event: StoredEvent, audience: Audience) -> str:
    payload = event.public_payload if audience.public else event.payload
    data = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.id}\nevent: {event.kind}\ndata: {data}\n\n"


def _poll(listener: Listener, audience: Audience, wait: float) -> Response:
    events = listener.missed()
    if not events and wait > 0:
        first = listener.next(timeout=wait)
        events = [] if first is None else [first]
    shown = [
        wire.event_out(event, public=audience.public).model_dump(mode="json") for event in events
    ]
    return jsonify({"events": shown, "cursor": listener.cursor})


def _staff_audience() -> Staff:
    hashed = credential()
    if hashed is None:
        raise NotSignedIn(SIGN_IN)
    with services().db.read() as work:
        staff = work.staff_by_credential(hashed)
    if staff is None:
        raise NotSignedIn(SIGN_IN)
    if staff.role not in DESK.roles:
        raise NotAllowed("Your role has no part in conversations.")
    return Staff(staff.agent, hashed)


def _cursor() -> int | None:
    text = request.args.get("after") or request.headers.get("Last-Event-ID")
    if text is None or not text.strip():
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS:
        raise InvalidInput("Last-Event-ID and `after` are the id of an event: a whole number.")
    return int(text)


def _wait() -> float | None:
    text = request.args.get("wait")
    if text is None:
        return None
    try:
        wait = float(text)
    except ValueError:
        wait = -1.0
    if not 0 <= wait < float("inf"):
        raise InvalidInput("`wait` is a number of seconds from 0 on.")
    return min(wait, LONGEST_WAIT)


def _answer_full() -> Response:
    body = ErrorOut(error="TooManyListeners", message="Every place is taken; come back soon.")
    response = Response(body.model_dump_json(), 503, mimetype="application/json")
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _answer_gone(_: CursorGone) -> Response:
    body = ErrorOut(
        error="CursorTooOld",
        message="Events after this id are no longer kept; fetch afresh, then listen without it.",
    )
    return Response(body.model_dump_json(), 410, mimetype="application/json")
