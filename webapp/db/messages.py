"""Messages: reading what was said, for customers, staff and exports."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialogue.conversation import Message
from webapp.db import tables

_m = tables.messages.c


class Messages:
    """Reads messages; they are written by `SqlConversations.store`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def after(
        self,
        conversation_id: str,
        message_id: int = 0,
        *,
        internal: bool = False,
        limit: int = 500,
    ) -> list[Message]:
        """What was said after a message, in order; notes of staff only when `internal`."""
        query = (
            select(Message)
            .where(_m.conversation_id == conversation_id, _m.id > message_id)
            .order_by(_m.seq)
            .limit(limit)
        )
        if not internal:
            query = query.where(_m.internal.is_(False))
        return list(self._session.scalars(query))

    def find(self, message_id: int) -> Message | None:
        """One message, or None."""
        return self._session.get(Message, message_id)
