"""Imports that run by themselves: a thread works, a row in the database says how far it is."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from knowledge.errors import BadArticle, Problem
from webapp.db.database import Database
from webapp.db.errors import StoreError
from webapp.import_part import Imported
from webapp.importing import Importer
from webapp.learning_records import HeldUp
from webapp.logs import get_logger
from webapp.problem_words import in_chinese
from webapp.records import ImportJob, ImportState, JsonObject

_log = get_logger(__name__)

SILENT = timedelta(minutes=10)
"""After this long without a sign of life the process that imported is gone."""

INTERRUPTED = (
    "The import was interrupted. What was imported is whole and stays; import the same file again"
    " for the rest."
)


@dataclass(frozen=True, slots=True)
class ImportJobs:
    """Runs imports beside the requests of one process. `folder` holds the uploads meanwhile."""

    db: Database
    importer: Importer
    folder: Path
    clock: Callable[[], datetime]

    def new_folder(self) -> Path:
        """An empty folder for an upload; what interrupted imports have left is removed."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in self.folder.iterdir():
            try:
                left = datetime.fromtimestamp(old.stat().st_mtime, tz=self.clock().tzinfo)
            except FileNotFoundError:
                continue  # its import has just ended
            if self.clock() - left > 6 * SILENT:
                shutil.rmtree(old, ignore_errors=True)
        folder = self.folder / uuid4().hex
        folder.mkdir(mode=0o700)
        return folder

    def start(
        self,
        folder: Path,
        source: Path,
        *,
        by: str,
        review: bool = False,
        override: str | None = None,
    ) -> ImportJob:
        """Import `source`, which lies in `folder`, as `Importer.import_path` does, and then remove
        the folder.

        Raises StoreUnavailable.
        """
        with self.db.write() as work:
            work.import_jobs.add(folder.name, by=by, now=self.clock())
        run = partial(self.importer.import_path, source, by=by, review=review, override=override)
        thread = threading.Thread(target=self._run, args=(folder, run), name="import", daemon=True)
        thread.start()
        found = self.find(folder.name)
        assert found is not None  # noqa: S101 (it was added above)
        return found

    def find(self, job_id: str) -> ImportJob | None:
        """How far an import is; one whose process is gone has failed."""
        with self.db.read() as work:
            job = work.import_jobs.find(job_id)
        if job is None or job.state is not ImportState.RUNNING:
            return job
        if self.clock() - job.beat_at <= SILENT:
            return job
        report = report_of(Imported(failed=(Problem("", INTERRUPTED),)))
        with self.db.write() as work:
            work.import_jobs.finish(job_id, ImportState.FAILED, report, now=self.clock())
            return work.import_jobs.find(job_id)

    def _run(self, folder: Path, run: Callable[..., Imported]) -> None:
        state, imported = ImportState.FAILED, Imported()
        try:
            imported = run(now=self.clock(), progress=lambda d, t: self._beat(folder.name, d, t))
            state = ImportState.DONE
        except BadArticle as error:
            imported = Imported(failed=error.problems)
        except Exception as error:  # noqa: BLE001  (the row must not say "running" for ever)
            _log.error("import.failed", job=folder.name, exc_info=error)
            imported = Imported(failed=(Problem("", INTERRUPTED),))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._finish(folder.name, state, imported)

    def _beat(self, job_id: str, done: int, total: int) -> None:
        with self.db.write() as work:
            work.import_jobs.beat(job_id, done=done, total=total, now=self.clock())

    def _finish(self, job_id: str, state: ImportState, imported: Imported) -> None:
        try:
            with self.db.write() as work:
                work.import_jobs.finish(job_id, state, report_of(imported), now=self.clock())
        except StoreError as error:  # it is found silent later
            _log.error("import.unfinished", job=job_id, reason=str(error))


def report_of(imported: Imported) -> JsonObject:
    """What became of an import, as JSON."""
    return {
        "added": list(imported.added),
        "changed": list(imported.changed),
        "unchanged": list(imported.unchanged),
        "waiting": list(imported.waiting),
        "held": [_held(one) for one in imported.held],
        "failed": [_problem(problem) for problem in imported.failed],
        "remarks": [_problem(problem) for problem in imported.remarks],
    }


def _problem(problem: Problem) -> JsonObject:
    return {**asdict(problem), "message_zh": in_chinese(problem.message)}


def _held(held: HeldUp) -> JsonObject:
    return {
        "article_id": held.article_id,
        "file": held.file,
        "fate": held.fate.value,
        "failing": [dict(asdict(outcome)) for outcome in held.failing],
        "broken": [dict(asdict(outcome)) for outcome in held.broken],
    }
