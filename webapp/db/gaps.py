"""Gaps: questions without a good answer, and the groups they are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, and_, cast, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from dialogue.conversation import Sender
from handoff.reason import Reason
from webapp.db import tables
from webapp.db.errors import GapNotFound
from webapp.db.upsert import upsert
from webapp.learning_records import GapState, MissedQuestion

_m = tables.messages.c
_q = tables.gap_questions.c
_g = tables.gap_groups.c

UNANSWERED = (
    Reason.KNOWLEDGE_GAP,
    Reason.OUT_OF_SCOPE,
    Reason.LOW_CONFIDENCE,
    Reason.REPEATED_MISS,
)
"""Why a message itself got no answer."""


class Gaps:
    """Keeps missed questions and their groups; what is kept of a question has no personal data."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def new_questions(self, *, since: datetime, limit: int = 2000) -> list[MissedQuestion]:
        """Questions that got no good answer and are in no group yet, the oldest first.

        Their text is as it was written: mask it before it is kept or shown.
        """
        asked, marked = aliased(tables.messages), tables.messages
        unanswered = select(
            _m.id, _m.conversation_id, _m.seq, _m.content, _m.gap.label("reason"), _m.created_at
        ).where(_m.gap.in_(UNANSWERED), _m.sender == Sender.CUSTOMER, _m.created_at >= since)
        before = (
            select(func.max(asked.c.seq))
            .where(
                asked.c.conversation_id == marked.c.conversation_id,
                asked.c.sender == Sender.CUSTOMER,
                asked.c.seq < marked.c.seq,
            )
            .correlate(marked)
            .scalar_subquery()
        )
        question, answer = aliased(tables.messages), aliased(tables.messages)
        answered = exists().where(
            answer.c.conversation_id == question.c.conversation_id,
            answer.c.in_reply_to == question.c.seq,
            cast(answer.c.sources, String) != "[]",
        )
        given_up = (
            select(
                question.c.id, question.c.conversation_id, question.c.seq, question.c.content,
                marked.c.gap.label("reason"), question.c.created_at,
            )
            .select_from(marked)
            .join(
                question,
                and_(question.c.conversation_id == marked.c.conversation_id,
                     question.c.seq == before),
            )
            .where(marked.c.gap == Reason.ASKED_FOR_HUMAN, question.c.gap.is_(None), answered,
                   marked.c.created_at >= since)
        )  # fmt: skip
        judged, feedback = aliased(tables.messages), tables.message_feedback.c
        disliked = (
            select(
                question.c.id, question.c.conversation_id, question.c.seq, question.c.content,
                cast(None, _m.gap.type).label("reason"), question.c.created_at,
            )
            .select_from(tables.message_feedback)
            .join(judged, judged.c.id == feedback.message_id)
            .join(
                question,
                and_(question.c.conversation_id == judged.c.conversation_id,
                     question.c.seq == judged.c.in_reply_to),
            )
            .where(feedback.helpful.is_(False), feedback.at >= since)
        )  # fmt: skip
        found: dict[int, MissedQuestion] = {}
        for query in (unanswered, given_up, disliked):
            id_column = next(iter(query.selected_columns))
            fresh = query.where(~exists().where(_q.message_id == id_column))
            for row in self._session.execute(fresh.order_by(id_column).limit(limit)):
                reason = None if row.reason is None else Reason(row.reason)
                found.setdefault(
                    row.id,
                    MissedQuestion(
                        row.id, row.conversation_id, row.seq, row.content, reason, row.created_at
                    ),
                )
        return [found[key] for key in sorted(found)][:limit]

    def grouped(
        self, *, since: datetime, encoder: str
    ) -> tuple[list[MissedQuestion], list[int], NDArray[np.float32]]:
        """Questions in groups since then, the oldest first: with their groups and vectors."""
        query = (
            select(tables.gap_questions)
            .where(_q.asked_at >= since, _q.encoder == encoder)
            .order_by(_q.message_id)
        )
        rows = self._session.execute(query).all()
        vectors = [np.frombuffer(row.vector, np.float16).astype(np.float32) for row in rows]
        stacked = np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)
        return [_question(row) for row in rows], [row.group_id for row in rows], stacked

    def fixed(self) -> list[int]:
        """The groups that somebody has decided about."""
        query = select(_g.id).where(_g.state != GapState.OPEN)
        return list(self._session.scalars(query))

    def wake(self, now: datetime) -> None:
        """Open the snoozed groups whose time has come."""
        self._session.execute(
            update(tables.gap_groups)
            .where(_g.state == GapState.SNOOZED, _g.until <= now)
            .values(state=GapState.OPEN, until=None)
        )

    def add_group(self, name: str, *, now: datetime) -> int:
        """A new open group; returns its id."""
        values = {"name": name[:200], "state": GapState.OPEN, "created_at": now}
        done = self._session.execute(insert(tables.gap_groups).values(values).returning(_g.id))
        return int(done.scalar_one())

    def rename(self, names: Mapping[int, str]) -> None:
        """Call open groups by other questions."""
        for group_id, name in names.items():
            self._session.execute(
                update(tables.gap_groups)
                .where(_g.id == group_id, _g.state == GapState.OPEN, _g.name != name[:200])
                .values(name=name[:200])
            )

    def put(
        self, question: MissedQuestion, group_id: int, vector: NDArray[np.float32], *, encoder: str
    ) -> None:
        """Keep a question in a group; one that somebody else has kept meanwhile stays there."""
        values = {
            "message_id": question.message_id,
            "group_id": group_id,
            "conversation_id": question.conversation_id,
            "seq": question.seq,
            "text": question.text,
            "reason": question.reason,
            "asked_at": question.asked_at,
            "vector": vector.astype(np.float16).tobytes(),
            "encoder": encoder,
        }
        upsert(
            self._session,
            tables.gap_questions,
            values,
            changes={"group_id": group_id},
        )

    def move(self, message_ids: Sequence[int], group_id: int) -> None:
        """Put questions into another group."""
        self._session.execute(
            update(tables.gap_questions)
            .where(_q.message_id.in_(message_ids))
            .values(group_id=group_id)
        )

    def forget_empty(self) -> None:
        """Delete open groups that no question is left in."""
        self._session.execute(
            delete(tables.gap_groups).where(
                _g.state == GapState.OPEN, ~exists().where(_q.group_id == _g.id)
            )
        )

    def forget_other_encoders(self, encoder: str) -> int:
        """Delete what was encoded by another encoder: it is collected anew."""
        done: Any = self._session.execute(delete(tables.gap_questions).where(_q.encoder != encoder))
        return int(done.rowcount)

    def decide(
        self,
        group_id: int,
        state: GapState,
        *,
        by: str,
        now: datetime,
        until: datetime | None = None,
        article_id: str | None = None,
    ) -> None:
        """Keep what somebody decided about a group; raises GapNotFound."""
        done: Any = self._session.execute(
            update(tables.gap_groups)
            .where(_g.id == group_id)
            .values(
                state=state, until=until, article_id=article_id, changed_by=by[:100],
                changed_at=now,
            )
        )  # fmt: skip
        if not done.rowcount:
            raise GapNotFound(f"There is no group {group_id}; it may have gone up in another.")

    def questions(self, group_id: int, *, limit: int = 200) -> list[MissedQuestion]:
        """The questions of a group, the latest first."""
        query = (
            select(tables.gap_questions)
            .where(_q.group_id == group_id)
            .order_by(_q.message_id.desc())
            .limit(limit)
        )
        return [_question(row) for row in self._session.execute(query)]

    def replies(self, group_id: int, *, limit: int = 50) -> list[tuple[int, str]]:
        """What agents said after the questions of a group in the same conversations, as message
        id and text as it was written, the latest first."""
        first = (
            select(_q.conversation_id, func.min(_q.seq).label("seq"))
            .where(_q.group_id == group_id)
            .group_by(_q.conversation_id)
            .subquery()
        )
        query = (
            select(_m.id, _m.content)
            .join(first, and_(first.c.conversation_id == _m.conversation_id, _m.seq > first.c.seq))
            .where(_m.sender == Sender.AGENT, _m.internal.is_(False))
            .order_by(_m.id.desc())
            .limit(limit)
        )
        return [(row.id, row.content) for row in self._session.execute(query)]


def handed_over() -> Any:
    """Whether a person had to take, or is waited for in, the conversation of a gap question."""
    conversations = tables.conversations.c
    return or_(
        exists().where(tables.assignments.c.conversation_id == _q.conversation_id),
        exists().where(
            conversations.id == _q.conversation_id, cast(conversations.handoff, String).is_not(None)
        ),
    )


def _question(row: Any) -> MissedQuestion:
    return MissedQuestion(
        row.message_id, row.conversation_id, row.seq, row.text, row.reason, row.asked_at
    )
