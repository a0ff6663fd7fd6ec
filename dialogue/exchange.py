"""The use cases of a conversation: receive, reply, note, claim, transfer, return, resolve, rate.

Each runs inside one transaction that the caller opened; nothing here commits. Inference has
happened before: `receive` gets the finished turn and refuses it when the state moved meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialogue.conversation import Conversation, Message, Reply, Sender, Status
from dialogue.errors import StateMoved
from dialogue.events import Event, EventKind
from dialogue.rating import Rating
from dialogue.stores import Desk
from dialogue.ticketing import open_ticket
from dialogue.turn import HandoffRequest, Turn
from handoff.agent import Agent
from handoff.reason import Handoff, Reason
from handoff.summary import summarise


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

    `turn` was computed from `Conversation.state_for_bot()` and is None when that was None;
    `seen_turns` is `Conversation.turns` at the same reading. Raises StateMoved when the turn no
    longer fits (then the caller reads and computes again) and ConversationNotFound. A turn
    computed before a hand-off is dropped: the bot is silent once a person has the conversation.
    """
    conversation = desk.conversations.get(incoming.conversation_id)
    earlier = desk.conversations.find_sent(conversation.id, Sender.CUSTOMER, incoming.client_msg_id)
    if earlier is not None:
        return Received(earlier, tuple(desk.conversations.replies_to(earlier)), repeated=True)
    answering = conversation.state_for_bot() is not None
    if answering and (turn is None or conversation.turns != seen_turns):
        raise StateMoved(conversation.id)
    if conversation.status is Status.RESOLVED:
        conversation.reopen(now=now)
        _updated(conversation, desk)
    message = conversation.post(
        Sender.CUSTOMER, Reply(incoming.content), now=now, client_msg_id=incoming.client_msg_id
    )
    if turn is not None and turn.intent is not None:
        message.intent = turn.intent.name
        message.intent_confidence = turn.intent.confidence
    if answering and turn is not None:
        message.gap = turn.gap
    _store(message, desk)
    if turn is None or not answering:
        return Received(message, ())
    return Received(message, _take_turn(conversation, message, turn, desk=desk, now=now))


def request_human(
    conversation_id: str,
    turn: Turn,
    *,
    desk: Desk,
    now: datetime,
    seen_turns: int | None = None,
) -> tuple[Message, ...]:
    """Hand over because the customer pressed the button; `turn` comes from `Bot.hand_over`.

    `seen_turns` is `Conversation.turns` as the turn's state was read; None when nobody else can
    have answered since. Pressing the button while a person has the conversation changes nothing.
    Raises ConversationNotFound, and StateMoved when a message was answered meanwhile: what it
    told the bot must reach the person too.
    """
    conversation = desk.conversations.get(conversation_id)
    if conversation.state_for_bot() is None:
        return ()
    if seen_turns is not None and conversation.turns != seen_turns:
        raise StateMoved(conversation.id)
    if conversation.status is Status.RESOLVED:
        conversation.reopen(now=now)
    replies = _take_turn(conversation, None, turn, desk=desk, now=now)
    if replies:
        replies[0].gap = Reason.ASKED_FOR_HUMAN
    return replies


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
    earlier = _sent_before(conversation, client_msg_id, desk)
    if earlier is not None:
        return earlier
    conversation.must_take_reply_from(agent)
    message = conversation.post(
        Sender.AGENT, reply, now=now, client_msg_id=client_msg_id, author=agent
    )
    return _store(message, desk)


def add_note(
    conversation_id: str,
    content: str,
    *,
    agent: Agent,
    client_msg_id: str | None = None,
    desk: Desk,
    now: datetime,
) -> Message:
    """Leave a note that only staff see, in any state of the conversation.

    Raises ConversationNotFound.
    """
    conversation = desk.conversations.get(conversation_id)
    earlier = _sent_before(conversation, client_msg_id, desk)
    if earlier is not None:
        return earlier
    message = conversation.post(
        Sender.AGENT,
        Reply(content),
        now=now,
        client_msg_id=client_msg_id,
        author=agent,
        internal=True,
    )
    return _store(message, desk)


