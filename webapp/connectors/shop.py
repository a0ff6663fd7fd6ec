"""ShopConnector: the bot's way to a shop's orders and returns over HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from dialogue.business import Logistics, Order, OrderStatus, Refusal, ReturnReceipt
from dialogue.errors import BusinessSystemUnavailable
from webapp.connectors.breaker import Breaker
from webapp.logs import get_logger

log = get_logger(__name__)

_ORDER_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")
_MAX_BYTES = 1_000_000
_NO_RECORD = "RecordNotFound"
"""Not just any 404: a wrong address must not look like an order that does not exist."""

_Body = TypeVar("_Body", bound=BaseModel)
_STATUS = {
    "待付款": OrderStatus.AWAITING_PAYMENT,
    "待发货": OrderStatus.AWAITING_SHIPMENT,
    "已发货": OrderStatus.SHIPPED,
    "已签收": OrderStatus.DELIVERED,
    "退款中": OrderStatus.REFUNDING,
    "已退款": OrderStatus.REFUNDED,
    "已取消": OrderStatus.CANCELLED,
}


class OrderBody(BaseModel):
    """An order as the shop sends it; fields that are not named here are ignored."""

    order_id: str
    phone: str
    status: str
    item: str
    quantity: int
    amount: str
    progress: str = ""
    carrier: str | None = None
    tracking_no: str | None = None


class ReturnBody(BaseModel):
    """A return as the shop sends it."""

    return_no: str
    order_id: str


class ErrorBody(BaseModel):
    """The shop's one shape of errors."""

    error: str
    details: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a customer may be kept waiting, in seconds.

    `total` bounds a call with all its attempts, so that a reply comes within three seconds even
    when the shop is slow; `backoff` is the pause before the second attempt and doubles.
    """

    connect: float = 1.0
    read: float = 2.0
    total: float = 2.5
    attempts: int = 2
    backoff: float = 0.1


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes


class ShopConnector:
    """Keeps the promise of `dialogue.business.OrderSystem`; safe for threads, closed by `close`.

    Reading is repeated after a failure because it changes nothing, opening a return because the
    shop knows a `request_id` again. Every failure is a BusinessSystemUnavailable.
    """

    def __init__(
        self,
        base_url: str,
        *,
        service_key: str,
        patience: Patience | None = None,
        breaker: Breaker | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._patience = patience or Patience()
        self._breaker = breaker or Breaker()
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {service_key}"},
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment has no business between the two
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def find_order(self, order_id: str) -> Order | None:
        """The order, or None when there is none; raises BusinessSystemUnavailable."""
        if not _ORDER_ID.fullmatch(order_id):
            return None
        answer = self._ask("GET", f"/orders/{order_id}")
        if answer.status == HTTPStatus.NOT_FOUND:
            self._error(answer, _NO_RECORD)
            return None
        return self._order(self._parsed(answer, OrderBody, HTTPStatus.OK))

    def open_return(self, order_id: str, reason: str, request_id: str) -> ReturnReceipt:
        """Ask for a return; the same `request_id` again gives the same receipt.

        Raises BusinessSystemUnavailable.
        """
        wanted = {"order_id": order_id, "reason": reason, "request_id": request_id}
        answer = self._ask("POST", "/returns", json=wanted)
        if answer.status == HTTPStatus.NOT_FOUND:
            self._error(answer, _NO_RECORD)
            return ReturnReceipt(order_id, refusal=Refusal.OTHER)
        if answer.status == HTTPStatus.CONFLICT:
            refused = self._error(answer, "ReturnRefused")
            return ReturnReceipt(order_id, refusal=_refusal(refused.details.get("reason", "")))
        body = self._parsed(answer, ReturnBody, HTTPStatus.OK, HTTPStatus.CREATED)
        return ReturnReceipt(body.order_id, return_no=body.return_no)

    def _ask(self, method: str, path: str, *, json: dict[str, str] | None = None) -> _Answer:
        if not self._breaker.allows():
            raise BusinessSystemUnavailable("The shop keeps failing and is left alone for a while.")
        deadline = time.monotonic() + self._patience.total
        problem = "no time left"
        for attempt in range(self._patience.attempts):
            if attempt:
                self._sleep(self._patience.backoff * 2 ** (attempt - 1))
            if time.monotonic() >= deadline:
                break
            try:
                answer = self._once(method, path, json=json, deadline=deadline)
            except httpx.HTTPError as error:
                problem = type(error).__name__
                continue
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return answer
            problem = f"status {answer.status}"
        raise self._unavailable(problem)

    def _once(
        self, method: str, path: str, *, json: dict[str, str] | None, deadline: float
    ) -> _Answer:
        left = max(deadline - time.monotonic(), 0.01)
        timeout = httpx.Timeout(
            min(self._patience.read, left), connect=min(self._patience.connect, left)
        )
        body = bytearray()
        with self._client.stream(method, path, json=json, timeout=timeout) as response:
            for chunk in response.iter_bytes():
                body += chunk
                # A read timeout starts anew with every byte, so a trickle would never end.
                if len(body) > _MAX_BYTES or time.monotonic() > deadline:
                    raise httpx.ReadTimeout("The answer does not end.", request=response.request)
            return _Answer(response.status_code, bytes(body))

    def _parsed(self, answer: _Answer, shape: type[_Body], *expected: HTTPStatus) -> _Body:
        if answer.status not in expected:
            raise self._unavailable(f"status {answer.status}")
        try:
            body = shape.model_validate_json(answer.body)
        except ValidationError as error:
            raise self._unavailable("an answer of another shape") from error
        self._breaker.succeeded()
        return body

    def _error(self, answer: _Answer, expected: str) -> ErrorBody:
        body = self._parsed(answer, ErrorBody, HTTPStatus(answer.status))
        if body.error != expected:
            raise self._unavailable(f"status {answer.status}, {body.error}")
        return body

    def _order(self, body: OrderBody) -> Order:
        if body.status not in _STATUS:
            raise self._unavailable("a status that is not known")
        logistics = None
        if body.carrier and body.tracking_no:
            logistics = Logistics(body.carrier, body.tracking_no)
        return Order(
            order_id=body.order_id,
            phone=body.phone,
            status=_STATUS[body.status],
            item=body.item,
            quantity=body.quantity,
            amount=body.amount,
            progress=body.progress,
            logistics=logistics,
        )

    def _unavailable(self, problem: str) -> BusinessSystemUnavailable:
        self._breaker.failed()
        log.warning("shop unavailable", problem=problem)
        return BusinessSystemUnavailable(
            f"The shop at {self._client.base_url} did not answer as agreed ({problem}); see "
            "that it runs and that JIEDAI_SHOP_URL and the service key are right."
        )


def _refusal(reason: str) -> Refusal:
    try:
        return Refusal(reason)
    except ValueError:
        return Refusal.OTHER
