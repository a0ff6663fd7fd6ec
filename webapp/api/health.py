"""The health of the knowledge base: what contradicts, repeats, ages, leads nowhere or fails."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from webapp.api.ready import meaning
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.errors import NothingHere
from webapp.health_check import refresh_health
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.health import FindingOut, HealthOut, HealthRefreshed

bp = Blueprint("api_health", __name__)
route = Operations(bp)

_PATH = "/api/v1/knowledge/health"


class HealthQuery(Query):
    """Whether to show what was put aside."""

    dismissed: bool = False


class DismissIn(Body):
    """Why it is to be put aside."""

    reason: str = Field(default="", max_length=500)


@route("GET", _PATH, query=HealthQuery, answers={200: HealthOut})
def show_health(query: HealthQuery) -> Answered:
    """What the last examination found, the gravest first"""
    with services().db.read() as work:
        report = work.health.report()
        dismissed = work.health.dismissed()
        generation = work.articles.generation()
    if report is None:
        return HealthOut()
    findings = [
        FindingOut.model_validate({**finding, "dismissed": dismissed.get(finding["key"])})
        for finding in report.findings
    ]
    return HealthOut(
        made_at=report.made_at,
        outdated=report.generation != generation,
        articles=report.articles,
        items=[f for f in findings if (f.dismissed is not None) == query.dismissed],
    )


@route("POST", f"{_PATH}/refresh", answers={200: HealthRefreshed})
def refresh() -> Answered:
    """Examine everything now; otherwise that happens some minutes after a change"""
    return HealthRefreshed(findings=refresh_health(services().db, meaning(), now=now()))


@route("POST", f"{_PATH}/<key>/dismissal", body=DismissIn, answers={200: FindingOut})
def dismiss(key: str, body: DismissIn) -> Answered:
    """Put a finding aside until its words change"""
    finding = _finding(key)
    with services().db.write() as work:
        work.health.dismiss(key, body.reason, by=required_staff().name, now=now())
    return finding.model_copy(update={"dismissed": body.reason})


@route("DELETE", f"{_PATH}/<key>/dismissal", answers={200: FindingOut})
def restore(key: str) -> Answered:
    """Show a finding again"""
    finding = _finding(key)
    with services().db.write() as work:
        work.health.restore(key)
    return finding


def _finding(key: str) -> FindingOut:
    with services().db.read() as work:
        report = work.health.report()
    for finding in report.findings if report else ():
        if finding["key"] == key:
            return FindingOut.model_validate(finding)
    raise NothingHere("There is no such finding any more; fetch the list again.")
