"""Revision: one step in the life of an article, kept with the text as it stood; never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RevisionState(StrEnum):
    """What became of the text with this step."""

    DRAFT = "draft"
    REVIEW = "review"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What was done with a text of an article: by whom, when and why. The text is kept beside it.

    `number` counts from 1 within the article, over drafts and live texts alike. `author` wrote the
    text; `by` made the step, and may be somebody else. `restores` is the number of the revision
    whose text this is after a roll-back. Who and when are None where nobody had written it down.
    """

    article_id: str
    number: int
    state: RevisionState
    title: str
    author: str | None
    by: str | None
    at: datetime | None
    reason: str | None = None
    restores: int | None = None
