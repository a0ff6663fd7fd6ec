"""The gate before publishing: tests of knowledge that a text would break hold it up."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from knowledge.article import Article
from webapp.errors import KnowledgeTestsFail
from webapp.import_part import note_override
from webapp.knowledge_tests import KnowledgeTests
from webapp.learning_records import CaseOutcome
from webapp.records import JsonObject

_SHOWN = 20


def must_pass_tests(
    tests: KnowledgeTests, text: Article, *, override: str | None, by: str, now: datetime
) -> str | None:
    """Refuse a text whose own tests fail, or that breaks tests which pass now.

    `override` lets it through; then it is written into the audit, and what the revision should
    say of it is returned. Raises KnowledgeTestsFail with every test in `details`.
    """
    verdict = tests.judge(text, by=by, scope="publish", now=now)
    if verdict.passed:
        return None
    why = (override or "").strip()
    if not why:
        raise KnowledgeTestsFail(
            f"{len(verdict.failing)} of its own tests fail, {len(verdict.broken)} of other articles"
            " would: mend the text or the tests, or give a reason in `override`.",
            details={
                "failing": [_json(outcome) for outcome in verdict.failing[:_SHOWN]],
                "broken": [_json(outcome) for outcome in verdict.broken[:_SHOWN]],
            },
        )
    count = len(verdict.failing) + len(verdict.broken)
    with tests.db.write() as work:
        return note_override(work, text.id, count=count, why=why, by=by, now=now)


def _json(outcome: CaseOutcome) -> JsonObject:
    return dict(asdict(outcome))
