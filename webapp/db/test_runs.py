"""Test runs: what tests of knowledge gave, over time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.learning_records import KnowledgeTestRun

_r = tables.knowledge_test_runs.c


class TestRuns:
    """Keeps runs of tests of knowledge."""

    __test__ = False  # not a class for pytest

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, run: KnowledgeTestRun) -> KnowledgeTestRun:
        """Keep a run; returns it with its id."""
        values = {
            column.name: getattr(run, column.name)
            for column in _r
            if column.name not in {"id", "brand_id"}
        }
        done = self._session.execute(
            insert(tables.knowledge_test_runs).values(values).returning(_r.id)
        )
        return replace(run, id=int(done.scalar_one()))

    def list(
        self, *, scope: str | None = None, article_id: str | None = None, limit: int = 100
    ) -> list[KnowledgeTestRun]:
        """Runs, the latest first."""
        query = select(tables.knowledge_test_runs).order_by(_r.id.desc()).limit(limit)
        if scope is not None:
            query = query.where(_r.scope == scope)
        if article_id is not None:
            query = query.where(_r.article_id == article_id)
        return [_run(row) for row in self._session.execute(query)]

    def find(self, run_id: int) -> KnowledgeTestRun | None:
        """One run, or None."""
        query = select(tables.knowledge_test_runs).where(_r.id == run_id)
        row = self._session.execute(query).one_or_none()
        return None if row is None else _run(row)

    def latest(self, scope: str) -> KnowledgeTestRun | None:
        """The latest run of a kind, or None."""
        return next(iter(self.list(scope=scope, limit=1)), None)


def _run(row: Any) -> KnowledgeTestRun:
    return KnowledgeTestRun(
        id=row.id,
        at=row.at,
        by=row.by,
        scope=row.scope,
        article_id=row.article_id,
        cases=row.cases,
        passed=row.passed,
        recall_at_1=row.recall_at_1,
        recall_at_5=row.recall_at_5,
        mrr=row.mrr,
        answered=row.answered,
        abstained=row.abstained,
        failures=row.failures,
    )
