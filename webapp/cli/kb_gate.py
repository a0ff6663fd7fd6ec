"""What `jiedai kb` makes live with, and the tests of knowledge that may speak against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.article import Article
from webapp.cli.kb_files import load_tests, read_encoder, wanted_and_found
from webapp.cli.options import say

if TYPE_CHECKING:
    from webapp.db.database import Database
    from webapp.errors import KnowledgeTestsFail
    from webapp.releases import Releases
    from webapp.settings import Settings

BY = "jiedai kb"
"""Whom the history names for what is done here."""

Gate = Callable[[Article, "str | None", "str | None"], "str | None"]
"""From a text, the reason for it and an override to what its revision shall say."""


def opened_releases(database: Database, settings: Settings) -> tuple[Releases, Gate]:
    """What makes texts live, and the gate that they pass first."""
    from webapp.bootstrap import make_publisher
    from webapp.errors import KnowledgeTestsFail
    from webapp.gate import must_pass_tests
    from webapp.releases import Releases

    encoder = read_encoder(settings)
    publisher = make_publisher(database, encoder)

    def gate(text: Article, reason: str | None, override: str | None) -> str | None:
        tests = load_tests(database, encoder, settings)
        try:
            note = must_pass_tests(tests, text, override=override, by=BY, now=datetime.now(UTC))
        except KnowledgeTestsFail as error:
            say_tests(error)
            raise SystemExit(1) from error
        return " ".join(filter(None, (reason, note))) or None

    return Releases(database, prepare=publisher.prepare, zone=settings.zone), gate


def say_tests(error: KnowledgeTestsFail) -> None:
    """Say which tests speak against a text, and what to do."""
    details = error.details if isinstance(error.details, dict) else {}
    for name, whose in (("failing", "its own"), ("broken", "another article's")):
        outcomes = details.get(name)
        for outcome in outcomes if isinstance(outcomes, list) else []:
            if isinstance(outcome, dict):
                heading, found = outcome["heading"], outcome["found"]
                told = wanted_and_found(
                    str(heading) if heading else None,
                    str(found),
                    answerable=bool(outcome["answerable"]),
                )
                say(f"{whose} {outcome['question']!r} {told}")
    say(
        "Tests of knowledge speak against it: mend the text or the tests, or say --override REASON."
    )
