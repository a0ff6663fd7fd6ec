"""Import jobs: how far an import is that runs by itself, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.records import ImportJob, ImportState, JsonObject

_j = tables.import_jobs.c


class ImportJobs:
    """Keeps imports' progress for whoever asks, in whatever process."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, job_id: str, *, by: str, now: datetime) -> None:
        """Keep a new import that has begun."""
        self._session.execute(
            insert(tables.import_jobs).values(
                id=job_id,
                state=ImportState.RUNNING,
                started_by=by,
                started_at=now,
                beat_at=now,
                done=0,
                total=0,
                report={},
            )
        )

    def beat(self, job_id: str, *, done: int, total: int, now: datetime) -> None:
        """Keep how far an import is."""
        self._change(job_id, done=done, total=total, beat_at=now)

    def finish(self, job_id: str, state: ImportState, report: JsonObject, *, now: datetime) -> None:
        """Keep the end of an import."""
        self._change(job_id, state=state, report=report, beat_at=now)

    def find(self, job_id: str) -> ImportJob | None:
        """One import, or None."""
        columns = [column for column in _j if column.name != "brand_id"]
        row = self._session.execute(select(*columns).where(_j.id == job_id)).one_or_none()
        return None if row is None else ImportJob(**row._asdict())

    def _change(self, job_id: str, **values: object) -> None:
        self._session.execute(update(tables.import_jobs).where(_j.id == job_id).values(**values))
