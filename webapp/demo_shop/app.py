"""The demo shop's HTTP service: what a real shop's order system would offer."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta, timezone

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import HTTPException

from webapp.demo_shop.store import (
    OrderUnknown,
    RequestIdReused,
    ReturnRefused,
    Row,
    ShopStore,
)

BEIJING = timezone(timedelta(hours=8))
_NOBODY = "\0\0\0\0"
"""Compared with when there is no order, so that the answer takes as long; nobody can type it."""


class ReturnRequest(BaseModel):
    """The body of `POST /returns`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    order_id: str = Field(min_length=1, max_length=32)
    reason: str = Field(min_length=1, max_length=500)
    request_id: str = Field(min_length=8, max_length=64)


class KeyRequired(Exception):
    """The call needs the service key."""


def create_app(store: ShopStore, *, service_key: str) -> Flask:
    """The service over one prepared store; `service_key` opens what is not for everybody."""
    app = Flask("webapp.demo_shop")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    _add_errors(app)
    _add_orders(app, store, service_key)
    _add_returns(app, store, service_key)
    _add_records(app, store, service_key)
    return app


def _add_orders(app: Flask, store: ShopStore, key: str) -> None:
    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return {"status": "ok"}

    @app.get("/orders/<order_id>")
    def order(order_id: str) -> ResponseReturnValue:
        row = _provable(store, order_id, key)
        return _not_found() if row is None else jsonify(row)

    @app.get("/orders/<order_id>/logistics")
    def logistics(order_id: str) -> ResponseReturnValue:
        row = _provable(store, order_id, key)
        if row is None:
            return _not_found()
        return jsonify(
            order_id=order_id,
            carrier=row["carrier"],
            tracking_no=row["tracking_no"],
            trace=store.trace(order_id),
        )

    @app.get("/orders/<order_id>/invoices")
    def invoices(order_id: str) -> ResponseReturnValue:
        row = _provable(store, order_id, key)
        return _not_found() if row is None else jsonify(invoices=store.invoices(order_id))


def _add_returns(app: Flask, store: ShopStore, key: str) -> None:
    @app.post("/returns")
    def open_return() -> ResponseReturnValue:
        _require_key(key)
        wanted = ReturnRequest.model_validate_json(request.get_data())
        opened = store.open_return(
            order_id=wanted.order_id,
            reason=wanted.reason,
            request_id=wanted.request_id,
            now=datetime.now(BEIJING),
        )
        return jsonify(opened.row), 201 if opened.created else 200

    @app.get("/returns/<return_no>")
    def find_return(return_no: str) -> ResponseReturnValue:
        row = store.find_return(return_no)
        order_id = str(row["order_id"]) if row else return_no
        if _provable(store, order_id, key) is None:
            return _not_found()
        return jsonify(row)


def _add_records(app: Flask, store: ShopStore, key: str) -> None:
    @app.get("/customers/<phone>/orders")
    def orders_of(phone: str) -> ResponseReturnValue:
        _require_key(key)
        return jsonify(orders=store.orders_of(phone))

    @app.get("/members/<phone>")
    def member(phone: str) -> ResponseReturnValue:
        _require_key(key)
        row = store.member(phone)
        return _not_found() if row is None else jsonify(row)

    @app.get("/stock")
    def stock() -> ResponseReturnValue:
        return jsonify(stock=store.stock(request.args.get("product", "")))


def _provable(store: ShopStore, order_id: str, key: str) -> Row | None:
    """The order, when the caller has the service key or its owner's last four digits.

    A wrong number, wrong digits and no digits all give None; after a few wrong digits the
    right ones do too, for a while, as four digits could be guessed otherwise.
    """
    row = store.order(order_id)
    if _has_key(key):
        return row
    now = datetime.now(BEIJING)
    given = request.args.get("phone_last4", "")
    expected = str(row["phone"])[-4:] if row else _NOBODY
    right = hmac.compare_digest(given.encode(), expected.encode())
    blocked = store.proof_is_blocked(order_id, now=now)
    if not right:
        store.count_wrong_proof(order_id, now=now)
    if row is None or not right or blocked:
        return None
    return {**row, "phone": f"{str(row['phone'])[:3]}****{expected}"}


def _has_key(key: str) -> bool:
    """Whether the caller sent the key; a wrong one is refused, as it is nobody's last digits."""
    given = request.headers.get("Authorization")
    if given is None:
        return False
    if not hmac.compare_digest(given.encode(), f"Bearer {key}".encode()):
        raise KeyRequired
    return True


def _require_key(key: str) -> None:
    if not _has_key(key):
        raise KeyRequired


def _not_found() -> tuple[Response, int]:
    return _error(404, "RecordNotFound", "No such record, or the proof of ownership does not fit.")


def _error(
    status: int, code: str, message: str, details: dict[str, str] | None = None
) -> tuple[Response, int]:
    return jsonify(error=code, message=message, details=details or {}), status


def _add_errors(app: Flask) -> None:
    @app.errorhandler(KeyRequired)
    def key_required(_: KeyRequired) -> ResponseReturnValue:
        return _error(401, "KeyRequired", "Send the service key: Authorization: Bearer <key>.")

    @app.errorhandler(OrderUnknown)
    def order_unknown(_: OrderUnknown) -> ResponseReturnValue:
        return _not_found()

    @app.errorhandler(ReturnRefused)
    def return_refused(error: ReturnRefused) -> ResponseReturnValue:
        message = "This order cannot be returned; details.reason says why."
        return _error(409, "ReturnRefused", message, {"reason": error.reason})

    @app.errorhandler(RequestIdReused)
    def request_id_reused(_: RequestIdReused) -> ResponseReturnValue:
        return _error(409, "RequestIdReused", "Use a new request_id for another order.")

    @app.errorhandler(ValidationError)
    def bad_request(error: ValidationError) -> ResponseReturnValue:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        return _error(400, "BadRequest", "The body does not fit; details name the fields.", fields)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        code = "".join(word.capitalize() for word in error.name.split())
        return _error(error.code or 500, code, error.description or error.name)
