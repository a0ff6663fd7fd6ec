"""What is wrong with the knowledge base, and how its tests went."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from knowledge.health import FindingKind, Severity
from webapp.shapes.wire import Wire


class ExcerptOut(Wire):
    """Words of an article; `spans` are [start, end] in `text`, counted in characters."""

    article_id: str
    title: str
    heading: str
    text: str
    spans: list[tuple[int, int]]


class FindingOut(Wire):
    """One thing to mend, at the first excerpt's article; `dismissed` is why it was put aside."""

    key: str
    kind: FindingKind
    severity: Severity
    excerpts: list[ExcerptOut]
    detail: dict[str, str]
    dismissed: str | None = None


class HealthOut(Wire):
    """The last examination; `made_at` None: there was none yet. `outdated` when articles were
    changed since."""

    made_at: datetime | None = None
    outdated: bool = False
    articles: int = 0
    items: list[FindingOut] = Field(default_factory=list)


class HealthRefreshed(Wire):
    """How many findings there are."""

    findings: int


class CaseOut(Wire):
    """A test question that failed: what was wanted (None: no answer) and what was found."""

    question: str
    article_id: str | None
    heading: str | None
    found: str
    score: float
    answerable: bool


class RunOut(Wire):
    """One run: `scope` is `all`, `save` or `publish`; figures are None where there was no such
    test."""

    id: int
    at: datetime
    by: str
    scope: str
    article_id: str | None
    cases: int
    passed: int
    recall_at_1: float | None
    recall_at_5: float | None
    mrr: float | None
    answered: float | None
    abstained: float | None


class RunQueued(Wire):
    """The run will be listed once it is done, with an id after this one."""

    after: int


class RunDetail(RunOut):
    """One run with what failed."""

    failures: list[CaseOut]


class RunsOut(Wire):
    """Runs, the latest first."""

    items: list[RunOut]


class VerdictOut(Wire):
    """What a draft would do: its own tests that fail, others' that pass now and would fail."""

    passed: bool
    failing: list[CaseOut]
    broken: list[CaseOut]
    run: RunOut
