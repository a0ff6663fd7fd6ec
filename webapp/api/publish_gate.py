"""The gate before publishing, for whoever calls the API."""

from __future__ import annotations

from knowledge.article import Article
from webapp import gate
from webapp.auth.session import required_staff
from webapp.current import now, services


def must_pass_tests(text: Article, *, override: str | None) -> str | None:
    """As `webapp.gate.must_pass_tests`; without an index there is nothing to ask."""
    tests = services().tests
    if tests is None:
        return None
    by = required_staff().name
    return gate.must_pass_tests(tests, text, override=override, by=by, now=now())


def with_note(reason: str | None, note: str | None) -> str | None:
    """A reason, and what the gate says of an override, as the revision keeps them."""
    return " ".join(filter(None, (reason, note))) or None
