"""The library of knowledge: search, filters, the tree, a page of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint
from pydantic import Field

from knowledge.article import ArticleStatus
from knowledge.draft import DraftState
from webapp.auth.session import required_staff
from webapp.current import services, today
from webapp.db.catalogue import Catalogue, Entry
from webapp.db.types import BIGGEST_ID
from webapp.operations import Answered, Operations, Query
from webapp.shapes.catalogue import BranchOut, CatalogueOut, EntryDraftOut, EntryOut, Standing

bp = Blueprint("api_catalogue", __name__)
route = Operations(bp)

PAGE_SIZE = 50
EXPIRING = timedelta(days=30)
NOWHERE = "-"
"""Stands for the articles without a category."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CatalogueQuery(Query):
    """What to show. `q` are words of which each must be somewhere in the article or its draft;
    `category` is a branch of the tree (手机/屏幕) or `-` for articles without one; `mine` are those
    that the caller wrote last; `expiring` those whose last day comes within 30 days.

    Archived articles are shown only when asked for by `state`.
    """

    q: str = Field(default="", max_length=200)
    state: Standing | None = None
    category: str | None = Field(default=None, max_length=320)
    product: str | None = Field(default=None, max_length=100)
    tag: str | None = Field(default=None, max_length=100)
    channel: str | None = Field(default=None, max_length=100)
    mine: bool = False
    expiring: bool = False
    page: int = Field(default=1, ge=1, le=BIGGEST_ID)


@route("GET", "/api/v1/knowledge/catalogue", query=CatalogueQuery, answers={200: CatalogueOut})
def show_catalogue(query: CatalogueQuery) -> Answered:
    """A page of the articles that match, what changed last first, with the tree and the choices"""
    day = today()
    with services().db.read() as work:
        catalogue = Catalogue(work.session)
        known = catalogue.entries()
        words = query.q.split()
        found = catalogue.holding(words) if words else None
    me = required_staff().name
    asked = [
        entry
        for entry in known
        if (found is None or entry.id in found) and _matches(entry, query, me=me, today=day)
    ]
    standing = {entry.id: standing_of(entry, day) for entry in asked}
    placed = [entry for entry in asked if _is_at(entry, query.category)]
    in_state = [entry for entry in asked if _is_in(standing[entry.id], query.state)]
    shown = [entry for entry in in_state if _is_at(entry, query.category)]
    shown.sort(key=_changed_at, reverse=True)
    begin = (query.page - 1) * PAGE_SIZE
    return CatalogueOut(
        items=[_out(e, standing[e.id], day) for e in shown[begin : begin + PAGE_SIZE]],
        total=len(shown),
        everything=len(known),
        page=query.page,
        page_size=PAGE_SIZE,
        states=Counter(standing[entry.id] for entry in placed),
        categories=[
            BranchOut(path=list(path), count=count)
            for path, count in sorted(Counter(entry.category for entry in in_state).items())
        ],
        products=_choices([entry.product] if entry.product else [] for entry in known),
        tags=_choices(entry.tags for entry in known),
        channels=_choices(entry.channels for entry in known),
    )


def standing_of(entry: Entry, today: date) -> Standing:
    """Where an article stands; a draft on its way to customers says more than what is live."""
    if entry.status is ArticleStatus.ARCHIVED:
        return Standing.ARCHIVED
    if entry.draft_state is DraftState.REVIEW:
        return Standing.REVIEW
    if entry.draft_state is DraftState.SCHEDULED:
        return Standing.SCHEDULED
    if entry.revision == 0:
        return Standing.DRAFT
    if _is_expired(entry, today):
        return Standing.EXPIRED
    return Standing.CHANGED if entry.draft_state else Standing.PUBLISHED


def _matches(entry: Entry, query: CatalogueQuery, *, me: str, today: date) -> bool:
    author = entry.draft_author or entry.updated_by
    last = entry.valid_until
    return (
        (query.product is None or entry.product == query.product)
        and (query.tag is None or query.tag in entry.tags)
        and (query.channel is None or query.channel in entry.channels)
        and (not query.mine or author == me)
        and (not query.expiring or (last is not None and today <= last <= today + EXPIRING))
    )


def _is_in(standing: Standing, wanted: Standing | None) -> bool:
    return standing is not Standing.ARCHIVED if wanted is None else standing is wanted


def _is_at(entry: Entry, category: str | None) -> bool:
    if not category:
        return True
    if category == NOWHERE:
        return not entry.category
    branch = tuple(category.split("/"))
    return entry.category[: len(branch)] == branch


def _is_expired(entry: Entry, today: date) -> bool:
    return entry.valid_until is not None and entry.valid_until < today


def _changed_at(entry: Entry) -> datetime:
    return max(entry.draft_written_at or _NEVER, entry.updated_at or _NEVER)


def _choices(values: Iterable[Iterable[str]]) -> list[str]:
    return sorted({value for several in values for value in several})


def _out(entry: Entry, standing: Standing, today: date) -> EntryOut:
    draft = None
    if entry.draft_state and entry.draft_author and entry.draft_written_at:
        draft = EntryDraftOut(
            state=entry.draft_state, author=entry.draft_author, written_at=entry.draft_written_at
        )
    return EntryOut(
        id=entry.id,
        title=entry.title,
        status=entry.status,
        standing=standing,
        product=entry.product,
        versions=entry.versions,
        channels=entry.channels,
        tags=entry.tags,
        category=list(entry.category),
        valid_until=entry.valid_until,
        expired=_is_expired(entry, today),
        updated_at=entry.updated_at,
        updated_by=entry.updated_by,
        revision=entry.revision,
        draft=draft,
    )
