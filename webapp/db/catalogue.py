"""The catalogue: what the library shows of all articles, without their bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import JSON, ColumnElement, String, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from knowledge.article import ArticleStatus
from knowledge.draft import DraftState
from webapp.db import tables

_a = tables.articles.c
_d = tables.article_drafts.c
# Read as plain JSON: checking the shape of thousands of short lists takes longer than the rest.
_LISTS = tuple(type_coerce(_a[name], JSON).label(name) for name in ("versions", "channels", "tags"))
_COLUMNS = (
    _a.id, _a.title, _a.status, _a.product, *_LISTS, _a.category, _a.valid_until, _a.updated_at,
    _a.updated_by, _a.revision, _d.state.label("draft_state"), _d.author.label("draft_author"),
    _d.written_at.label("draft_written_at"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article with what is known of its draft; nothing of either's text."""

    id: str
    title: str
    status: ArticleStatus
    product: str | None
    versions: list[str]
    channels: list[str]
    tags: list[str]
    category: tuple[str, ...]
    valid_until: date | None
    updated_at: datetime | None
    updated_by: str | None
    revision: int
    draft_state: DraftState | None
    draft_author: str | None
    draft_written_at: datetime | None


class Catalogue:
    """Reads all articles of a brand as a list shows them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def entries(self, *, brand_id: str = "default") -> list[Entry]:
        """Every article of a brand, by title."""
        query = (
            select(*_COLUMNS)
            .join_from(tables.articles, tables.article_drafts, isouter=True)
            .where(_a.brand_id == brand_id)
            .order_by(_a.title, _a.id)
        )
        return [Entry(**row._mapping) for row in self._session.execute(query)]

    def holding(self, words: Sequence[str], *, brand_id: str = "default") -> set[str]:
        """The ids of the articles that hold all `words`, wherever each stands: in the id, the
        title, the text, the similar questions, or the draft. Upper and lower case are one.
        """
        query = (
            select(_a.id)
            .join_from(tables.articles, tables.article_drafts, isouter=True)
            .where(_a.brand_id == brand_id, *(_holds(word) for word in words))
        )
        return set(self._session.scalars(query))


def _holds(word: str) -> ColumnElement[bool]:
    # Similar questions are kept as JSON: its text has Chinese as escapes, so they are looked for
    # in the form that they are kept in.
    texts = (_a.id, _a.title, _a.body, _d.title, _d.markdown)
    escaped = word.encode("ascii", "backslashreplace").decode("ascii")
    questions = func.lower(cast(_a.questions, String)).contains(escaped.lower(), autoescape=True)
    plain = func.lower(cast(_a.questions, String)).contains(word.lower(), autoescape=True)
    return or_(
        *(func.lower(text).contains(word.lower(), autoescape=True) for text in texts),
        questions,
        plain,
    )
