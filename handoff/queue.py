"""The order of the queue: by waiting, with a head start for what is urgent."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.reason import Reason

URGENT_LEAD = timedelta(minutes=30)
"""How far ahead of its time an urgent conversation stands.

The customer was told that somebody looks first, so the lead is longer than people wait in a chat
on a bad day. It has an end so that nobody waits for ever: whoever came more than this before an
urgent customer is not overtaken by him.
"""


def ranked_at(queued_at: datetime, reason: Reason | None) -> datetime:
    """The moment by which the place in the queue counts, earliest first.

    It never changes while a customer waits, so that the order can be stored, indexed and paged.
    """
    return queued_at - URGENT_LEAD if reason is Reason.URGENT else queued_at
