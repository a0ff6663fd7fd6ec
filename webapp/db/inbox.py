"""Inbox: lists of conversations as staff see them, with positions, unread marks and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from dialogue.conversation import Conversation, Holder, Message, Sender, Status
from dialogue.errors import ConversationNotFound
from handoff.agent import Agent
from webapp.db import tables
from webapp.db.contacts import Contacts
from webapp.db.conversations import waits
from webapp.db.upsert import upsert
from webapp.records import ConversationCounts, ConversationView, Page

_c = tables.conversations.c
_m = tables.messages.c
_r = tables.conversation_reads.c

# Who held a conversation stays written after its end: resolved out of the queue it waits no more.
_WAITS = and_(_c.holder == Holder.QUEUE, _c.status != Status.RESOLVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """Which conversations to list.

    `assignee_id` restricts to one person's; `unassigned` to nobody's. The queue is in its own
    order (`handoff.queue`), everything else the latest change first.
    """

    status: Status | None = None
    holder: Holder | None = None
    assignee_id: int | None = None
    unassigned: bool = False


class Inbox:
    """Answers what staff ask about many conversations at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self, wanted: InboxFilter, *, viewer: Agent, cursor: str | None = None, limit: int = 50
    ) -> Page[ConversationView]:
        """One page of what the viewer may see, as `visible_to` has it."""
        in_queue = wanted.holder is Holder.QUEUE
        query = select(Conversation).where(self.visible_to(viewer), *_conditions(wanted))
        query = _page(query, cursor, by_rank=in_queue).limit(limit + 1)
        found = list(self._session.scalars(query))
        following = _cursor(found[limit - 1], by_rank=in_queue) if len(found) > limit else None
        return Page(tuple(self._views(found[:limit], viewer)), following)

    def view(self, conversation_id: str, *, viewer: Agent | None = None) -> ConversationView:
        """One conversation with what stands beside it.

        With a viewer, raises ConversationNotFound also where the viewer may not look.
        """
        query = select(Conversation).where(_c.id == conversation_id)
        if viewer is not None:
            query = query.where(self.visible_to(viewer))
        found = self._session.scalars(query).one_or_none()
        if found is None:
            raise ConversationNotFound(conversation_id)
        return self._views([found], viewer)[0]

    def counts(self, viewer: Agent) -> ConversationCounts:
        """How many of each kind the viewer may see."""

        def count(*conditions: ColumnElement[bool]) -> int:
            query = select(func.count()).select_from(tables.conversations).where(*conditions)
            return self._session.execute(query).scalar_one()

        active = _c.status != Status.RESOLVED
        seen = self.visible_to(viewer)
        return ConversationCounts(
            queue=count(_WAITS),
            mine=count(_c.holder == Holder.AGENT, _c.assignee_id == viewer.id, active),
            open=count(_c.status == Status.OPEN, seen),
            bot=count(_c.holder == Holder.BOT, active, seen),
        )

    def waiting(self) -> int:
        """How many customers stand in the queue."""
        query = select(func.count()).where(_WAITS)
        return self._session.execute(query).scalar_one()

    def queue_position(self, conversation: Conversation) -> int | None:
        """The place in the queue, from 1; None when the conversation does not wait."""
        if not waits(conversation):
            return None
        ahead = select(func.count()).where(
            _WAITS,
            _c.ranked_at <= conversation.ranked_at,
            or_(_c.ranked_at < conversation.ranked_at, _c.id < conversation.id),
        )
        return self._session.execute(ahead).scalar_one() + 1

    def mark_read(self, conversation_id: str, *, staff_id: int, seq: int) -> None:
        """Remember how far somebody has read; reading backwards changes nothing."""
        upsert(
            self._session,
            tables.conversation_reads,
            {"conversation_id": conversation_id, "staff_id": staff_id, "seq": seq},
            update_if=lambda stored, new: stored.seq < new.seq,
        )

    @staticmethod
    def visible_to(viewer: Agent) -> ColumnElement[bool]:
        """The condition that keeps to what somebody may see.

        Supervisors see all; agents what waits and what is or was theirs to the end, not what the
        bot has.
        """
        if viewer.oversees:
            return true()
        return or_(_WAITS, _c.assignee_id == viewer.id)

    def _views(
        self, conversations: Sequence[Conversation], viewer: Agent | None
    ) -> Sequence[ConversationView]:
        ids = [c.id for c in conversations]
        names = self._assignee_names(conversations)
        contacts = Contacts(self._session).by_ids({c.contact_id for c in conversations})
        last = self._last_messages(ids)
        unread = self._unread(ids, viewer) if viewer else {}
        return [
            ConversationView(
                conversation=c,
                assignee_name=names.get(c.assignee_id or 0),
                contact=contacts.get(c.contact_id or 0),
                last_message=last.get(c.id),
                unread=unread.get(c.id, 0),
                queue_position=self.queue_position(c),
            )
            for c in conversations
        ]

    def _assignee_names(self, conversations: Sequence[Conversation]) -> dict[int, str]:
        ids = {c.assignee_id for c in conversations if c.assignee_id is not None}
        columns = tables.staff.c
        rows = self._session.execute(select(columns.id, columns.name).where(columns.id.in_(ids)))
        return {row.id: row.name for row in rows}

    def _last_messages(self, ids: Sequence[str]) -> dict[str, Message]:
        query = (
            select(Message)
            .join(tables.conversations, _m.conversation_id == _c.id)
            .where(_c.id.in_(ids), _m.seq == _c.last_seq)
        )
        return {message.conversation_id: message for message in self._session.scalars(query)}

    def _unread(self, ids: Sequence[str], viewer: Agent) -> dict[str, int]:
        read = and_(_r.conversation_id == _m.conversation_id, _r.staff_id == viewer.id)
        query = (
            select(_m.conversation_id, func.count())
            .outerjoin(tables.conversation_reads, read)
            .where(
                _m.conversation_id.in_(ids),
                _m.sender == Sender.CUSTOMER,
                _m.seq > func.coalesce(_r.seq, 0),
            )
            .group_by(_m.conversation_id)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}


def _conditions(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(_c.status == wanted.status)
    if wanted.holder is not None:
        conditions += [_c.holder == wanted.holder, _c.status != Status.RESOLVED]
    if wanted.assignee_id is not None:
        conditions.append(_c.assignee_id == wanted.assignee_id)
    if wanted.unassigned:
        conditions.append(_c.assignee_id.is_(None))
    return conditions


def _page(
    query: Select[Conversation], cursor: str | None, *, by_rank: bool
) -> Select[Conversation]:
    column = _c.ranked_at if by_rank else _c.updated_at
    if by_rank:
        query = query.order_by(column, _c.id)
    else:
        query = query.order_by(column.desc(), _c.id.desc())
    if cursor is None:
        return query
    moment_text, _, last_id = cursor.partition("~")
    moment = datetime.fromisoformat(moment_text)
    if by_rank:
        return query.where(or_(column > moment, and_(column == moment, _c.id > last_id)))
    return query.where(or_(column < moment, and_(column == moment, _c.id < last_id)))


def _cursor(last: Conversation, *, by_rank: bool) -> str:
    moment = (last.ranked_at or last.updated_at) if by_rank else last.updated_at
    return f"{moment.isoformat()}~{last.id}"
