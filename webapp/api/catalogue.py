"""The library of knowledge: search, filters, the tree, a page of the list."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from flask import Blueprint
from pydantic import Field

from webapp.auth.session import required_staff
from webapp.current import services, today
from webapp.db.catalogue import Catalogue, Entry, Wanted
from webapp.db.types import BIGGEST_ID
from webapp.operations import Answered, Operations, Query
from webapp.records import Standing
from webapp.shapes.catalogue import BranchOut, CatalogueOut, EntryDraftOut, EntryOut

bp = Blueprint("api_catalogue", __name__)
route = Operations(bp)

PAGE_SIZE = 50
EXPIRING = timedelta(days=30)
NOWHERE = "-"
"""Stands for the articles without a category."""


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
    wanted = Wanted(
        words=tuple(query.q.split()),
        product=query.product,
        tag=query.tag,
        channel=query.channel,
        written_by=required_staff().name if query.mine else None,
        last_day=(day, day + EXPIRING) if query.expiring else None,
    )
    branch = _branch(query.category)
    with services().db.read() as work:
        catalogue = Catalogue(work.session, today=day)
        counts = catalogue.counts(wanted)
        everything, choices = catalogue.count(), catalogue.choices()
        shown = catalogue.page(
            wanted,
            standing=query.state,
            branch=branch,
            skip=(query.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )
    states: Counter[Standing] = Counter()
    places: Counter[tuple[str, ...]] = Counter()
    total = 0
    for (standing, place), count in counts.items():
        here, so = _is_at(place, branch), _is_in(standing, query.state)
        states[standing] += count if here else 0
        places[place] += count if so else 0
        total += count if here and so else 0
    return CatalogueOut(
        items=[_out(entry, day) for entry in shown],
        total=total,
        everything=everything,
        page=query.page,
        page_size=PAGE_SIZE,
        states=+states,
        categories=[
            BranchOut(path=list(path), count=count) for path, count in sorted((+places).items())
        ],
        products=choices.products,
        tags=choices.tags,
        channels=choices.channels,
    )


def _branch(category: str | None) -> tuple[str, ...] | None:
    if not category:
        return None
    return () if category == NOWHERE else tuple(category.split("/"))


def _is_in(standing: Standing, wanted: Standing | None) -> bool:
    return standing is not Standing.ARCHIVED if wanted is None else standing is wanted


def _is_at(place: tuple[str, ...], branch: tuple[str, ...] | None) -> bool:
    if not branch:
        return branch is None or not place
    return place[: len(branch)] == branch


def _out(entry: Entry, today: date) -> EntryOut:
    draft = None
    if entry.draft_state and entry.draft_author and entry.draft_written_at:
        draft = EntryDraftOut(
            state=entry.draft_state,
            version=entry.draft_version or 0,
            author=entry.draft_author,
            written_at=entry.draft_written_at,
        )
    return EntryOut(
        id=entry.id,
        title=entry.title,
        status=entry.status,
        standing=entry.standing,
        product=entry.product,
        versions=entry.versions,
        channels=entry.channels,
        tags=entry.tags,
        category=list(entry.category),
        valid_until=entry.valid_until,
        expired=entry.valid_until is not None and entry.valid_until < today,
        updated_at=entry.updated_at,
        updated_by=entry.updated_by,
        revision=entry.revision,
        draft=draft,
    )
