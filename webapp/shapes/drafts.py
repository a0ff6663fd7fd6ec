"""Drafts of articles, and the history of one."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from knowledge.compare import RowKind
from knowledge.draft import DraftState
from knowledge.revision import RevisionState
from webapp.shapes.wire import Wire


class DraftBrief(Wire):
    """A draft as a list shows it.

    `author` wrote the text, `step_by` made the last step (submitted, rejected …) and said `reason`.
    `base` is the revision of the live text that it started from, 0 when there was none. `failure`
    is why a scheduled text could not be published; `try_at` is when it is tried next.
    """

    article_id: str
    title: str
    state: DraftState
    version: int
    base: int
    author: str
    written_at: datetime
    step_by: str
    step_at: datetime
    reason: str | None = None
    publish_at: datetime | None = None
    failure: str | None = None
    try_at: datetime | None = None


class DraftProblem(Wire):
    """What has to be mended before the draft can be submitted."""

    line: int | None
    message: str


class DraftOut(DraftBrief):
    """A draft whole. `live_revision` other than `base` means that the live text has moved on."""

    markdown: str
    html: str
    problems: list[DraftProblem] = Field(default_factory=list)
    live_revision: int


class DraftsOut(Wire):
    """Drafts, whoever has waited longest first."""

    items: list[DraftBrief]


class DraftGone(Wire):
    """A draft that was given up; `article_left` is false when the article went with it."""

    article_id: str
    article_left: bool


class RevisionOut(Wire):
    """One step in the life of an article; `live` marks the text that customers get.

    `restores` is the number of the earlier revision that a roll-back brought back.
    """

    number: int
    state: RevisionState
    title: str
    author: str | None
    by: str | None
    at: datetime | None
    reason: str | None
    restores: int | None
    live: bool


class RevisionDetail(RevisionOut):
    """One revision with its text, and as customers would see it."""

    markdown: str
    html: str


class RevisionsOut(Wire):
    """The history of an article, the newest step first."""

    items: list[RevisionOut]
    next_cursor: str | None = None


class SpanOut(Wire):
    """A piece of a line; `changed` where the other side has something else."""

    text: str
    changed: bool


class RowOut(Wire):
    """One row side by side; a side without this line has no number and no spans."""

    kind: RowKind
    old_line: int | None
    new_line: int | None
    old: list[SpanOut]
    new: list[SpanOut]


class SideOut(Wire):
    """One of the two texts: `number` is its revision, None for the draft."""

    number: int | None
    title: str
    author: str | None
    at: datetime | None


class DiffOut(Wire):
    """Two texts of an article side by side."""

    old: SideOut
    new: SideOut
    rows: list[RowOut]
