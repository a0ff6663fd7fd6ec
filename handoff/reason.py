"""Why a conversation goes to a person, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why the bot gave a conversation to a person."""

    ASKED_FOR_HUMAN = "asked_for_human"
    LOW_CONFIDENCE = "low_confidence"
    OUT_OF_SCOPE = "out_of_scope"
    REPEATED_MISS = "repeated_miss"
    NEGATIVE_EMOTION = "negative_emotion"
    COMPLAINT = "complaint"
    FLOW_FAILED = "flow_failed"
    KNOWLEDGE_GAP = "knowledge_gap"
    VIP = "vip"
    URGENT = "urgent"
    NEEDS_PERSON = "needs_person"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Handoff:
    """One hand-off: its reason, its time (aware UTC), what the agent should know, who suits."""

    reason: Reason
    at: datetime
    summary: str = ""
    skill: str | None = None
