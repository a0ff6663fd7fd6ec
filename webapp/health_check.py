"""Examines the knowledge base with all that the database knows of it, and keeps the report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta

from knowledge.health import Evidence, Finding, Use
from knowledge.health_report import examine
from knowledge.loader import KEPT
from knowledge.meaning import Meaning
from webapp.db.database import Database
from webapp.db.work import Work
from webapp.records import JsonObject
from webapp.reports.knowledge_use import use_by_heading

USE_DAYS = 90
"""How far back it counts what answered customers."""

_MOST_USED = 100_000


def refresh_health(db: Database, meaning: Meaning, *, now: datetime) -> int:
    """Examine everything and keep the report; returns how many findings there are.

    Takes seconds, tens of seconds for 10,000 passages, outside the transactions. Raises
    StoreUnavailable.
    """
    with db.read() as work:
        generation = work.articles.generation()
        articles = work.articles.list()
        evidence = _evidence(work, now)
    findings = examine(articles, meaning=meaning, now=now, evidence=evidence)
    with db.write() as work:
        work.health.put(
            [as_json(finding) for finding in findings],
            generation=generation,
            articles=len(articles),
            now=now,
        )
    return len(findings)


def as_json(finding: Finding) -> JsonObject:
    """A finding as it is kept and shown."""
    return {
        "key": finding.key,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "excerpts": [
            {**asdict(excerpt), "spans": [list(span) for span in excerpt.spans]}
            for excerpt in finding.excerpts
        ],
        "detail": dict(finding.detail),
    }


def _evidence(work: Work, now: datetime) -> Evidence:
    use: dict[str, Use] = defaultdict(Use)
    for heading in use_by_heading(work, since=now - timedelta(days=USE_DAYS), limit=_MOST_USED):
        seen = use[heading.article_id]
        use[heading.article_id] = Use(
            seen.answers + heading.answers,
            seen.helpful + heading.helpful,
            seen.unhelpful + heading.unhelpful,
        )
    failing: dict[str, list[str]] = defaultdict(list)
    run = work.test_runs.latest("all")
    for failure in run.failures if run else ():
        # the right passage, but too unsure to say it, is no mistake that customers see
        found_it = failure.found == f"{failure.article_id} / {failure.heading}"
        if failure.article_id is not None and not found_it:
            failing[failure.article_id].append(failure.question)
    return Evidence(
        use=use,
        use_days=USE_DAYS,
        files={f"{KEPT}{file.sha256}": file.name for file in work.article_files.all()},
        failing=failing,
    )
