"""What calls refuse that the table of permissions lets through: what is out of sight, colleagues
who are not there, and publishing without the review that this installation wants.
"""

from __future__ import annotations

from handoff.agent import Agent
from knowledge.errors import ReviewRequired
from webapp.auth.permissions import DESK, may_publish
from webapp.auth.session import required_staff
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


def must_be_free_to_publish() -> None:
    """Refuse an editor where texts are reviewed before they are live; raises ReviewRequired."""
    required = services().settings.review_required
    if not may_publish(required_staff().role, review_required=required):
        raise ReviewRequired(
            "Here a supervisor or an administrator approves what customers get: save a draft and "
            "submit it for review."
        )
