"""What calls of the desk refuse: what is out of sight, and colleagues who are not there."""

from __future__ import annotations

from handoff.agent import Agent
from webapp.auth.permissions import DESK
from webapp.current import services
from webapp.db.errors import StaffNotFound
from webapp.db.work import Work
from webapp.errors import InvalidInput


def must_see(conversation_id: str, agent: Agent) -> None:
    """Refuse somebody who may not look at the conversation; raises ConversationNotFound."""
    with services().db.read() as work:
        work.inbox.view(conversation_id, viewer=agent)


def must_be_at_desk(staff_id: int, work: Work, *, field: str) -> None:
    """Refuse to give something to somebody who cannot see it; raises InvalidInput about `field`."""
    try:
        staff = work.staff.get(staff_id)
    except StaffNotFound:
        staff = None
    if staff is None or not staff.active or staff.role not in DESK.roles:
        raise InvalidInput(f"{field}: nobody at the desk has this id; see GET /api/v1/staff.")
