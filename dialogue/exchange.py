"""The use cases of a conversation: receive, reply, note, claim, transfer, return, resolve, rate.

Each runs inside one transaction that the caller opened; nothing here commits. Inference has
happened before: `receive` gets the finished turn and refuses it when the state moved meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogue.conversation import (
    Conversation,
    Holder,
    Message,
    Reply,
    Sender,
    Status,
)
from dialogue.errors import StateMoved
from dialogue.events import Event, EventKind
from dialogue.turn import Turn
from handoff.agent import Agent
from handoff.reason import Handoff
from handoff.summary import summarise
from handoff.ticket import Ticket


class Conversations(Protocol):
    """Where conversations are kept. `get` locks the row until the transaction ends."""

    def get(self, conversation_id: str) -> Conversation:
        """The conversation, locked for change; raises ConversationNotFound."""
        ...

    def add(self, conversation: Conversation) -> None:
        """Keep a new conversation."""
        ...

    def store(self, message: Message) -> None:
        """Keep a message and give it its id."""
        ...

    def find_sent(
        self, conversation_id: str, sender: Sender, client_msg_id: str
    ) -> Message | None:
        """The message that was stored earlier under the sender's own id."""
        ...

    def replies_to(self, message: Message) -> list[Message]:
        """The bot's replies to a customer's message, in order."""
        ...

    def messages(self, conversation_id: str) -> list[Message]:
        """Every message of the conversation, in order of `seq`."""
        ...


class Tickets(Protocol):
    """Where tickets are kept."""

    def add(self, ticket: Ticket) -> None:
        """Keep a new ticket and give it its id."""
        ...


class Announces(Protocol):
    """Where events go: stored in the same transaction, read by the stream."""

    def announce(self, event: Event) -> None:
        """Store an event."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The stores that one transaction works on."""

    conversations: Conversations
    tickets: Tickets
    events: Announces


@dataclass(frozen=True, slots=True)
class Incoming:
    """A customer's message as a channel delivered it."""

    conversation_id: str
    content: str
    client_msg_id: str


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a customer's message; `repeated` when it had been stored before."""

    message: Message
    replies: tuple[Message, ...]
    repeated: bool = False


def open_conversation(
    conversation: Conversation, *, greetings: tuple[Reply, ...], desk: Desk, now: datetime
) -> tuple[Message, ...]:
    """Keep a new conversation with the bot's greeting."""
    desk.conversations.add(conversation)
    desk.events.announce(Event(EventKind.CONVERSATION_CREATED, conversation.id))
    return tuple(_say(conversation, Sender.BOT, g, desk=desk, now=now) for g in greetings)


def receive(
    incoming: Incoming, *, turn: Turn | None, seen_turns: int, desk: Desk, now: datetime
) -> Received:
    """Store what a customer said and the turn that answers it.

    `turn` is None when a person held the conversation as it was read; `seen_turns` is the
    conversation's `turns` at that reading. Raises StateMoved when the turn no longer fits (then
    the caller reads and computes again) and ConversationNotFound. A bot's turn computed before a
    hand-off is dropped: the bot is silent once a person has the conversation.
    """
    conversation = desk.conversations.get(incoming.conversation_id)
    earlier = desk.conversations.find_sent(
        conversation.id, Sender.CUSTOMER, incoming.client_msg_id
    )
    if earlier is not None:
        return Received(earlier, tuple(desk.conversations.replies_to(earlier)), repeated=True)
    if conversation.status is Status.RESOLVED:
        conversation.reopen(now=now)
        _updated(conversation, desk)
        raise_if_moved = True
    else:
        raise_if_moved = conversation.turns != seen_turns or turn is None
    if conversation.holder is Holder.BOT and raise_if_moved:
        raise StateMoved(conversation.id)
    message = conversation.post(
        Sender.CUSTOMER, Reply(incoming.content), now=now, client_msg_id=incoming.client_msg_id
    )
    if turn is not None and turn.understanding is not None:
        message.intent = turn.understanding.intent.name
        message.intent_confidence = turn.understanding.intent.confidence
    _store(message, desk)
    if conversation.holder is not Holder.BOT or turn is None:
        return Received(message, ())
    return Received(message, _take_turn(conversation, message, turn, desk=desk, now=now))


def reply_as_agent(
    conversation_id: str,
    reply: Reply,
    *,
    agent: Agent,
    client_msg_id: str | None,
    desk: Desk,
    now: datetime,
) -> Message:
    """Say something to the customer as a person; a repeated `client_msg_id` stores nothing twice.

    Raises ConversationNotFound, ConversationClosed, NotYourConversation.
    """
    conversation = desk.conversations.get(conversation_id)
    if client_msg_id is not None:
        earlier = desk.conversations.find_sent(conversation.id, Sender.AGENT, client_msg_id)
        if earlier is not None:
            return earlier
    conversation.must_take_reply_from(agent)
    return _say(
        conversation,
        Sender.AGENT,
        reply,
        desk=desk,
        now=now,
        client_msg_id=client_msg_id,
        author=agent,
    )


def _take_turn(
    conversation: Conversation, message: Message, turn: Turn, *, desk: Desk, now: datetime
) -> tuple[Message, ...]:
    conversation.turns += 1
    conversation.state = turn.state
    conversation.locale = turn.state.language
    replies = tuple(
        _say(conversation, Sender.BOT, reply, desk=desk, now=now, in_reply_to=message.seq)
        for reply in turn.replies
    )
    for draft in turn.tickets:
        _open_ticket(conversation, draft_to_ticket=draft, desk=desk, now=now)
    if turn.handoff is not None:
        conversation.hand_off(
            Handoff(
                reason=turn.handoff.reason,
                at=now,
                skill=turn.handoff.skill,
                summary=summarise(conversation.state, desk.conversations.messages(conversation.id)),
            )
        )
        _updated(conversation, desk)
    return replies
