"""Publishing: an article becomes passages and vectors before the transaction that makes it live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from knowledge.article import Article


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that was not imported: its name, the line if it is known, why and what to do."""

    name: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import, by article id; `bad` files left everything else untouched."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    bad: tuple[BadFile, ...] = ()


class Publishes(Protocol):
    """Makes articles live."""

    def publish(
        self, article: Article, *, by: str, seen_revision: int | None = None, now: datetime
    ) -> Article:
        """Encode and keep one article; raises EditConflict, BadArticle, StoreUnavailable."""
        ...

    def archive(self, article_id: str, *, by: str, now: datetime) -> Article:
        """Take one article out of service; raises ArticleNotFound."""
        ...

    def import_path(self, path: Path, *, by: str, now: datetime) -> Imported:
        """Import a Markdown file, a folder or a zip; nothing is imported when one file is bad."""
        ...

    def import_articles(self, articles: Sequence[Article], *, by: str, now: datetime) -> Imported:
        """Import articles that were parsed already, all or none."""
        ...
