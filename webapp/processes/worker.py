"""The worker: sends what waits in the outbox, publishes what is scheduled, ends idle conversations,
forgets what is old.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import FrameType

from dialogue import exchange
from dialogue.conversation import Status
from webapp.connectors.sending import CannotSend, Send
from webapp.connectors.webhooks import WebhookSender
from webapp.db.database import Database, utc_now
from webapp.db.errors import StoreError
from webapp.knowledge_tests import TESTS_WANTED
from webapp.logs import configure_logging, get_logger
from webapp.processes.chores import Chore
from webapp.processes.learning import learning_of
from webapp.processes.scheduled import ScheduledTexts
from webapp.processes.vectors import vectors_chore
from webapp.records import OutboxItem
from webapp.settings import Settings
from webapp.webhooks import OUTBOX_KIND

_log = get_logger(__name__)
IDLE = timedelta(hours=24)
EVENTS_KEPT = timedelta(days=7)
FAILURES_KEPT = timedelta(days=2)  # longer than the longest time within which they count
# The schedule of Standard Webhooks: seconds to hours, then the row is given up.
RETRIES = (5, 300, 1800, 7200, 18000, 36000, 36000)
LEASED_AT_ONCE = 4  # so few that slow receivers (11 s each) are done with before the lease ends
LONGEST_SENDING = 20.0  # seconds


def _none(_now: datetime) -> int:
    return 0


class Worker:
    """Does the chores that are due; several may run at once, on one database."""

    def __init__(
        self,
        db: Database,
        *,
        senders: Mapping[str, Send],
        clock: Callable[[], datetime] = utc_now,
        idle: timedelta = IDLE,
        publish_due: Callable[[datetime], int] = _none,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._db = db
        self._senders = senders
        self._clock = clock
        self._idle = idle
        self._name = f"{socket.gethostname()[:40]}:{os.getpid()}"  # the column takes 64
        self._chores = (
            Chore("outbox", timedelta(seconds=1), self.drain_outbox),
            Chore("scheduled", timedelta(seconds=2), publish_due),
            Chore("idle", timedelta(seconds=30), self.close_idle),
            Chore("old", timedelta(hours=1), self.forget_old),
            *chores,
        )
        self._due: dict[str, datetime] = {}

    def run(self, stopping: threading.Event) -> None:
        """Do what is due until asked to stop; a database that is gone is waited for."""
        while not stopping.is_set():
            pause = 0.5
            try:
                self.do_due(self._clock())
            except StoreError as error:
                _log.warning("worker.database_gone", reason=type(error).__name__)
                pause = 2.0
            stopping.wait(pause)

    def do_due(self, now: datetime) -> None:
        """Do each chore whose time has come."""
        for chore in self._chores:
            if self._due.get(chore.name, now) > now:
                continue
            done = chore.run(now)
            self._due[chore.name] = now + chore.every
            if done:
                _log.info("worker.done", chore=chore.name, count=done)

    def drain_outbox(self, now: datetime) -> int:
        """Send what is due; each row is leased first, so that two workers never share one.

        When receivers are slow it stops after a while, and goes on after the other chores.
        """
        sent, began = 0, time.monotonic()
        while time.monotonic() - began < LONGEST_SENDING:
            with self._db.write() as work:
                items = work.outbox.lease(self._name, limit=LEASED_AT_ONCE, now=now)
            for item in items:
                self._send(item, now)
            sent += len(items)
            if not items:
                break
        return sent

    def close_idle(self, now: datetime) -> int:
        """End conversations of the bot in which nothing was said for long."""
        with self._db.read() as work:
            idle = work.conversations.idle_since(now - self._idle)
        closed = 0
        for conversation_id in idle:
            with self._db.write() as work:
                conversation = work.conversations.get(conversation_id)
                # said something, or asked for a person, since we looked
                still_idle = conversation.updated_at < now - self._idle
                if still_idle and conversation.status is Status.PENDING:
                    exchange.resolve(conversation_id, desk=work.desk, now=now)
                    closed += 1
        return closed

    def forget_old(self, now: datetime) -> int:
        """Delete old events, and sessions and counted failures that have expired."""
        with self._db.write() as work:
            work.sessions.delete_expired(now=now)
            work.login_failures.delete_before(now - FAILURES_KEPT)
            return work.events.delete_before(now - EVENTS_KEPT)

    def _send(self, item: OutboxItem, now: datetime) -> None:
        try:
            self._senders.get(item.kind, _refuse)(item)
        except CannotSend as error:
            left = item.attempts <= len(RETRIES)
            retry_at = now + timedelta(seconds=RETRIES[item.attempts - 1]) if left else None
            with self._db.write() as work:
                work.outbox.failed(item.id, str(error), retry_at=retry_at, now=now)
            return
        with self._db.write() as work:
            work.outbox.done(item.id, now=now)


def _refuse(item: OutboxItem) -> None:
    raise CannotSend(f"Nothing here sends {item.kind}; is the program up to date?")


def main() -> None:
    """Work until SIGTERM."""
    settings = Settings.from_env()
    configure_logging(settings.log_level)
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    db = Database(settings.database_url)
    scheduled, learning = ScheduledTexts(db, settings), learning_of(settings, db)
    senders: dict[str, Send] = {
        OUTBOX_KIND: WebhookSender(db, networks=settings.webhook_networks),
        TESTS_WANTED: learning.want_tests,
    }
    chores = (*learning.chores, vectors_chore(db, settings))
    Worker(db, senders=senders, publish_due=scheduled, chores=chores).run(stopping)


if __name__ == "__main__":
    main()
