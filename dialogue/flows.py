"""Flow: a task of several turns as typed data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handoff.reason import Reason

PHONE_TAIL = "phone_tail"
"""The slot that a proof fills."""

CONFIRM = "confirm"
"""What is `asked` while a confirmation is awaited; never a slot."""


class CheckKind(StrEnum):
    """What may stop a task half-way."""

    RETURNABLE = "returnable"


class Act(StrEnum):
    """How a task ends."""

    SHOW_ORDER = "show_order"
    OPEN_RETURN = "open_return"
    OPEN_TICKET = "open_ticket"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The three ways to put a question: at first, in short after an interruption, once more."""

    ask: str
    remind: str
    retry: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Get the value of a slot: from an entity, a pattern, a choice, or in the customer's own words.

    The first of `entities` that is found counts, of `matches` what its first group matched, as
    with `when_asked`, which counts only while the slot is awaited; only the `last` characters of
    these are kept, when that is set. `meant` leads from an intent to the
    choice that it names when the slot is asked for. A message of `opening` or more characters
    (English words) that starts the task is taken as the answer.
    """

    slot: str
    prompt: Prompt
    entities: tuple[str, ...] = ()
    matches: re.Pattern[str] | None = None
    when_asked: re.Pattern[str] | None = None
    choices: Mapping[str, re.Pattern[str]] | None = None
    meant: Mapping[str, str] = field(default_factory=dict)
    free_text: bool = False
    last: int | None = None
    opening: int | None = None


@dataclass(frozen=True, slots=True)
class Prove:
    """Make sure that the order in `slot` is the customer's own."""

    slot: str
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Check:
    """Stop with an explanation when the order does not allow the task."""

    kind: CheckKind


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask before something is done that cannot be taken back; `declined` is said after a no."""

    prompt: Prompt
    declined: str


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What a task writes into a ticket: its kind, and the messages of its title and body."""

    kind: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Do it and say what came of it.

    `message` is what is said after a ticket is opened or when a person is fetched, the latter for
    `reason`.
    """

    act: Act
    message: str = ""
    ticket: TicketForm | None = None
    reason: Reason = Reason.NEEDS_PERSON


Step = Collect | Prove | Check | Confirm | Finish


@dataclass(frozen=True, slots=True)
class Flow:
    """A task. `starts_unless_general`: intents that start it only when one's own case is meant.

    A message that holds only a value of `starts_on_slot` starts it as well. Once the customer has
    proved an order, `again_on` (intents) and `again_when` (a pattern) mean that order, too.
    """

    name: str
    starts_on: tuple[str, ...] = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)
    starts_unless_general: tuple[str, ...] = field(default=(), repr=False)
    starts_on_slot: str | None = field(default=None, repr=False)
    again_on: tuple[str, ...] = field(default=(), repr=False)
    again_when: re.Pattern[str] | None = field(default=None, repr=False)

    @property
    def end(self) -> Finish:
        """What the task is for."""
        return next(step for step in self.steps if isinstance(step, Finish))

    @property
    def is_about_an_order(self) -> bool:
        """Whether the shop's system is asked in this task."""
        return any(isinstance(step, Prove) for step in self.steps)

    def asking(self, asked: str | None) -> Collect | Prove | Confirm | None:
        """The step whose question is open, given what was asked last."""
        for step in self.steps:
            if isinstance(step, Collect) and step.slot == asked:
                return step
            if isinstance(step, Prove) and asked == PHONE_TAIL:
                return step
            if isinstance(step, Confirm) and asked == CONFIRM:
                return step
        return None
