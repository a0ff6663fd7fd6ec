"""Errors as HTTP: what the web itself refuses, and one table from error class to status.

WebError
├── BadRequest        the body is not UTF-8 or not JSON
├── InvalidInput      the body or query has a wrong type or value; `details` lists every problem
│   └── TitleMissing  a new article without a title, after which it would be named
├── KnowledgeTestsFail  a text would break tests of knowledge; override with a reason
├── WeakPassword      a password that is too short or too common
├── NotSignedIn       no valid session or token
├── WrongLogin        e-mail address and password do not fit; the same words for unknown accounts
├── NotAllowed        the role may not do this
├── BadCsrfToken      a session's change without its token, or from another site
├── NothingHere       no such thing, or not for the asker: the same answer
├── TooManyAttempts   wait before trying again
└── NotReady          a part of the program is missing; the message names the remedy
"""

from __future__ import annotations

from http import HTTPStatus

from dialogue.errors import (
    BadFlow,
    BadRating,
    BusinessSystemUnavailable,
    ConversationClosed,
    ConversationNotFound,
    DialogueError,
    StateMoved,
)
from handoff.errors import (
    AlreadyClaimed,
    HandoffError,
    NotYourConversation,
    TicketClosed,
    TicketNotFound,
)
from knowledge.errors import (
    ArticleNotFound,
    BadArticle,
    BadSchedule,
    BadTerm,
    DraftLocked,
    DraftMoved,
    DraftNotFound,
    IndexUnavailable,
    KnowledgeError,
    LiveMoved,
    NotArchived,
    NotInReview,
    NotPublished,
    Overtaken,
    ReasonMissing,
    ReviewRequired,
    RevisionNotFound,
    SecondPersonNeeded,
    TermTaken,
    VectorIndexUnavailable,
)
from nlu.errors import (
    BadTrainingData,
    ModelMismatch,
    ModelUnavailable,
    NluError,
    UnusableFolder,
)
from webapp.db.errors import (
    AlreadyExists,
    ContactNotFound,
    EditConflict,
    GapNotFound,
    ProposalDecided,
    ProposalNotFound,
    StaffNotFound,
    StoreError,
    StoreOutdated,
    StoreUnavailable,
    TermNotFound,
    WebhookNotFound,
)
from webapp.records import JsonValue

ASK_DOCTOR = "run `jiedai doctor` on the server: it says why, and what to do."
"""The remedy for a part that is missing. The reason names folders of the server, which anybody
could read here: it is in the log and told by the doctor."""


class WebError(Exception):
    """Base of what the web itself refuses; `details` and `retry_after` go into the answer."""

    def __init__(
        self, message: str, *, details: JsonValue = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.details = details
        self.retry_after = retry_after


class BadRequest(WebError):
    """The body is not UTF-8 or not JSON."""


class InvalidInput(WebError):
    """The body or query has a wrong type or value; `details` lists every problem."""


class TitleMissing(InvalidInput):
    """A new article without a title, after which it would be named."""


class KnowledgeTestsFail(WebError):
    """Tests of knowledge speak against publishing; `details` lists them."""


class WeakPassword(WebError):
    """A password that is too short, too long or too common; the message says what to choose."""


class NotSignedIn(WebError):
    """No valid session or token."""


class WrongLogin(WebError):
    """E-mail address and password do not fit; the same words for unknown accounts."""


class NotAllowed(WebError):
    """The role may not do this."""


class BadCsrfToken(WebError):
    """A session's change without its token, or from another site."""


class NothingHere(WebError):
    """No such thing, or not for the asker: the same answer."""


class TooManyAttempts(WebError):
    """Wait before trying again; `retry_after` is in seconds."""


class NotReady(WebError):
    """A part of the program is missing; the message names the remedy."""


STATUS: dict[type[Exception], HTTPStatus] = {
    BadRequest: HTTPStatus.BAD_REQUEST,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    TitleMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    KnowledgeTestsFail: HTTPStatus.CONFLICT,
    WeakPassword: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    WrongLogin: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    BadCsrfToken: HTTPStatus.FORBIDDEN,
    NothingHere: HTTPStatus.NOT_FOUND,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    ConversationNotFound: HTTPStatus.NOT_FOUND,
    ConversationClosed: HTTPStatus.CONFLICT,
    BadRating: HTTPStatus.UNPROCESSABLE_ENTITY,
    TicketNotFound: HTTPStatus.NOT_FOUND,
    TicketClosed: HTTPStatus.CONFLICT,
    AlreadyClaimed: HTTPStatus.CONFLICT,
    NotYourConversation: HTTPStatus.FORBIDDEN,
    ArticleNotFound: HTTPStatus.NOT_FOUND,
    BadArticle: HTTPStatus.UNPROCESSABLE_ENTITY,
    RevisionNotFound: HTTPStatus.NOT_FOUND,
    DraftNotFound: HTTPStatus.NOT_FOUND,
    Overtaken: HTTPStatus.CONFLICT,
    DraftMoved: HTTPStatus.CONFLICT,
    LiveMoved: HTTPStatus.CONFLICT,
    DraftLocked: HTTPStatus.CONFLICT,
    NotInReview: HTTPStatus.CONFLICT,
    NotPublished: HTTPStatus.CONFLICT,
    NotArchived: HTTPStatus.CONFLICT,
    ReviewRequired: HTTPStatus.FORBIDDEN,
    SecondPersonNeeded: HTTPStatus.FORBIDDEN,
    ReasonMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadTerm: HTTPStatus.UNPROCESSABLE_ENTITY,
    TermTaken: HTTPStatus.CONFLICT,
    BadSchedule: HTTPStatus.UNPROCESSABLE_ENTITY,
    IndexUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    EditConflict: HTTPStatus.CONFLICT,
    AlreadyExists: HTTPStatus.CONFLICT,
    StaffNotFound: HTTPStatus.NOT_FOUND,
    ContactNotFound: HTTPStatus.NOT_FOUND,
    WebhookNotFound: HTTPStatus.NOT_FOUND,
    GapNotFound: HTTPStatus.NOT_FOUND,
    TermNotFound: HTTPStatus.NOT_FOUND,
    ProposalNotFound: HTTPStatus.NOT_FOUND,
    ProposalDecided: HTTPStatus.CONFLICT,
}
"""The status of each error that may reach a caller; subclasses inherit theirs."""

INTERNAL: frozenset[type[Exception]] = frozenset(
    {
        StateMoved,
        BadFlow,
        BusinessSystemUnavailable,
        BadTrainingData,
        UnusableFolder,
        StoreOutdated,
        VectorIndexUnavailable,
    }
)
"""Errors that never reach a caller on purpose; when one does, it is a mistake of ours (500)."""

BASES: tuple[type[Exception], ...] = (
    WebError,
    StoreError,
    DialogueError,
    HandoffError,
    KnowledgeError,
    NluError,
)
"""Whatever derives from these is in STATUS or in INTERNAL; a test holds us to it."""


def status_of(error: type[Exception]) -> HTTPStatus | None:
    """The status of an error class, looked up along its ancestors; None means unexpected."""
    for ancestor in error.__mro__:
        if ancestor in INTERNAL:
            return None
        if ancestor in STATUS:
            return STATUS[ancestor]
    return None


def code_of(error: type[Exception]) -> str:
    """The stable code: the name of the nearest class that the table knows."""
    return next(a.__name__ for a in error.__mro__ if a in STATUS)
