"""What can go wrong at the desk.

HandoffError
├── TicketNotFound        no ticket has this id, or the asker may not see it
├── TicketClosed          a resolved ticket cannot be worked on before it is reopened
├── AlreadyClaimed        somebody else took the conversation first
└── NotYourConversation   only the assignee (or a supervisor) may do this
"""

from __future__ import annotations


class HandoffError(Exception):
    """Base of everything that `handoff` raises on purpose."""


class TicketNotFound(HandoffError):
    """No ticket has this id, or the asker may not see it."""


class TicketClosed(HandoffError):
    """A resolved ticket cannot be worked on before it is reopened."""


class AlreadyClaimed(HandoffError):
    """Somebody else took the conversation first."""


class NotYourConversation(HandoffError):
    """Only the assignee (or a supervisor) may do this."""
