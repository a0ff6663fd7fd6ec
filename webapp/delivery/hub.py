"""Hub: follows the `events` table and gives each event to the subscriptions that may see it."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from webapp.db.database import Database
from webapp.db.errors import StoreError
from webapp.db.work import Work
from webapp.delivery.audience import Audience, Customer, Staff
from webapp.logs import get_logger
from webapp.records import StoredEvent

_log = get_logger(__name__)
_BATCH = 500
_BACKLOG = 2000


@dataclass(eq=False, slots=True)
class Subscription:
    """One listener's place in the hub.

    `start` is the id of the newest event that was not put into the queue: everything after it
    will be. None in the queue means that the subscription was ended.
    """

    audience: Audience
    start: int
    _waiting: queue.Queue[StoredEvent | None] = field(
        default_factory=lambda: queue.Queue(maxsize=_BACKLOG)
    )
    ended: bool = False

    def take(self, *, timeout: float) -> StoredEvent | None:
        """The next event; None when the time is over or the subscription was ended."""
        try:
            return self._waiting.get(timeout=timeout)
        except queue.Empty:
            return None

    def give(self, event: StoredEvent) -> None:
        """Put an event into the queue; a listener that is too slow is ended and comes back."""
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self.end()

    def end(self) -> None:
        """Let the listener go: it will come back with its cursor, or be refused."""
        self.ended = True
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return


class Hub:
    """Reads each event once a process and hands it on.

    The cursor is fixed in `start`, before the first request is served: set later, events between
    would be given to nobody (docs/adr/0003-events-table.md).
    """

    def __init__(
        self, db: Database, *, poll_seconds: float = 0.05, recheck_seconds: float = 2.0
    ) -> None:
        self._db = db
        self._poll_seconds = poll_seconds
        self._recheck_seconds = recheck_seconds
        self._lock = threading.Lock()
        self._by_conversation: dict[str, set[Subscription]] = defaultdict(set)
        self._staff: set[Subscription] = set()
        self._cursor = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Fix the cursor and begin to follow; raises StoreUnavailable when there is no database."""
        with self._db.read() as work:
            self._cursor = work.events.last_id()
        for name, run in (("tail", self._follow), ("recheck", self._recheck)):
            thread = threading.Thread(
                target=self._or_end, args=(run,), name=f"hub-{name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End every subscription and stop following."""
        self._stopping.set()
        with self._lock:
            everybody = [
                *self._staff,
                *(s for group in self._by_conversation.values() for s in group),
            ]
        for subscription in everybody:
            subscription.end()
        for thread in self._threads:
            thread.join(timeout=5)

    def subscribe(self, audience: Audience) -> Subscription:
        """Begin to queue events for somebody; call `unsubscribe` at the end."""
        with self._lock:
            subscription = Subscription(audience, self._cursor)
            self._group(audience).add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a listener."""
        with self._lock:
            audience = subscription.audience
            self._group(audience).discard(subscription)
            if isinstance(audience, Customer) and not self._group(audience):
                del self._by_conversation[audience.conversation_id]

    def __len__(self) -> int:
        with self._lock:
            return len(self._staff) + sum(len(group) for group in self._by_conversation.values())

    def _group(self, audience: Audience) -> set[Subscription]:
        if isinstance(audience, Customer):
            return self._by_conversation[audience.conversation_id]
        return self._staff

    def _or_end(self, run: Callable[[], None]) -> None:
        """A process that follows no more must not look healthy: end it, to be started again."""
        try:
            run()
        finally:
            if not self._stopping.is_set():
                _log.critical("stream.follower_died", exc_info=True)
                os.kill(os.getpid(), signal.SIGTERM)

    def _follow(self) -> None:
        failing = False
        while not self._stopping.is_set():
            try:
                events = self._read_new()
            except StoreError as error:
                if not failing:
                    _log.warning("stream.database_gone", reason=type(error).__name__)
                failing = True
                self._stopping.wait(1.0)
                continue
            if failing:
                _log.info("stream.database_back")
                failing = False
            self._hand_on(events)
            if len(events) < _BATCH:
                self._stopping.wait(self._poll_seconds)

    def _read_new(self) -> list[StoredEvent]:
        with self._db.read() as work:
            return work.events.after(self._cursor, limit=_BATCH)

    def _hand_on(self, events: list[StoredEvent]) -> None:
        for event in events:
            # One lock for both: a new subscription either has the event in its queue or its id
            # at or below `start`, never neither.
            with self._lock:
                concerned = [
                    *self._by_conversation.get(event.conversation_id or "", ()),
                    *self._staff,
                ]
                for subscription in concerned:
                    if subscription.audience.sees(event):
                        subscription.give(event)
                self._cursor = event.id

    def _recheck(self) -> None:
        while not self._stopping.wait(self._recheck_seconds):
            with self._lock:
                listening = list(self._staff)
            if not listening:
                continue
            try:
                with self._db.read() as work:
                    for subscription in listening:
                        if not _still_allowed(work, subscription.audience):
                            subscription.end()
            except StoreError:
                continue


def _still_allowed(work: Work, audience: Audience) -> bool:
    if not isinstance(audience, Staff):
        return True
    found = work.staff_by_credential(audience.credential)
    return found is not None and found.agent == audience.agent