def claim(conversation_id: str, *, agent: Agent, desk: Desk, now: datetime) -> Conversation:
    """Take a waiting conversation, or one that the bot still has.

    Raises ConversationNotFound, ConversationClosed, AlreadyClaimed.
    """
    conversation = desk.conversations.get(conversation_id)
    conversation.claim(agent, now=now)
    return _updated(conversation, desk)


def assign(
    conversation_id: str, *, to_agent_id: int, by: Agent, desk: Desk, now: datetime
) -> Conversation:
    """Give the conversation to a colleague.

    Raises ConversationNotFound, ConversationClosed, NotYourConversation.
    """
    conversation = desk.conversations.get(conversation_id)
    conversation.assign(to_agent_id, by=by, now=now)
    return _updated(conversation, desk)


def return_to_queue(conversation_id: str, *, by: Agent, desk: Desk, now: datetime) -> Conversation:
    """Let somebody else take the conversation.

    Raises ConversationNotFound, ConversationClosed, NotYourConversation.
    """
    conversation = desk.conversations.get(conversation_id)
    conversation.return_to_queue(by=by, now=now)
    return _updated(conversation, desk)


def resolve(
    conversation_id: str, *, by: Agent | None = None, desk: Desk, now: datetime
) -> Conversation:
    """End the conversation; `by` None means the customer or a timer. Ending twice is harmless.

    Raises ConversationNotFound, NotYourConversation.
    """
    conversation = desk.conversations.get(conversation_id)
    was_over = conversation.status is Status.RESOLVED
    conversation.resolve(by=by, now=now)
    return conversation if was_over else _updated(conversation, desk)


def rate(
    conversation_id: str, *, score: int, comment: str = "", desk: Desk, now: datetime
) -> Rating:
    """Keep how content the customer was; rating again replaces the earlier rating.

    Raises ConversationNotFound and BadRating (a score outside 1 to 5).
    """
    conversation = desk.conversations.get(conversation_id)
    rating = Rating(
        conversation_id=conversation.id,
        score=score,
        comment=comment,
        agent_id=conversation.assignee_id,
        rated_at=now,
    )
    desk.ratings.put(rating)
    desk.events.announce(Event(EventKind.CONVERSATION_RATED, conversation.id, internal=True))
    return rating


def _take_turn(
    conversation: Conversation, message: Message | None, turn: Turn, *, desk: Desk, now: datetime
) -> tuple[Message, ...]:
    conversation.turns += 1
    conversation.state = turn.state
    conversation.locale = turn.state.language
    in_reply_to = message.seq if message is not None else None
    replies = tuple(
        _say(conversation, Sender.BOT, reply, desk=desk, now=now, in_reply_to=in_reply_to)
        for reply in turn.replies
    )
    for draft in turn.tickets:
        open_ticket(draft, conversation_id=conversation.id, desk=desk, now=now)
    if turn.handoff is not None:
        conversation.hand_off(_handoff(conversation, turn.handoff, desk=desk, now=now))
        _updated(conversation, desk)
    return replies


def _handoff(
    conversation: Conversation, request: HandoffRequest, *, desk: Desk, now: datetime
) -> Handoff:
    said = [
        message.content
        for message in desk.conversations.messages(conversation.id)
        if message.sender is Sender.CUSTOMER
    ]
    summary = summarise(request.brief, said) if request.brief is not None else ""
    return Handoff(reason=request.reason, at=now, summary=summary, skill=request.skill)


def _say(
    conversation: Conversation,
    sender: Sender,
    reply: Reply,
    *,
    desk: Desk,
    now: datetime,
    in_reply_to: int | None = None,
) -> Message:
    return _store(conversation.post(sender, reply, now=now, in_reply_to=in_reply_to), desk)


def _sent_before(
    conversation: Conversation, client_msg_id: str | None, desk: Desk
) -> Message | None:
    if client_msg_id is None:
        return None
    return desk.conversations.find_sent(conversation.id, Sender.AGENT, client_msg_id)


def _store(message: Message, desk: Desk) -> Message:
    desk.conversations.store(message)
    event = Event(
        EventKind.MESSAGE_CREATED,
        message.conversation_id,
        message_id=message.id,
        internal=message.internal,
    )
    desk.events.announce(event)
    return message


def _updated(conversation: Conversation, desk: Desk) -> Conversation:
    desk.events.announce(Event(EventKind.CONVERSATION_UPDATED, conversation.id))
    return conversation
