"""Who may see an order: its owner, proved by the site's sign-in or by the phone number's end."""

from __future__ import annotations

import hmac

from dialogue.business import Order

MIN_DIGITS = 4
MAX_WRONG_PROOFS = 3
"""The third wrong proof of a conversation goes to a person: 3 guesses of 10,000 endings."""


def owns(order: Order | None, phone: str | None) -> bool:
    """Whether this phone number, or its last four digits or more, proves the ownership.

    An order that does not exist is owned by nobody, so that asking about one looks the same.
    """
    if order is None or phone is None or len(phone) < MIN_DIGITS:
        return False
    ending = order.phone[-len(phone) :]
    return hmac.compare_digest(ending.encode(), phone.encode())
