"""Conversation and Message: who holds the turn, and what may happen to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from dialogue.errors import ConversationClosed
from dialogue.state import DialogueState
from handoff.agent import Agent
from handoff.errors import AlreadyClaimed, NotYourConversation
from handoff.queue import ranked_at
from handoff.reason import Handoff, Reason


class Sender(StrEnum):
    """Who wrote a message; `agent` is always a human, `bot` always the machine."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Holder(StrEnum):
    """Who has the turn; nobody else may answer the customer."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class Status(StrEnum):
    """pending = the bot has it, open = people have it."""

    PENDING = "pending"
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class ContentType(StrEnum):
    """How to show a message: as typed, or rendered from Markdown and sanitised."""

    TEXT = "text"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from; shown under it.

    `short` is what is told of it first, as Markdown; the message has the whole. Empty when that is
    short enough.
    """

    article_id: str
    title: str
    heading: str
    score: float
    short: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered instead of typing: `label` is shown, `text` is what it says when pressed."""

    label: str
    text: str


@dataclass(eq=False, kw_only=True)
class Message:
    """One thing said. `seq` counts from 1 without gaps within its conversation.

    `internal` messages (agents' notes) are never shown to the customer. `in_reply_to` is the
    `seq` of the customer's message that a bot reply answers. `id` is given by the store.
    `author_id` is the member of staff who wrote it. `gap` says why the bot had no answer to this
    message; ASKED_FOR_HUMAN marks the moment at which the customer gave up on the bot, so that it
    is the question before it that was not answered well.
    """

    conversation_id: str
    seq: int
    sender: Sender
    content: str
    created_at: datetime
    content_type: ContentType = ContentType.TEXT
    client_msg_id: str | None = None
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()
    internal: bool = False
    in_reply_to: int | None = None
    author_id: int | None = None
    author_name: str | None = None
    intent: str | None = None
    intent_confidence: float | None = None
    gap: Reason | None = None
    id: int | None = None

    @property
    def short(self) -> str:
        """What is shown before the customer asks for the whole, as Markdown; else empty."""
        return "\n\n".join(source.short for source in self.sources if source.short)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot wants said, before it is stored as a Message."""

    content: str
    content_type: ContentType = ContentType.TEXT
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(eq=False, kw_only=True)
class Conversation:
    """A talk with one customer on one channel.

    `turns` counts what the bot has answered: it is compared before a turn is stored, so that of
    two turns computed from the same state only one is kept. `queued_at` is since when it waits for
    a person, `ranked_at` what its place in the queue counts by; both are None when it does not.
    """

    created_at: datetime
    updated_at: datetime
    id: str = field(default_factory=lambda: uuid4().hex)
    brand_id: str = "default"
    channel: str = "web"
    locale: str = "zh"
    page: str | None = None
    status: Status = Status.PENDING
    holder: Holder = Holder.BOT
    assignee_id: int | None = None
    contact_id: int | None = None
    state: DialogueState = field(default_factory=DialogueState)
    handoff: Handoff | None = None
    queued_at: datetime | None = None
    ranked_at: datetime | None = None
    resolved_at: datetime | None = None
    last_seq: int = 0
    turns: int = 0
    labels: tuple[str, ...] = ()

    def post(
        self,
        sender: Sender,
        reply: Reply,
        *,
        now: datetime,
        client_msg_id: str | None = None,
        internal: bool = False,
        in_reply_to: int | None = None,
        author: Agent | None = None,
    ) -> Message:
        """Make the next message of this conversation; the caller stores it."""
        self.last_seq += 1
        self.updated_at = now
        return Message(
            conversation_id=self.id,
            seq=self.last_seq,
            sender=sender,
            content=reply.content,
            content_type=reply.content_type,
            created_at=now,
            client_msg_id=client_msg_id,
            sources=reply.sources,
            buttons=reply.buttons,
            internal=internal,
            in_reply_to=in_reply_to,
            author_id=author.id if author else None,
            author_name=author.name if author else None,
        )

    def state_for_bot(self) -> DialogueState | None:
        """The state the bot must answer from, or None when a person has the conversation.

        A customer who comes back to a resolved conversation starts afresh with the bot.
        """
        if self.status is Status.RESOLVED:
            return self.state.afresh()
        return self.state if self.holder is Holder.BOT else None

    def hand_off(self, handoff: Handoff) -> None:
        """Give the turn from the bot to the queue."""
        self.handoff = handoff
        self.status = Status.OPEN
        self._queue(handoff.at)

    def claim(self, agent: Agent, *, now: datetime) -> None:
        """Take a waiting conversation; claiming one's own again changes nothing.

        Raises AlreadyClaimed when somebody else has it, ConversationClosed when it is resolved.
        """
        self._must_be_open()
        if self.holder is Holder.AGENT:
            if self.assignee_id == agent.id:
                return
            raise AlreadyClaimed("Somebody else has taken this conversation.")
        self._give_to(agent.id, now)

    def assign(self, to_agent_id: int, *, by: Agent, now: datetime) -> None:
        """Transfer to another agent: by the assignee, by a supervisor, or out of the queue.

        Raises NotYourConversation or ConversationClosed.
        """
        self._must_be_open()
        if self.holder is Holder.AGENT:
            self._must_be_mine(by)
        self._give_to(to_agent_id, now)

    def return_to_queue(self, *, by: Agent, now: datetime) -> None:
        """Put the conversation back to the queue.

        Raises NotYourConversation, also when no agent holds it, and ConversationClosed.
        """
        self._must_be_open()
        self._must_be_mine(by)
        if self.holder is not Holder.AGENT:
            raise NotYourConversation("No agent holds this conversation.")
        self._queue(now)
        self.updated_at = now

    def resolve(self, *, now: datetime, by: Agent | None = None) -> None:
        """End the conversation; `by` None means the customer or a timer. Ending twice is harmless.

        Raises NotYourConversation when another agent holds it, or held it to the end.
        """
        if by is not None and self.holder is Holder.AGENT:
            self._must_be_mine(by)
        if self.status is Status.RESOLVED:
            return
        self.status = Status.RESOLVED
        self.resolved_at = self.updated_at = now
        self.queued_at = self.ranked_at = None
        self.turns += 1  # a turn computed before the end does not fit after it

    def reopen(self, *, now: datetime) -> None:
        """The customer came back: the bot has the turn again, with a fresh state."""
        self.status = Status.PENDING
        self.holder = Holder.BOT
        self.assignee_id = None
        self.handoff = None
        self.resolved_at = None
        self.state = self.state.afresh()
        self.updated_at = now

    def must_take_reply_from(self, agent: Agent) -> None:
        """Refuse a reply from staff who do not hold the turn.

        Raises ConversationClosed when resolved, NotYourConversation otherwise.
        """
        self._must_be_open()
        if self.holder is not Holder.AGENT or self.assignee_id != agent.id:
            raise NotYourConversation("Claim this conversation before replying to it.")

    def _queue(self, at: datetime) -> None:
        self.holder = Holder.QUEUE
        self.assignee_id = None
        self.queued_at = at
        self.ranked_at = ranked_at(at, self.handoff.reason if self.handoff else None)

    def _give_to(self, agent_id: int, now: datetime) -> None:
        self.holder = Holder.AGENT
        self.status = Status.OPEN
        self.assignee_id = agent_id
        self.queued_at = self.ranked_at = None
        self.updated_at = now

    def _must_be_open(self) -> None:
        if self.status is Status.RESOLVED:
            raise ConversationClosed("This conversation has ended.")

    def _must_be_mine(self, agent: Agent) -> None:
        if self.assignee_id != agent.id and not agent.oversees:
            raise NotYourConversation("Another agent holds this conversation.")
