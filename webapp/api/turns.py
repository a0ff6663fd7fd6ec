"""What is written down of a turn: one line in the log, and the figures."""

from __future__ import annotations

from dialogue.conversation import Conversation
from dialogue.exchange import Received
from handoff.reason import Reason
from webapp.logs import get_logger
from webapp.metrics import HANDOFFS, TURN_SECONDS, TURNS

_log = get_logger(__name__)


def record_turn(received: Received, conversation: Conversation, seconds: float) -> None:
    """Who answered a message, how fast, and why a person came; `conversation` is as it is now."""
    handed_over = conversation.handoff is not None and (
        conversation.handoff.at == received.message.created_at and not received.repeated
    )
    reason = conversation.handoff.reason if conversation.handoff and handed_over else None
    answered_by = "bot" if received.replies or handed_over else conversation.holder.value
    TURNS.labels(answered_by).inc()
    TURN_SECONDS.observe(seconds)
    if reason is not None:
        HANDOFFS.labels(reason.value).inc()
    _log.info(
        "turn",
        conversation_id=conversation.id,
        message_id=received.message.id,
        intent=received.message.intent,
        confidence=received.message.intent_confidence,
        answered_by=answered_by,
        holder=conversation.holder.value,
        handoff=reason,
        repeated=received.repeated,
        ms=round(seconds * 1000, 1),
    )


def record_button(conversation_id: str) -> None:
    """A person came because the customer pressed the button."""
    HANDOFFS.labels(Reason.ASKED_FOR_HUMAN.value).inc()
    _log.info("handoff", conversation_id=conversation_id, reason=Reason.ASKED_FOR_HUMAN.value)
