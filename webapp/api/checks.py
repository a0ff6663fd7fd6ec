"""What calls refuse that the table of permissions lets through: what is out of sight, colleagues
who are not there, and publishing without the review that this installation wants.
"""

from __future__ import annotations

from handoff.agent import Agent
from knowledge.errors import ReviewRequired, SecondPersonNeeded
from webapp.auth.permissions import DESK, REVIEWERS, may_bring_back, may_publish
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


def is_free_to_publish() -> bool:
    """Whether what this person writes or imports is live without a review."""
    required = services().settings.review_required
    me = required_staff()
    return may_publish(me.role, review_required=required, alone=required and _is_alone())


def must_be_free_to_publish() -> None:
    """Refuse who is not where texts are reviewed before they are live; raises ReviewRequired."""
    if not is_free_to_publish():
        raise ReviewRequired(_REVIEWED)


def must_be_free_to_bring_back() -> None:
    """Refuse an editor where texts are reviewed, also earlier ones; raises ReviewRequired."""
    required = services().settings.review_required
    if not may_bring_back(required_staff().role, review_required=required):
        raise ReviewRequired(_REVIEWED)


def must_be_another(author: str) -> None:
    """Refuse the approval of one's own text; raises SecondPersonNeeded. Who is the only one that
    could approve it may."""
    if not services().settings.review_required or author != required_staff().name:
        return
    if not _is_alone():
        raise SecondPersonNeeded(
            "You wrote this text: another supervisor or administrator has to approve it."
        )


def _is_alone() -> bool:
    with services().db.read() as work:
        return not work.staff.others_with(REVIEWERS.roles, than=required_staff().id)


_REVIEWED = (
    "Here a supervisor or an administrator approves what customers get: save a draft and "
    "submit it for review."
)
