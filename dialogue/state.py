"""DialogueState: everything the bot remembers between two messages (frozen, JSON-able)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FlowPosition:
    """A task in progress: which flow, which slot was asked last, how often it was mis-answered.

    `intent` is what it was started with; `run_id` is made when the flow starts and is the
    idempotency key towards business systems.
    """

    flow: str
    run_id: str
    asked: str | None = None
    failures: int = 0
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """A passage that was given as an answer."""

    article_id: str
    title: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read an unclear message: the intent or the passage, and how it was offered."""

    intent: str
    label: str
    article_id: str = ""
    heading_path: tuple[str, ...] = ()

    @property
    def is_passage(self) -> bool:
        """Whether it is a passage that was offered."""
        return bool(self.article_id)


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What the bot remembers.

    `slots` maps a slot's name to its normalised value; `verified_orders` are those whose owner
    the customer proved to be; `wrong_proofs` counts failed proofs of the whole conversation, so
    that starting a task anew gives no new guesses. `pending_choice` are the readings offered for
    `pending_text`. `offer` is the reason for which a person was offered last, so that 好的 accepts.
    `turns` counts the customer's messages; `comforted` is set once the bot has said sorry.
    `topic` is the last question that was answered from an article, for 那运费呢; `question` one
    about a product that the customer did not name and was asked for. `opened_returns` maps an
    order to the number of the return that was opened for it here.
    """

    language: str = "zh"
    flow: FlowPosition | None = None
    slots: dict[str, str] = field(default_factory=dict)
    misses: int = 0
    last_intent: str | None = None
    intents: tuple[str, ...] = ()
    articles: tuple[ShownArticle, ...] = ()
    verified_orders: tuple[str, ...] = ()
    wrong_proofs: int = 0
    pending_choice: tuple[Choice, ...] = ()
    pending_text: str = ""
    offer: str | None = None
    topic: str = ""
    question: str = ""
    opened_returns: dict[str, str] = field(default_factory=dict)
    mood: str = "calm"
    comforted: bool = False
    turns: int = 0

    def afresh(self) -> DialogueState:
        """The state for a new talk with the same customer; guesses and returns stay known."""
        return DialogueState(
            language=self.language,
            wrong_proofs=self.wrong_proofs,
            opened_returns=self.opened_returns,
        )
