"""What can go wrong with the database, told apart by what the caller can do about it."""

from __future__ import annotations

from knowledge.errors import Theirs


class StoreError(Exception):
    """Base of everything that the stores raise on purpose."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is full or busy; nothing was stored. Try again later.

    `retry_after` is in seconds.
    """

    def __init__(self, message: str, *, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class VectorsMissing(StoreUnavailable):
    """Vectors that search needs were removed from the database by somebody else."""


class StoreOutdated(StoreError):
    """The database's tables are not those of this program; the message names the remedy."""


class EditConflict(StoreError):
    """Somebody else changed the same thing in between; fetch it again and repeat the change.

    `theirs` is what stands there now, where the store can say it.
    """

    def __init__(self, message: str, *, theirs: Theirs | None = None) -> None:
        super().__init__(message)
        self.theirs = theirs


class AlreadyExists(StoreError):
    """There is one with this name already."""


class StaffNotFound(StoreError):
    """No member of staff has this id or e-mail address."""


class GapNotFound(StoreError):
    """No group of questions without an answer has this id."""


class ProposalNotFound(StoreError):
    """No proposal has this id."""


class ProposalDecided(StoreError):
    """Somebody has accepted or refused this proposal already."""


class TermNotFound(StoreError):
    """No term has this id."""


class ContactNotFound(StoreError):
    """No contact has this id."""


class WebhookNotFound(StoreError):
    """No webhook has this id."""
