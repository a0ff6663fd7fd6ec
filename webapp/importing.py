"""Importing: what is good of a file, folder or zip goes in, the rest is told with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from knowledge.errors import BadArticle, Problem
from knowledge.front_matter import HOME
from knowledge.loader import Batch, Loaded, load_batch
from webapp.db.database import Database
from webapp.file_store import FileStore, link_to
from webapp.import_part import Imported, ImportRules, import_part
from webapp.import_tests import ImportTests
from webapp.knowledge_tests import TESTS_WANTED, KnowledgeTests
from webapp.live import newly_left, too_long
from webapp.publish import Publishes
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
    articles only, and importing again does the rest. `zone` is that of times that name none.
    """

    db: Database
    publisher: Publishes
    files: FileStore
    tests: Callable[[], KnowledgeTests] | None = None
    """What asks the tests of knowledge, made when there are some; without it none are asked."""
    zone: tzinfo = HOME

    def import_path(
        self,
        path: Path,
        *,
        by: str,
        review: bool = False,
        override: str | None = None,
        now: datetime,
        progress: Progress | None = None,
    ) -> Imported:
        """Import a Markdown file, a folder or a zip.

        With `review` articles become drafts before a reviewer. What tests of knowledge speak
        against is kept as a draft, unless `override` says why it is taken all the same.
        Raises BadArticle when nothing of it could be read, StoreUnavailable.
        """
        rules = ImportRules(by=by, review=review, override=override)
        kept: dict[str, ArticleFile] = {}
        watch = None if progress is None else partial(_nothing_yet, progress)
        batch = load_batch(path, keep=self._keeper(kept), watch=watch, zone=self.zone)
        good = self._fit(batch)
        self._note(kept, by=by, now=now)
        if not good and batch.problems:
            raise BadArticle(batch.problems)
        total = Imported(remarks=tuple(batch.remarks))
        done = 0

        def alive() -> None:
            if progress is not None:
                progress(done, len(good))

        tests = self._tests(alive)
        step = min(LARGEST_PART, max(SMALLEST_PART, -(-len(good) // PARTS)))
        for start in range(0, len(good), step):
            done = start
            alive()
            part = good[start : start + step]
            total += self._import_part(part, rules, tests, now=now)
        done = len(good)
        alive()
        if tests is not None and tests.untested:
            total += Imported(remarks=(self._ask_the_rest(path, tests, by=by, now=now),))
        return total + Imported(failed=tuple(batch.problems))

    def _fit(self, batch: Batch) -> list[Loaded]:
        """The articles that are fit for customers; the others become problems of their files."""
        good = []
        for loaded in batch.loaded:
            faults = [replace(fault, file=loaded.file) for fault in too_long(loaded.article)]
            if loaded.left:
                with self.db.read() as work:
                    faults += newly_left(loaded.left, work.articles.find(loaded.article.id))
            if faults:
                batch.problems += faults
            else:
                good.append(loaded)
        return good

    def _tests(self, alive: Callable[[], None]) -> ImportTests | None:
        if self.tests is None:
            return None
        with self.db.read() as work:
            published = work.articles.published()
        return ImportTests(self.tests, published=published, alive=alive)

    def _ask_the_rest(self, path: Path, tests: ImportTests, *, by: str, now: datetime) -> Problem:
        with self.db.write() as work:
            key = f"{TESTS_WANTED}:import:{now.isoformat()}"
            work.outbox.add(TESTS_WANTED, {"by": by}, dedup_key=key, now=now)
        message = (
            f"{tests.untested} of its tests were too many to be asked before it went live; see the"
            " page of knowledge tests, where they are asked now."
        )
        return Problem(path.name, message)

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

    def _import_part(
        self, part: list[Loaded], rules: ImportRules, tests: ImportTests | None, *, now: datetime
    ) -> Imported:
        files = {loaded.article.id: loaded.file for loaded in part}
        articles = [loaded.article for loaded in part]
        judge = None if tests is None else partial(tests.judge, now=now)
        done = import_part(self.db, self.publisher, articles, rules=rules, judge=judge, now=now)
        failed = (replace(one, file=files.get(one.file, one.file)) for one in done.failed)
        held = (replace(one, file=files[one.article_id]) for one in done.held)
        return replace(done, failed=tuple(failed), held=tuple(held))


def _nothing_yet(progress: Progress, _read: int, files: int) -> None:
    """Files are being read; a sign of life, though no article is in."""
    progress(0, files)
