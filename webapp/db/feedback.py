"""Feedback: what customers thought of single answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.upsert import upsert

_f = tables.message_feedback.c
_m = tables.messages.c


class Feedback:
    """Keeps one judgement for each of the bot's messages."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, message_id: int, *, helpful: bool, now: datetime) -> None:
        """Keep whether a message helped; a later word replaces an earlier one."""
        upsert(
            self._session,
            tables.message_feedback,
            {"message_id": message_id, "helpful": helpful, "at": now},
        )

    def of_conversation(self, conversation_id: str) -> dict[int, bool]:
        """Whether each judged message of a conversation helped, by the message's id."""
        query = (
            select(_f.message_id, _f.helpful)
            .join(tables.messages, _m.id == _f.message_id)
            .where(_m.conversation_id == conversation_id)
        )
        return {row.message_id: row.helpful for row in self._session.execute(query)}
