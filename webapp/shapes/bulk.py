"""Steps on many articles at once: what was done, and what was not and why."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from webapp.shapes.wire import Wire


class BulkAction(StrEnum):
    """What is done with each of the articles."""

    ARCHIVE = "archive"
    SUBMIT = "submit"
    PUBLISH = "publish"
    CHANGE = "change"


class Outcome(StrEnum):
    """What became of one: customers get it now, it has its time, it waits for a reviewer, its
    draft was changed, it is out of service, or it was so already."""

    LIVE = "live"
    SCHEDULED = "scheduled"
    REVIEW = "review"
    DRAFT = "draft"
    ARCHIVED = "archived"
    UNCHANGED = "unchanged"


class BulkDoneOut(Wire):
    """One article that it was done with."""

    id: str
    outcome: Outcome


class BulkFailedOut(Wire):
    """One article that it was not done with: the error that a call about it alone would answer,
    with the same `details`: problems with their lines, tests that fail, what somebody else saved.
    """

    id: str
    error: str
    message: str
    message_zh: str
    details: JsonValue = None


class BulkOut(Wire):
    """Every article that was asked about is in one of the two."""

    done: list[BulkDoneOut] = Field(default_factory=list)
    failed: list[BulkFailedOut] = Field(default_factory=list)
