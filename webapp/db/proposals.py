"""Proposals: knowledge that agents took out of their own replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.errors import ProposalDecided, ProposalNotFound
from webapp.learning_records import Proposal, ProposalState

_p = tables.knowledge_proposals.c


class Proposals:
    """Keeps proposals; the texts come without personal data."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        conversation_id: str,
        message_ids: tuple[int, ...],
        *,
        question: str,
        answer: str,
        by: str,
        now: datetime,
    ) -> Proposal:
        """Keep a new proposal."""
        values = {
            "conversation_id": conversation_id,
            "message_ids": message_ids,
            "question": question,
            "answer": answer,
            "state": ProposalState.WAITING,
            "proposed_by": by[:100],
            "proposed_at": now,
        }
        done = self._session.execute(
            insert(tables.knowledge_proposals).values(values).returning(_p.id)
        )
        return self.get(int(done.scalar_one()))

    def get(self, proposal_id: int) -> Proposal:
        """One proposal; raises ProposalNotFound."""
        query = select(tables.knowledge_proposals).where(_p.id == proposal_id)
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise ProposalNotFound(f"There is no proposal {proposal_id}.")
        return _proposal(row)

    def list(self, *, state: ProposalState | None = None, limit: int = 100) -> list[Proposal]:
        """Proposals, the latest first."""
        query = select(tables.knowledge_proposals).order_by(_p.id.desc()).limit(limit)
        if state is not None:
            query = query.where(_p.state == state)
        return [_proposal(row) for row in self._session.execute(query)]

    def of_conversation(self, conversation_id: str) -> Sequence[Proposal]:
        """What was proposed of one conversation, in the order of proposing."""
        query = select(tables.knowledge_proposals).where(_p.conversation_id == conversation_id)
        return [_proposal(row) for row in self._session.execute(query.order_by(_p.id))]

    def decide(
        self,
        proposal_id: int,
        state: ProposalState,
        *,
        by: str,
        now: datetime,
        reason: str | None = None,
        article_id: str | None = None,
    ) -> Proposal:
        """Accept or refuse once; raises ProposalNotFound, ProposalDecided."""
        done: Any = self._session.execute(
            update(tables.knowledge_proposals)
            .where(_p.id == proposal_id, _p.state == ProposalState.WAITING)
            .values(
                state=state, reason=reason, article_id=article_id, decided_by=by[:100],
                decided_at=now,
            )
        )  # fmt: skip
        proposal = self.get(proposal_id)
        if not done.rowcount:
            raise ProposalDecided(f"{proposal.decided_by} has decided about this already.")
        return proposal


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        conversation_id=row.conversation_id,
        message_ids=row.message_ids,
        question=row.question,
        answer=row.answer,
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        reason=row.reason,
        article_id=row.article_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
