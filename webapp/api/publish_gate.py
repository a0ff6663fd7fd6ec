"""The gate before publishing: tests of knowledge that a text would break hold it up."""

from __future__ import annotations

from dataclasses import asdict

from knowledge.article import Article
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.errors import KnowledgeTestsFail
from webapp.learning_records import CaseOutcome
from webapp.records import JsonObject

_SHOWN = 20


def must_pass_tests(text: Article, *, override: str | None) -> str | None:
    """Refuse a text whose own tests fail, or that breaks tests which pass now.

    `override` lets it through; then it is written into the audit, and what the revision should
    say of it is returned. Raises KnowledgeTestsFail with every test in `details`. Without an
    index there is nothing to ask.
    """
    tests = services().tests
    if tests is None:
        return None
    by, moment = required_staff().name, now()
    verdict = tests.judge(text, by=by, scope="publish", now=moment)
    if verdict.passed:
        return None
    count = len(verdict.failing) + len(verdict.broken)
    if override is None or not override.strip():
        raise KnowledgeTestsFail(
            f"{len(verdict.failing)} of its own tests fail, {len(verdict.broken)} of other articles"
            " would: mend the text or the tests, or give a reason in `override`.",
            details={
                "failing": [_json(outcome) for outcome in verdict.failing[:_SHOWN]],
                "broken": [_json(outcome) for outcome in verdict.broken[:_SHOWN]],
            },
        )
    detail = {"reason": override.strip()[:500], "tests": str(count)}
    with services().db.write() as work:
        subject = f"article:{text.id}"
        work.audit.add("article.tests_overridden", subject, actor=by, detail=detail, now=moment)
    return f"[{count} tests overridden: {override.strip()}]"


def _json(outcome: CaseOutcome) -> JsonObject:
    return dict(asdict(outcome))
