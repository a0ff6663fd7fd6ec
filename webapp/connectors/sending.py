"""What the worker's senders promise: send one thing of the outbox, or say why not."""

from __future__ import annotations

from collections.abc import Callable

from webapp.records import OutboxItem


class CannotSend(Exception):
    """A receiver did not take something; it will be tried again."""


Send = Callable[[OutboxItem], None]
"""Sends one thing to the world; raises CannotSend."""
