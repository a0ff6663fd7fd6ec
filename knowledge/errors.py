"""What can go wrong in knowledge.

KnowledgeError
├── BadArticle         files that cannot be read as articles; file, line and remedy of each
├── ArticleNotFound    no article has this id
├── RevisionNotFound   the article has no revision of this number
├── DraftNotFound      the article has no draft
├── Overtaken          somebody else was faster; says who, when, and what stands there now
│   ├── DraftMoved     the draft was saved again since it was read
│   └── LiveMoved      the live text was changed since the draft was begun
├── DraftLocked        a draft that is in review or scheduled is not edited
├── NotInReview        only what was submitted can be approved, rejected or withdrawn
├── ReviewRequired     this installation publishes only what was reviewed
│   └── SecondPersonNeeded   … by somebody other than its writer
├── ReasonMissing      who rejects says why
├── BadSchedule        a moment that lies in the past or too far ahead
├── NotPublished       what customers never got cannot be taken out of service
├── NotArchived        only what is archived can be restored
├── BadTerm            a term, or a way to say it, that cannot be; says what to write instead
│   └── TermTaken      a word of it belongs to another term already
└── IndexUnavailable   the index cannot be built or read
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file: where, what, and what to do; `line` counts from 1."""

    file: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """`file:line: message`, as compilers write it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class KnowledgeError(Exception):
    """Base of everything that `knowledge` raises on purpose."""


class VectorIndexUnavailable(KnowledgeError):
    """What was to find the nearest vectors is not there; the message names the remedy."""


class BadArticle(KnowledgeError):
    """Files that cannot be read as articles; `problems` names each with file, line and remedy."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ArticleNotFound(KnowledgeError):
    """No article has this id."""


class RevisionNotFound(KnowledgeError):
    """The article has no revision of this number."""


class DraftNotFound(KnowledgeError):
    """The article has no draft."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """What stands there instead of what was expected: whose text it is, since when, and the text.

    `number` is the version of a draft or the revision of a live text, whichever moved.
    """

    by: str | None
    at: datetime | None
    number: int
    markdown: str


class Overtaken(KnowledgeError):
    """Somebody else was faster; nothing was overwritten, and `theirs` is what there is now."""

    def __init__(self, message: str, *, theirs: Theirs) -> None:
        super().__init__(message)
        self.theirs = theirs


class DraftMoved(Overtaken):
    """The draft was saved again since it was read."""


class LiveMoved(Overtaken):
    """The live text was changed since the draft was begun."""


class DraftLocked(KnowledgeError):
    """A draft that is in review or scheduled is not edited; withdraw it first."""


class NotInReview(KnowledgeError):
    """Only what was submitted can be approved, rejected or withdrawn."""


class ReviewRequired(KnowledgeError):
    """This installation publishes only what was reviewed."""


class SecondPersonNeeded(ReviewRequired):
    """Nobody approves his own text where somebody else could."""


class ReasonMissing(KnowledgeError):
    """Who rejects says why."""


class BadSchedule(KnowledgeError):
    """A moment that lies in the past or too far ahead."""


class NotPublished(KnowledgeError):
    """What customers never got cannot be taken out of service."""


class NotArchived(KnowledgeError):
    """Only what is archived can be restored."""


class BadTerm(KnowledgeError):
    """A term, or a way to say it, that cannot be; `problems` say what to write instead."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class TermTaken(BadTerm):
    """A word of the term belongs to another term already."""


class IndexUnavailable(KnowledgeError):
    """The index cannot be built or read."""
