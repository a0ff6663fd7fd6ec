"""Turn: what the bot decided about one message, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialogue.conversation import Reply
from dialogue.state import DialogueState
from handoff.reason import Reason
from handoff.summary import Brief
from nlu.understanding import IntentScore, Understanding


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """The bot wants a person: why, which skill suits, and what it knows (for the summary)."""

    reason: Reason
    skill: str | None = None
    brief: Brief | None = None


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A ticket that a finished task asks for; stored in the same transaction as the turn."""

    kind: str
    title: str
    body: str = ""
    order_id: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """The state after the message, what to say, and what else must happen.

    `intent` is what the desk records of the message; None when it only gave a detail.
    `gap` is why the message got no answer, for those who write the knowledge.
    `trace` says in plain words which rule decided, for `jiedai shell` and the workbench.
    """

    state: DialogueState
    replies: tuple[Reply, ...] = ()
    handoff: HandoffRequest | None = None
    tickets: tuple[TicketDraft, ...] = ()
    understanding: Understanding | None = None
    intent: IntentScore | None = None
    gap: Reason | None = None
    trace: tuple[str, ...] = ()
