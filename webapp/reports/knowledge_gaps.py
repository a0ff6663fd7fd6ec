"""Groups of questions without an answer with their figures, counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select

from webapp.db import tables
from webapp.db.errors import GapNotFound
from webapp.db.gaps import handed_over
from webapp.db.work import Work
from webapp.learning_records import GapGroup, GapState

WEEKS = 12
"""How many weeks a trend shows."""

DISLIKED = "disliked"
"""The reason of questions whose answer did not help."""

_q = tables.gap_questions.c
_g = tables.gap_groups.c


def gap_groups(work: Work, *, state: GapState, now: datetime, limit: int = 50) -> list[GapGroup]:
    """Groups in a state, those first that cost most: hand-offs, then size, then the latest."""
    chosen = _g.state == state
    if state is GapState.OPEN:
        chosen = or_(chosen, (_g.state == GapState.SNOOZED) & (_g.until <= now))
    elif state is GapState.SNOOZED:
        chosen = chosen & (_g.until > now)
    return _groups(work, chosen, now=now, limit=limit)


def gap_group(work: Work, group_id: int, *, now: datetime) -> GapGroup:
    """One group; raises GapNotFound."""
    found = _groups(work, _g.id == group_id, now=now, limit=1)
    if not found:
        raise GapNotFound(f"There is no group {group_id}; it may have gone up in another.")
    return found[0]


def _groups(work: Work, chosen: Any, *, now: datetime, limit: int) -> list[GapGroup]:
    handed = func.count(func.distinct(case((handed_over(), _q.conversation_id))))
    query = (
        select(
            tables.gap_groups,
            func.count(_q.message_id).label("size"),
            handed.label("handed_over"),
            func.min(_q.asked_at).label("first_at"),
            func.max(_q.asked_at).label("last_at"),
        )
        .outerjoin(tables.gap_questions, _q.group_id == _g.id)
        .where(chosen)
        .group_by(*tables.gap_groups.c)
        .order_by(handed.desc(), func.count(_q.message_id).desc(), func.max(_q.asked_at).desc())
        .limit(limit)
    )
    rows = work.session.execute(query).all()
    weeks, reasons = _by_week(work, [row.id for row in rows], now)
    return [
        GapGroup(
            id=row.id,
            name=row.name,
            state=row.state,
            size=row.size,
            handed_over=row.handed_over,
            first_at=row.first_at,
            last_at=row.last_at,
            weeks=tuple(weeks[row.id][week] for week in range(WEEKS)),
            reasons=dict(reasons[row.id].most_common()),
            until=row.until,
            article_id=row.article_id,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def _by_week(
    work: Work, ids: list[int], now: datetime
) -> tuple[dict[int, Counter[int]], dict[int, Counter[str]]]:
    """Per group how many questions each of the last weeks had (the latest last), and why."""
    weeks: dict[int, Counter[int]] = defaultdict(Counter)
    reasons: dict[int, Counter[str]] = defaultdict(Counter)
    query = select(_q.group_id, _q.asked_at, _q.reason).where(_q.group_id.in_(ids))
    for row in work.session.execute(query):
        ago = (now - row.asked_at) // timedelta(days=7)
        if 0 <= ago < WEEKS:
            weeks[row.group_id][WEEKS - 1 - ago] += 1
        reasons[row.group_id][row.reason.value if row.reason else DISLIKED] += 1
    return weeks, reasons
