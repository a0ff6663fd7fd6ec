"""Listening without a gap: subscribe first, then what was missed, then live, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from dialogue.conversation import Conversation
from webapp.db.database import Database
from webapp.db.work import Work
from webapp.delivery.audience import Audience, Customer
from webapp.delivery.hub import Hub, Subscription
from webapp.records import StoredEvent

_BATCH = 200


class CursorGone(Exception):
    """Events after this cursor are no longer kept; fetch afresh and listen without a cursor."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No event for a while: time for a sign of life."""


class Listener:
    """One listener over one subscription."""

    def __init__(self, db: Database, subscription: Subscription, *, after: int | None) -> None:
        self._db = db
        self._subscription = subscription
        self._last = self._first(after)

    @property
    def cursor(self) -> int:
        """The id of the last event that was given out, or where listening began."""
        return self._last

    def missed(self) -> list[StoredEvent]:
        """The next part of what happened before the subscription; empty when there is no more."""
        with self._db.read() as work:
            found = self._subscription.audience.missed(work, self._last, limit=_BATCH)
        if found:
            self._last = found[-1].id
        return found

    def next(self, *, timeout: float) -> StoredEvent | None:
        """The next live event; None when there is none in time or the subscription was ended."""
        deadline = monotonic() + timeout
        while (left := deadline - monotonic()) > 0:
            event = self._subscription.take(timeout=left)
            if event is None:
                return None
            if event.id > self._last:
                self._last = event.id
                return event
        return None

    @property
    def ended(self) -> bool:
        """Whether the hub has let this listener go."""
        return self._subscription.ended

    def follow(self, *, heartbeat: float) -> Iterator[StoredEvent | Nothing]:
        """Everything from the cursor on until the subscription ends, with signs of life."""
        while batch := self.missed():
            yield from batch
        while not self.ended:
            event = self.next(timeout=heartbeat)
            if event is not None:
                yield event
            elif not self.ended:
                yield Nothing()

    def _first(self, after: int | None) -> int:
        audience = self._subscription.audience
        if after is None:
            # A conversation is short: a customer without a cursor gets all of it.
            return 0 if isinstance(audience, Customer) else self._subscription.start
        with self._db.read() as work:
            if after > work.events.last_id() or _forgotten(work, audience, after):
                raise CursorGone
        return after


@contextmanager
def listening(
    hub: Hub, db: Database, audience: Audience, *, after: int | None
) -> Iterator[Listener]:
    """Listen for the length of a block; raises CursorGone and StoreUnavailable."""
    subscription = hub.subscribe(audience)
    try:
        yield Listener(db, subscription, after=after)
    finally:
        hub.unsubscribe(subscription)


def _forgotten(work: Work, audience: Audience, after: int) -> bool:
    oldest = work.events.oldest()
    if oldest is None or after >= oldest.id - 1:
        return False
    if isinstance(audience, Customer):
        conversation: Conversation = work.conversations.find(audience.conversation_id)
        return conversation.created_at < oldest.created_at
    return True
