"""What can go wrong in a conversation.

DialogueError
├── ConversationNotFound         no conversation has this id, or the asker may not see it
├── ConversationClosed           a resolved conversation takes no replies from staff
├── StateMoved                   another turn was stored first; compute this one again (internal)
├── BadRating                    a score outside one to five
├── BadFlow                      a flow or wording file that cannot be used; file, line, remedy
└── BusinessSystemUnavailable    an order or return system did not answer (internal)
"""

from __future__ import annotations


class DialogueError(Exception):
    """Base of everything that `dialogue` raises on purpose."""


class ConversationNotFound(DialogueError):
    """No conversation has this id, or the asker may not see it."""


class ConversationClosed(DialogueError):
    """A resolved conversation takes no replies from staff."""


class StateMoved(DialogueError):
    """Another turn was stored first; the caller computes this one again."""


class BadRating(DialogueError):
    """A rating is a whole number from one to five."""


class BadFlow(DialogueError):
    """A flow, wording or journey file that cannot be used; file, line and remedy."""


class BusinessSystemUnavailable(DialogueError):
    """An order or return system did not answer in time, or answered nonsense."""
