"""What the policy may decide; the bot carries a decision out in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialogue.flows import Flow
from dialogue.heard import Heard
from dialogue.state import Choice
from handoff.reason import Reason
from knowledge.article import Hit


@dataclass(frozen=True, slots=True)
class Say:
    """Say a message of the wording file."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Say one or two passages of an article, with their source.

    `topic` is the question they answer.
    """

    hits: tuple[Hit, ...]
    topic: str


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask which of several readings is meant."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AskProduct:
    """Ask which product the question is about; the next message may name it."""

    key: str


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing fits: say so, offer a person for this reason, and show the nearest questions."""

    key: str
    reason: Reason
    near: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Begin a task; what the message already says about it is taken over."""

    flow: Flow
    intent: str


@dataclass(frozen=True, slots=True)
class ContinueFlow:
    """Fill these slots of the task in progress and go on."""

    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class ConfirmFlow:
    """The customer said yes: do it."""


@dataclass(frozen=True, slots=True)
class ClearSlot:
    """The last value was wrong, and no better one was given: ask for it anew."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Repeat the open question of the task in short."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Put the open question once more, because the answer did not fit.

    `miss` when the message was not understood at all, rather than a detail given wrongly.
    """

    miss: bool = False


@dataclass(frozen=True, slots=True)
class EndFlow:
    """Leave the task in progress."""


@dataclass(frozen=True, slots=True)
class HandOff:
    """Give the conversation to a person; `key` overrides what is said."""

    reason: Reason
    key: str | None = None


InFlow = ContinueFlow | ConfirmFlow | ClearSlot | Remind | Retry | EndFlow
"""What concerns the task in progress."""

Action = Say | Answer | AskProduct | Clarify | Miss | StartFlow | HandOff | InFlow


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one message, and the name of the rule that decided.

    `heard` is the message as it was read in the end: a chosen button stands for its intent.
    """

    rule: str
    actions: tuple[Action, ...]
    heard: Heard
