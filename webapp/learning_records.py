"""Plain records of what is learnt from conversations: gaps, proposals, test runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handoff.reason import Reason


class GapState(StrEnum):
    """What was decided about a group of questions without an answer."""

    OPEN = "open"
    SNOOZED = "snoozed"
    SOLVED = "solved"
    DISMISSED = "dismissed"


class ProposalState(StrEnum):
    """What became of an agent's proposal."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """A customer's question that got no good answer; `reason` None means that the customer said
    so. `text` is without personal data.
    """

    message_id: int
    conversation_id: str
    seq: int
    text: str
    reason: Reason | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Questions that mean the same. `weeks` counts them by week, the latest last; `handed_over`
    are the conversations with one of them that a person had to take; `until` is when a snoozed
    group comes back.
    """

    id: int
    name: str
    state: GapState
    size: int
    handed_over: int
    first_at: datetime | None
    last_at: datetime | None
    weeks: tuple[int, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    until: datetime | None = None
    article_id: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Knowledge that an agent took out of his own replies, without personal data."""

    id: int
    conversation_id: str
    message_ids: tuple[int, ...]
    question: str
    answer: str
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    reason: str | None = None
    article_id: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """A test question that failed: what was wanted (None: no answer) and what was found."""

    question: str
    article_id: str | None
    heading: str | None
    found: str
    score: float
    answerable: bool


class Fate(StrEnum):
    """What became of an article of an import that tests speak against."""

    DRAFT = "draft"
    TAKEN = "taken"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """An article of an import that tests of knowledge speak against.

    `failing` are its own tests, `broken` those of other articles that pass without it. It is kept
    as a draft, taken all the same with a reason, or left out because somebody works on a draft.
    """

    article_id: str
    failing: tuple[CaseOutcome, ...] = ()
    broken: tuple[CaseOutcome, ...] = ()
    file: str = ""
    fate: Fate = Fate.DRAFT


@dataclass(frozen=True, slots=True)
class KnowledgeTestRun:
    """One run of tests of knowledge; figures are None where there was no such case."""

    at: datetime
    by: str
    scope: str
    cases: int
    passed: int
    recall_at_1: float | None
    recall_at_5: float | None
    mrr: float | None
    answered: float | None
    abstained: float | None
    failures: tuple[CaseOutcome, ...] = ()
    article_id: str | None = None
    id: int | None = None
