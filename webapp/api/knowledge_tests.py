"""Tests of knowledge: run them all, see how they went over time, try a draft against them."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint
from pydantic import Field

from webapp.api.ready import knowledge_tests, releases
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.errors import NothingHere
from webapp.knowledge_tests import TESTS_WANTED
from webapp.learning_records import CaseOutcome, KnowledgeTestRun
from webapp.operations import Answered, Operations, Query
from webapp.shapes.health import CaseOut, RunDetail, RunOut, RunQueued, RunsOut, VerdictOut

bp = Blueprint("api_knowledge_tests", __name__)
route = Operations(bp)

_PATH = "/api/v1/knowledge/tests"


class RunsQuery(Query):
    """Which runs: `all` of everything, or those of one article's texts."""

    scope: Literal["all", "save", "publish"] | None = None
    article_id: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=60, ge=1, le=200)


@route("GET", f"{_PATH}/runs", query=RunsQuery, answers={200: RunsOut})
def list_runs(query: RunsQuery) -> Answered:
    """How tests went over time, the latest first"""
    with services().db.read() as work:
        runs = work.test_runs.list(
            scope=query.scope, article_id=query.article_id, limit=query.limit
        )
    return RunsOut(items=[_run_out(run) for run in runs])


@route("GET", f"{_PATH}/runs/<int:run_id>", answers={200: RunDetail})
def show_run(run_id: int) -> Answered:
    """One run with what failed"""
    with services().db.read() as work:
        found = work.test_runs.find(run_id)
    if found is None:
        raise NothingHere(f"There is no run {run_id}.")
    return _detail(found)


@route("POST", f"{_PATH}/runs", answers={202: RunQueued})
def run() -> Answered:
    """Have the worker ask every test of every published article: many seconds for hundreds"""
    moment, by = now(), required_staff().name
    with services().db.write() as work:
        latest = work.test_runs.latest("all")
        # pressed twice, it is asked for once
        key = f"{TESTS_WANTED}:{latest.id if latest else 0}:{moment:%Y%m%d%H%M}"
        if not work.outbox.has(key):
            work.outbox.add(TESTS_WANTED, {"by": by}, dedup_key=key, now=moment)
    return RunQueued(after=latest.id if latest and latest.id else 0)


@route(
    "POST",
    "/api/v1/articles/<article_id>/draft/tests",
    answers={201: VerdictOut},
    problems=(422,),
)
def try_draft(article_id: str) -> Answered:
    """What would become of the tests if the draft were live; customers notice nothing"""
    text = releases().draft_text(article_id)
    verdict = knowledge_tests().judge(text, by=required_staff().name, scope="save", now=now())
    return VerdictOut(
        passed=verdict.passed,
        failing=[_case_out(outcome) for outcome in verdict.failing],
        broken=[_case_out(outcome) for outcome in verdict.broken],
        run=_run_out(verdict.run),
    )


def _run_out(run: KnowledgeTestRun) -> RunOut:
    return RunOut(
        id=run.id or 0,
        at=run.at,
        by=run.by,
        scope=run.scope,
        article_id=run.article_id,
        cases=run.cases,
        passed=run.passed,
        recall_at_1=run.recall_at_1,
        recall_at_5=run.recall_at_5,
        mrr=run.mrr,
        answered=run.answered,
        abstained=run.abstained,
    )


def _detail(run: KnowledgeTestRun) -> RunDetail:
    return RunDetail(**dict(_run_out(run)), failures=[_case_out(o) for o in run.failures])


def _case_out(outcome: CaseOutcome) -> CaseOut:
    return CaseOut(
        question=outcome.question,
        article_id=outcome.article_id,
        heading=outcome.heading,
        found=outcome.found,
        score=outcome.score,
        answerable=outcome.answerable,
    )
