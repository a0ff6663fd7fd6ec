"""DialogueState: everything the bot remembers between two messages (frozen, JSON-able)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FlowPosition:
    """A task in progress: which flow, which slot was asked last, how often it was mis-answered.

    `run_id` is made when the flow starts and is the idempotency key towards business systems.
    """

    flow: str
    run_id: str
    asked: str | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What the bot remembers. `slots` maps a slot's name to its normalised value."""

    language: str = "zh"
    flow: FlowPosition | None = None
    slots: dict[str, str] = field(default_factory=dict)
    misses: int = 0
    last_intent: str | None = None
    intents: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    verified_orders: tuple[str, ...] = ()
    pending_choice: tuple[str, ...] = ()
