"""The library: a page of articles, the tree, and what there is to choose from."""

from __future__ import annotations

from datetime import date, datetime

from knowledge.article import ArticleStatus
from knowledge.draft import DraftState
from webapp.records import Standing
from webapp.shapes.wire import Wire


class EntryDraftOut(Wire):
    """The draft beside an article: who works on it, and what it waits for."""

    state: DraftState
    version: int
    author: str
    written_at: datetime


class EntryOut(Wire):
    """One article in the library."""

    id: str
    title: str
    status: ArticleStatus
    standing: Standing
    product: str | None
    versions: list[str]
    channels: list[str]
    tags: list[str]
    category: list[str]
    valid_until: date | None
    expired: bool
    updated_at: datetime | None
    updated_by: str | None
    revision: int
    draft: EntryDraftOut | None


class BranchOut(Wire):
    """How many of the articles that were asked for stand at this place of the tree itself."""

    path: list[str]
    count: int


class CatalogueOut(Wire):
    """One page of the library.

    `total` counts what was asked for, `everything` all articles there are. `states` counts what
    was asked for by its standing, whatever standing was asked for; `categories` likewise by place.
    """

    items: list[EntryOut]
    total: int
    everything: int
    page: int
    page_size: int
    states: dict[Standing, int]
    categories: list[BranchOut]
    products: list[str]
    tags: list[str]
    channels: list[str]
