"""AbsentShop: stands where no business system has been set up."""

from __future__ import annotations

from dialogue.business import Order, ReturnReceipt
from dialogue.errors import BusinessSystemUnavailable

_REMEDY = "No business system is set up: give its address as JIEDAI_SHOP_URL."


class AbsentShop:
    """Keeps the promise of `dialogue.business.OrderSystem` by saying that there is none."""

    def find_order(self, order_id: str) -> Order | None:
        """Raises BusinessSystemUnavailable."""
        raise BusinessSystemUnavailable(_REMEDY)

    def open_return(self, order_id: str, reason: str, request_id: str) -> ReturnReceipt:
        """Raises BusinessSystemUnavailable."""
        raise BusinessSystemUnavailable(_REMEDY)
