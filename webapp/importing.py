"""Importing: what is good of a file, folder or zip goes in, the rest is told with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from knowledge.errors import BadArticle, Problem
from knowledge.loader import Batch, Loaded, load_batch
from webapp.db.database import Database
from webapp.file_store import FileStore, link_to
from webapp.live import must_fit
from webapp.publish import Imported, Publishes
from webapp.records import ArticleFile

SMALLEST_PART = 50
"""How many articles become live together, at least: each time, every process reads them anew."""
LARGEST_PART = 200
"""And at most: SQLite has one writer, and a transaction must not keep a customer waiting."""
PARTS = 20
FILES_AT_ONCE = 200

Progress = Callable[[int, int], None]
"""Told how many articles are done, of how many."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports articles with their pictures.

    Articles become live in parts, each in one transaction: whoever kills an import leaves whole
    articles only, and importing again does the rest.
    """

    db: Database
    publisher: Publishes
    files: FileStore

    def import_path(
        self, path: Path, *, by: str, now: datetime, progress: Progress | None = None
    ) -> Imported:
        """Import a Markdown file, a folder or a zip.

        Raises BadArticle when nothing of it could be read, StoreUnavailable.
        """
        kept: dict[str, ArticleFile] = {}
        watch = None if progress is None else partial(_nothing_yet, progress)
        batch = load_batch(path, keep=self._keeper(kept), watch=watch)
        good = _with_room(batch)
        self._note(kept, by=by, now=now)
        if not good and batch.problems:
            raise BadArticle(batch.problems)
        total = Imported(remarks=tuple(batch.remarks))
        step = min(LARGEST_PART, max(SMALLEST_PART, -(-len(good) // PARTS)))
        for start in range(0, len(good), step):
            if progress is not None:
                progress(start, len(good))
            part = good[start : start + step]
            done = self._import_part(part, by=by, now=now)
            total = _sum(total, done)
        if progress is not None:
            progress(len(good), len(good))
        return _sum(total, Imported(failed=tuple(batch.problems)))

    def _keeper(self, kept: dict[str, ArticleFile]) -> Callable[[str, bytes], str]:
        def keep(name: str, data: bytes) -> str:
            file = self.files.put(name, data)
            link = link_to(file)
            kept[link] = file
            return link

        return keep

    def _note(self, kept: dict[str, ArticleFile], *, by: str, now: datetime) -> None:
        """Note every file that was kept; those of articles that fail now are orphans to be seen."""
        files = list(kept.values())
        for start in range(0, len(files), FILES_AT_ONCE):
            with self.db.write() as work:
                for file in files[start : start + FILES_AT_ONCE]:
                    work.article_files.put(file, by=by, now=now)

    def _import_part(self, part: list[Loaded], *, by: str, now: datetime) -> Imported:
        files = {loaded.article.id: loaded.file for loaded in part}
        articles = [loaded.article for loaded in part]
        done = self.publisher.import_articles(articles, by=by, now=now)
        failed = (replace(one, file=files.get(one.file, one.file)) for one in done.failed)
        return replace(done, failed=tuple(failed))


def _nothing_yet(progress: Progress, _read: int, files: int) -> None:
    """Files are being read; a sign of life, though no article is in."""
    progress(0, files)


def _with_room(batch: Batch) -> list[Loaded]:
    """The articles that the tables have room for; the others become problems of their files."""
    good = []
    for loaded in batch.loaded:
        try:
            must_fit([loaded.article])
        except BadArticle as error:
            batch.problems += [Problem(loaded.file, fault.message) for fault in error.problems]
        else:
            good.append(loaded)
    return good


def _sum(one: Imported, other: Imported) -> Imported:
    return Imported(
        added=one.added + other.added,
        changed=one.changed + other.changed,
        unchanged=one.unchanged + other.unchanged,
        failed=one.failed + other.failed,
        remarks=one.remarks + other.remarks,
    )
