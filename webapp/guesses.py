"""Guesses at orders: wrong proofs of ownership are counted over all conversations together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogue.state import DialogueState
from webapp.db.work import Work

# Three guesses a conversation are no bound when conversations are free: of the 10,000 endings of
# a phone number this leaves 30 to try, until a day has passed without a wrong one.
MOST = 30
# At thousands of orders 30 each would still open some. Many customers may share one address, so it
# is given more, and being right at one order excuses nothing at the others.
MOST_FROM_ONE_ADDRESS = 300
WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Guess:
    """A customer said what should prove that an order is theirs."""

    order_id: str
    right: bool

    @property
    def key(self) -> str:
        """Under which it is counted."""
        return f"order:{self.order_id[:64]}"


def guess_in(before: DialogueState, after: DialogueState) -> Guess | None:
    """The guess in the turn between two states; None when it held none."""
    proved = [order for order in after.verified_orders if order not in before.verified_orders]
    if proved:
        return Guess(proved[-1], right=True)
    order_id = after.slots.get("order_id") or before.slots.get("order_id")
    if order_id is None or after.wrong_proofs <= before.wrong_proofs:
        return None
    return Guess(order_id, right=False)


def are_too_many(work: Work, guess: Guess, *, address: str | None, now: datetime) -> bool:
    """Whether so many wrong guesses came before, at this order or from this network address (None
    when it is not known), that none is listened to."""
    bounds = {guess.key: MOST}
    if address is not None:
        bounds[_address_key(address)] = MOST_FROM_ONE_ADDRESS
    counted = work.login_failures
    return any(counted.count(key, within=WITHIN, now=now) >= most for key, most in bounds.items())


def note(work: Work, guess: Guess, *, address: str | None, now: datetime) -> None:
    """Count a wrong guess; a right one clears the count of its order, as a sign-in does."""
    if guess.right:
        work.login_failures.clear(guess.key)
        return
    work.login_failures.add(guess.key, within=WITHIN, now=now)
    if address is not None:
        work.login_failures.add(_address_key(address), within=WITHIN, now=now)


def _address_key(address: str) -> str:
    return f"orders-from:{address}"
