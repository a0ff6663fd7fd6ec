"""Conversations and their messages as the dialogue's use cases need them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from dialogue.conversation import Conversation, Holder, Message, Sender, Status
from dialogue.errors import ConversationNotFound
from webapp.db import tables

_c = tables.conversations.c
_m = tables.messages.c


@dataclass(frozen=True, slots=True)
class Before:
    """Who had a conversation when this transaction first saw it."""

    holder: Holder | None
    assignee_id: int | None
    waited: bool = False


class SqlConversations:
    """Keeps `dialogue.stores.Conversations`' promise, and the few look-ups around it."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._before: dict[str, Before] = {}

    def get(self, conversation_id: str) -> Conversation:
        """The conversation, locked until the transaction ends; raises ConversationNotFound."""
        if conversation_id in self._before:
            return self.find(conversation_id)
        query = select(Conversation).where(_c.id == conversation_id).with_for_update()
        found = self._session.scalars(query).one_or_none()
        if found is None:
            raise ConversationNotFound(conversation_id)
        self._before[found.id] = Before(found.holder, found.assignee_id, waits(found))
        return found

    def find(self, conversation_id: str) -> Conversation:
        """The conversation as it is, not locked; raises ConversationNotFound."""
        found = self._session.get(Conversation, conversation_id)
        if found is None:
            raise ConversationNotFound(conversation_id)
        return found

    def add(self, conversation: Conversation) -> None:
        """Keep a new conversation."""
        self._session.add(conversation)
        self._session.flush()
        self._before[conversation.id] = Before(None, None)

    def before(self, conversation_id: str) -> Before:
        """Who had the conversation before this transaction; nobody when it is new or unseen."""
        return self._before.get(conversation_id, Before(None, None))

    def store(self, message: Message) -> None:
        """Keep a message and give it its id."""
        self._session.add(message)
        self._session.flush()

    def find_sent(self, conversation_id: str, sender: Sender, client_msg_id: str) -> Message | None:
        """The message that was stored earlier under the sender's own id."""
        query = select(Message).where(
            _m.conversation_id == conversation_id,
            _m.sender == sender,
            _m.client_msg_id == client_msg_id,
        )
        return self._session.scalars(query).one_or_none()

    def replies_to(self, message: Message) -> list[Message]:
        """The bot's replies to a customer's message, in order."""
        query = (
            select(Message)
            .where(
                _m.conversation_id == message.conversation_id,
                _m.in_reply_to == message.seq,
                _m.sender == Sender.BOT,
            )
            .order_by(_m.seq)
        )
        return list(self._session.scalars(query))

    def messages(self, conversation_id: str) -> list[Message]:
        """Every message of the conversation, in order of `seq`."""
        query = select(Message).where(_m.conversation_id == conversation_id).order_by(_m.seq)
        return list(self._session.scalars(query))

    def set_token(self, conversation_id: str, token_hash: str) -> None:
        """Keep the hash of the token with which the customer comes back."""
        self._session.execute(
            update(tables.conversations)
            .where(_c.id == conversation_id)
            .values(token_hash=token_hash)
        )

    def token_hash(self, conversation_id: str) -> str | None:
        """The hash of the customer's token; None when there is no such conversation."""
        return self._session.execute(
            select(_c.token_hash).where(_c.id == conversation_id)
        ).scalar_one_or_none()

    def idle_since(self, moment: datetime, *, limit: int = 100) -> list[str]:
        """Conversations that the bot has and where nothing was said since then, oldest first."""
        query = (
            select(_c.id)
            .where(_c.status == Status.PENDING, _c.updated_at < moment)
            .order_by(_c.updated_at)
            .limit(limit)
        )
        return list(self._session.scalars(query))

    def held_by(self, staff_id: int) -> list[str]:
        """The conversations that somebody holds and has not ended, by id."""
        query = (
            select(_c.id)
            .where(
                _c.holder == Holder.AGENT,
                _c.assignee_id == staff_id,
                _c.status != Status.RESOLVED,
            )
            .order_by(_c.id)
        )
        return list(self._session.scalars(query))

    def record_assignments(self) -> None:
        """End and begin assignments where the assignee changed in this transaction.

        A unique index allows one active assignment a conversation, so that a mistake anywhere
        above turns into an error instead of two agents with one customer.
        """
        for conversation_id, before in self._before.items():
            conversation = self.find(conversation_id)
            serving = conversation.holder is Holder.AGENT and (
                conversation.status is not Status.RESOLVED
            )
            now_assigned = conversation.assignee_id if serving else None
            if before.holder is Holder.AGENT and before.assignee_id == now_assigned:
                continue
            self._end_assignment(conversation_id)
            if now_assigned is not None:
                self._begin_assignment(conversation_id, now_assigned)

    def _end_assignment(self, conversation_id: str) -> None:
        columns = tables.assignments.c
        self._session.execute(
            update(tables.assignments)
            .where(columns.conversation_id == conversation_id, columns.ended_at.is_(None))
            .values(ended_at=self._clock())
        )

    def _begin_assignment(self, conversation_id: str, staff_id: int) -> None:
        self._session.execute(
            insert(tables.assignments).values(
                conversation_id=conversation_id, staff_id=staff_id, started_at=self._clock()
            )
        )


def waits(conversation: Conversation) -> bool:
    """Whether the customer stands in the queue."""
    return conversation.holder is Holder.QUEUE and conversation.status is not Status.RESOLVED
