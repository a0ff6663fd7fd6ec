"""Ratings: one for each conversation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialogue.rating import Rating
from webapp.db import tables
from webapp.db.upsert import upsert


class SqlRatings:
    """Keeps `dialogue.stores.Ratings`' promise."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, rating: Rating) -> None:
        """Keep the rating; a later one for the same conversation replaces it."""
        upsert(
            self._session,
            tables.ratings,
            {
                "conversation_id": rating.conversation_id,
                "score": rating.score,
                "comment": rating.comment,
                "agent_id": rating.agent_id,
                "rated_at": rating.rated_at,
            },
        )

    def find(self, conversation_id: str) -> Rating | None:
        """The rating of a conversation, or None."""
        columns = tables.ratings.c
        row = self._session.execute(
            select(tables.ratings).where(columns.conversation_id == conversation_id)
        ).one_or_none()
        if row is None:
            return None
        return Rating(
            conversation_id=row.conversation_id,
            score=row.score,
            rated_at=row.rated_at,
            comment=row.comment,
            agent_id=row.agent_id,
        )
