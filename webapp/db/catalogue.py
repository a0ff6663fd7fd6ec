"""The catalogue: what the library shows of all articles, counted and sorted by the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    String,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from knowledge.article import ArticleStatus
from knowledge.draft import DraftState
from webapp.db import tables
from webapp.records import Standing

_a = tables.articles.c
_d = tables.article_drafts.c
# Read as plain JSON: checking the shape of many short lists takes longer than the rest.
_LISTS = tuple(type_coerce(_a[name], JSON).label(name) for name in ("versions", "channels", "tags"))
_COLUMNS = (
    _a.id, _a.title, _a.status, _a.product, *_LISTS, _a.category, _a.valid_until, _a.updated_at,
    _a.updated_by, _a.revision, _d.state.label("draft_state"), _d.version.label("draft_version"),
    _d.author.label("draft_author"), _d.written_at.label("draft_written_at"),
)  # fmt: skip
_path: ColumnElement[str] = type_coerce(_a.category, String)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article with what is known of its draft; nothing of either's text."""

    id: str
    title: str
    status: ArticleStatus
    standing: Standing
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
    draft_version: int | None
    draft_author: str | None
    draft_written_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles are asked for, wherever they stand and whatever their category.

    All `words` must be somewhere in an article: in the id, the title, the text, the similar
    questions, or the draft; upper and lower case are one. `written_by` is who wrote last;
    `last_day` the first and the last that the article's own last day may be.
    """

    words: tuple[str, ...] = ()
    product: str | None = None
    tag: str | None = None
    channel: str | None = None
    written_by: str | None = None
    last_day: tuple[date, date] | None = None
    brand_id: str = "default"


@dataclass(frozen=True, slots=True)
class Choices:
    """What articles of a brand are for, each once and sorted."""

    products: list[str]
    tags: list[str]
    channels: list[str]


class Catalogue:
    """Reads articles as a list shows them; `today` says which have expired."""

    def __init__(self, session: Session, *, today: date) -> None:
        self._session = session
        self._standing = _standing(today)

    def count(self, *, brand_id: str = "default") -> int:
        """How many articles a brand has."""
        query = select(func.count()).where(_a.brand_id == brand_id)
        return self._session.scalar(query) or 0

    def counts(self, wanted: Wanted) -> dict[tuple[Standing, tuple[str, ...]], int]:
        """How many of the wanted articles there are, by standing and category."""
        query = _joined(select(self._standing, _a.category, func.count()))
        query = query.where(*self._are(wanted)).group_by(self._standing, _a.category)
        return {(Standing(row[0]), row[1]): row[2] for row in self._session.execute(query)}

    def page(
        self,
        wanted: Wanted,
        *,
        standing: Standing | None,
        branch: tuple[str, ...] | None,
        skip: int,
        limit: int,
    ) -> list[Entry]:
        """Some of the wanted articles, what changed last first, then by title.

        `standing` None leaves out the archive; `branch` is a place in the tree with all below it,
        the empty one stands for articles without a category.
        """
        conditions = [
            self._standing != Standing.ARCHIVED.value
            if standing is None
            else self._standing == standing.value
        ]
        if branch is not None:
            conditions.append(_is_at("/".join(branch)))
        changed = _latest(_d.written_at, _a.updated_at)
        query = (
            _joined(select(*_COLUMNS, self._standing.label("standing")))
            .where(*self._are(wanted), *conditions)
            .order_by(changed.desc().nulls_last(), _a.title, _a.id)
            .offset(skip)
            .limit(limit)
        )
        rows = (dict(row._mapping) for row in self._session.execute(query))
        return [Entry(**{**row, "standing": Standing(row["standing"])}) for row in rows]

    def choices(self, *, brand_id: str = "default") -> Choices:
        """What there is to choose from, in all articles of a brand."""

        def values(column: ColumnElement[Any]) -> Iterable[str]:
            query = select(column).where(_a.brand_id == brand_id).distinct()
            return self._session.scalars(query)

        def listed(column: ColumnElement[Any]) -> list[str]:
            return sorted({v for text in values(cast(column, String)) for v in json.loads(text)})

        products = sorted(value for value in values(_a.product) if value)
        return Choices(products, listed(_a.tags), listed(_a.channels))

    def _are(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        conditions = [_a.brand_id == wanted.brand_id, *map(self._holds, wanted.words)]
        if wanted.product is not None:
            conditions.append(_a.product == wanted.product)
        if wanted.tag is not None:
            conditions.append(self._lists(_a.tags, wanted.tag))
        if wanted.channel is not None:
            conditions.append(self._lists(_a.channels, wanted.channel))
        if wanted.written_by is not None:
            author = func.coalesce(func.nullif(_d.author, ""), _a.updated_by)
            conditions.append(author == wanted.written_by)
        if wanted.last_day is not None:
            conditions.append(_a.valid_until.between(*wanted.last_day))
        return conditions

    def _holds(self, word: str) -> ColumnElement[bool]:
        def within(text: ColumnElement[Any]) -> ColumnElement[bool]:
            return func.lower(text).contains(word.lower(), autoescape=True)

        # One by one: in the text of the list 退 is \u9000, so that 900 would be found in it.
        return or_(
            *map(within, (_a.id, _a.title, _a.body, _d.title, _d.markdown)),
            self._any_of(_a.questions, within),
        )

    def _lists(self, column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
        return self._any_of(column, lambda item: item == value)

    def _any_of(
        self, column: ColumnElement[Any], holds: Callable[[ColumnElement[Any]], ColumnElement[bool]]
    ) -> ColumnElement[bool]:
        """Whether this holds of one of a list's texts."""
        postgres = self._session.get_bind().dialect.name == "postgresql"
        each = func.json_array_elements_text if postgres else func.json_each
        items = each(type_coerce(column, JSON)).table_valued("value")
        return exists(
            select(literal(1)).select_from(items).where(holds(type_coerce(items.c.value, String)))
        )


def _joined(query: Select[Any]) -> Select[Any]:
    return query.join_from(tables.articles, tables.article_drafts, isouter=True)


def _standing(today: date) -> ColumnElement[str]:
    """Where an article stands; a draft on its way to customers says more than what is live."""
    steps: list[tuple[ColumnElement[bool], Standing]] = [
        (_a.status == ArticleStatus.ARCHIVED, Standing.ARCHIVED),
        (_d.state == DraftState.REVIEW, Standing.REVIEW),
        (_d.state == DraftState.SCHEDULED, Standing.SCHEDULED),
        (_a.revision == 0, Standing.DRAFT),
        (_a.valid_until < today, Standing.EXPIRED),
        (_d.state.is_not(None), Standing.CHANGED),
    ]
    # Written out: PostgreSQL does not see that two parameters of a grouping are the same.
    words = [(condition, literal_column(f"'{value}'", String)) for condition, value in steps]
    return case(*words, else_=literal_column(f"'{Standing.PUBLISHED}'", String))


def _latest(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one.is_(None), other), (other.is_(None), one), (one > other, one), else_=other)


def _is_at(place: str) -> ColumnElement[bool]:
    if not place:
        return _path == ""
    # Not LIKE, which on SQLite takes small letters for capitals.
    begins: ColumnElement[str] = func.substr(_path, 1, len(place) + 1)
    return or_(_path == place, begins == f"{place}/")
