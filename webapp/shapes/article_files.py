"""Imports, and the files that stand beside articles."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from webapp.learning_records import Fate
from webapp.records import ImportState
from webapp.shapes.health import CaseOut
from webapp.shapes.wire import Wire


class FileProblemOut(Wire):
    """Something about one file of an import: where, what, and what to do, also in Chinese."""

    file: str
    line: int | None = None
    message: str
    message_zh: str


class HeldUpOut(Wire):
    """An article that tests of knowledge speak against: `failing` are its own, `broken` those of
    other articles that pass without it. `fate` says what became of it: it is kept as a `draft`,
    was `taken` all the same, or `left` out, as `failed` explains."""

    article_id: str
    file: str
    fate: Fate
    failing: list[CaseOut] = Field(default_factory=list)
    broken: list[CaseOut] = Field(default_factory=list)


class ImportOut(Wire):
    """What an import did, by article id; `waiting` are drafts before a reviewer, `failed` has the
    files that are not in, and why."""

    added: list[str]
    changed: list[str]
    unchanged: list[str]
    waiting: list[str] = Field(default_factory=list)
    held: list[HeldUpOut] = Field(default_factory=list)
    failed: list[FileProblemOut] = Field(default_factory=list)
    remarks: list[FileProblemOut] = Field(default_factory=list)


class ImportJobOut(Wire):
    """An import that runs by itself: `done` of `total` articles. In the end it has a `report`."""

    id: str
    state: ImportState
    started_by: str
    started_at: datetime
    done: int
    total: int
    report: ImportOut | None = None


class ArticleFileOut(Wire):
    """A picture or attachment; `markdown` is what to write where it shall be shown."""

    sha256: str
    name: str
    media_type: str
    size: int
    url: str
    markdown: str
    used_by: list[str] = Field(default_factory=list)


class ArticleFilesOut(Wire):
    """Files by name."""

    items: list[ArticleFileOut]
