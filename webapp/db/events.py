"""Events: stored in the transaction that caused them, read by the stream after their id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, text
from sqlalchemy.orm import Session

from dialogue.conversation import Conversation, Message
from dialogue.events import Event, EventKind
from handoff.ticket import Ticket
from webapp import wire
from webapp.db import tables
from webapp.db.conversations import SqlConversations, waits
from webapp.db.inbox import Inbox
from webapp.records import JsonObject, StoredEvent
from webapp.shapes.staff import PersonOut

_e = tables.events.c
ADVISORY_LOCK = 0x6A696564  # "jied"


@dataclass(frozen=True, slots=True)
class _Audience:
    """Who of the staff may see an event, besides supervisors who see all."""

    for_agents: bool
    agent_id: int | None = None
    former_agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Payload:
    staff: JsonObject
    customer: JsonObject | None
    audience: _Audience


class Events:
    """Keeps `dialogue.stores.Announces`' promise, and reads events back for the stream."""

    def __init__(
        self,
        session: Session,
        *,
        conversations: SqlConversations,
        clock: Callable[[], datetime],
    ) -> None:
        self._session = session
        self._conversations = conversations
        self._clock = clock
        self._announced: list[dict[str, object]] = []

    def announce(self, event: Event) -> None:
        """Remember an event with its payload as of now; `write` stores it before the commit."""
        payload = self._payload(event)
        self._announced.append(
            {
                "kind": event.kind.value,
                "conversation_id": event.conversation_id,
                "ticket_id": event.ticket_id,
                "for_agents": payload.audience.for_agents,
                "agent_id": payload.audience.agent_id,
                "former_agent_id": payload.audience.former_agent_id,
                "payload": payload.staff,
                "public_payload": None if event.internal else payload.customer,
                "created_at": self._clock(),
            }
        )

    def write(self) -> None:
        """Store what was announced; nothing may be written after it in this transaction.

        Readers ask for ids above the last they saw. PostgreSQL gives ids out before the commit, so
        that without the lock a smaller id could become visible after a greater one and be missed.
        """
        if not self._announced:
            return
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": ADVISORY_LOCK})
        for values in self._announced:
            self._session.execute(insert(tables.events).values(**values))
        self._announced.clear()

    def last_id(self) -> int:
        """The id of the newest event, 0 when there was none yet."""
        return self._session.execute(select(func.max(_e.id))).scalar_one() or 0

    def oldest(self) -> StoredEvent | None:
        """The oldest event that is still kept."""
        row = self._session.execute(select(tables.events).order_by(_e.id).limit(1)).one_or_none()
        return None if row is None else _stored(row)

    def after(
        self, event_id: int, *, conversation_id: str | None = None, limit: int = 500
    ) -> list[StoredEvent]:
        """Events after an id, in order; of one conversation only when it is named."""
        query = select(tables.events).where(_e.id > event_id).order_by(_e.id).limit(limit)
        if conversation_id is not None:
            query = query.where(
                _e.conversation_id == conversation_id, _e.public_payload.is_not(None)
            )
        return [_stored(row) for row in self._session.execute(query)]

    def after_for_agent(
        self, event_id: int, staff_id: int, *, limit: int = 500
    ) -> list[StoredEvent]:
        """Events after an id that one agent may see, in order."""
        mine: ColumnElement[bool] = or_(
            _e.for_agents, _e.agent_id == staff_id, _e.former_agent_id == staff_id
        )
        query = select(tables.events).where(_e.id > event_id, mine).order_by(_e.id).limit(limit)
        return [_stored(row) for row in self._session.execute(query)]

    def delete_before(self, moment: datetime) -> int:
        """Forget old events; readers that are further behind are told to fetch afresh."""
        newest = self.last_id()
        result = self._session.execute(
            tables.events.delete().where(_e.created_at < moment, _e.id < newest)
        )
        return result.rowcount  # type: ignore[attr-defined, no-any-return]

    def _payload(self, event: Event) -> _Payload:
        if event.kind is EventKind.MESSAGE_CREATED:
            return self._of_message(_required(event.message_id))
        if event.kind in (EventKind.TICKET_CREATED, EventKind.TICKET_UPDATED):
            return self._of_ticket(_required(event.ticket_id))
        conversation = self._conversations.find(event.conversation_id or "")
        return self._of_conversation(conversation)

    def _of_message(self, message_id: int) -> _Payload:
        message = self._session.get_one(Message, message_id)
        conversation = self._conversations.find(message.conversation_id)
        shown = wire.message_out(message).model_dump(mode="json")
        return _Payload(shown, None if message.internal else shown, self._audience(conversation))

    def _of_ticket(self, ticket_id: int) -> _Payload:
        ticket = self._session.get_one(Ticket, ticket_id)
        shown = wire.ticket_out(ticket, assignee=self._person(ticket.assignee_id))
        return _Payload(shown.model_dump(mode="json"), None, _Audience(for_agents=True))

    def _of_conversation(self, conversation: Conversation) -> _Payload:
        self._session.flush()
        view = Inbox(self._session).view(conversation.id)
        return _Payload(
            wire.conversation_out(view).model_dump(mode="json"),
            wire.conversation_state(view).model_dump(mode="json"),
            self._audience(conversation),
        )

    def _audience(self, conversation: Conversation) -> _Audience:
        before = self._conversations.before(conversation.id)
        return _Audience(
            # what enters or leaves the queue concerns everybody who looks at the queue
            for_agents=before.waited or waits(conversation),
            agent_id=conversation.assignee_id,
            former_agent_id=before.assignee_id,
        )

    def _person(self, staff_id: int | None) -> PersonOut | None:
        if staff_id is None:
            return None
        name = self._session.execute(
            select(tables.staff.c.name).where(tables.staff.c.id == staff_id)
        ).scalar_one()
        return PersonOut(id=staff_id, name=name)


def _required(value: int | None) -> int:
    if value is None:
        raise ValueError("An event about a message or a ticket needs its id.")
    return value


def _stored(row: Row[tuple[object, ...]]) -> StoredEvent:
    return StoredEvent(
        id=row.id,
        kind=row.kind,
        conversation_id=row.conversation_id,
        for_agents=row.for_agents,
        agent_id=row.agent_id,
        former_agent_id=row.former_agent_id,
        payload=row.payload,
        public_payload=row.public_payload,
        created_at=row.created_at,
    )
