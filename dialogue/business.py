"""OrderSystem: what the bot asks a shop's own systems, and what they answer.

A connector in `webapp.connectors` keeps this promise over HTTP. Whether a person may see an
order is decided in `dialogue.proof`, not by the business system: `Order.phone` is for that
decision only and is never said to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class OrderStatus(StrEnum):
    """Where an order stands; its title in either language is in the wording files."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class Refusal(StrEnum):
    """Why a return is not possible."""

    NOT_SHIPPED = "not_shipped"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    TOO_LATE = "too_late"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Logistics:
    """Who carries the parcel and under which number."""

    carrier: str
    tracking_no: str


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `amount` is in yuan as written (`"199"`); `progress` the latest news in words."""

    order_id: str
    phone: str
    status: OrderStatus
    item: str
    quantity: int
    amount: str
    progress: str = ""
    logistics: Logistics | None = None


@dataclass(frozen=True, slots=True)
class ReturnReceipt:
    """What became of a request to return: a number, or the reason why not (exactly one is set)."""

    order_id: str
    return_no: str | None = None
    refusal: Refusal | None = None


class OrderSystem(Protocol):
    """A shop's orders and returns."""

    def find_order(self, order_id: str) -> Order | None:
        """The order, or None when there is none; raises BusinessSystemUnavailable."""
        ...

    def open_return(self, order_id: str, reason: str, request_id: str) -> ReturnReceipt:
        """Ask for a return; the same `request_id` again gives the same receipt.

        Raises BusinessSystemUnavailable.
        """
        ...
