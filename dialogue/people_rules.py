"""The rules that fetch a person: asked for, offered, urgent, angry, or nothing for a machine."""

from __future__ import annotations

from dialogue.actions import Action, HandOff, Remind, Say, StartFlow
from dialogue.situation import Situation
from dialogue.task_rules import chooses
from handoff.reason import Reason

_OFFERED_IN_A_QUESTION = frozenset({Reason.FLOW_FAILED, Reason.KNOWLEDGE_GAP})
"""After these 嗯 means yes, get me a person; after the others it is only a sound."""


def asks_for_human(situation: Situation) -> tuple[Action, ...] | None:
    """转人工 works at any moment."""
    heard = situation.heard
    meant = situation.is_sure and heard.intent == "request_human" and not heard.declines
    if heard.asks_for_human or meant:
        return (HandOff(Reason.ASKED_FOR_HUMAN),)
    return None


def accepts_offer(situation: Situation) -> tuple[Action, ...] | None:
    """好的 after a person was offered in words, rather than by the button alone."""
    offer, heard = situation.state.offer, situation.heard
    if offer is None or not heard.accepts or offer == Reason.LOW_CONFIDENCE:
        return None
    if heard.nods and offer not in _OFFERED_IN_A_QUESTION:
        return None
    return (HandOff(Reason(offer), "handoff_asked_for_human"),)


def declines_offer(situation: Situation) -> tuple[Action, ...] | None:
    """不用 after a person was offered."""
    state, heard = situation.state, situation.heard
    if state.offer is None or not heard.declines or len(heard.plain) > 12:
        return None
    return (Say("offer_declined"), Remind()) if situation.flow else (Say("offer_declined"),)


def is_urgent(situation: Situation) -> tuple[Action, ...] | None:
    """What cannot wait, such as fraud, goes to a person at once, or into the task that leads there.

    Several urgent readings count together: whichever it is, there is nothing to ask first.
    """
    heard, urgent = situation.heard, situation.conduct.urgent
    hurried = [flow for flow in situation.flows if flow.end.reason is Reason.URGENT]
    about = {*urgent, *(intent for flow in hurried for intent in flow.starts_on)}
    if heard.intent not in about or not situation.is_likely(about) or chooses(situation):
        return None
    if heard.intent in urgent:
        return (HandOff(Reason.URGENT, urgent[heard.intent]),)
    flow = situation.flow_started_by(heard.intent)
    if flow is None or flow is situation.flow:
        return None
    return (StartFlow(flow, heard.intent),)


def needs_a_person(situation: Situation) -> tuple[Action, ...] | None:
    """What only a person can do."""
    key = situation.conduct.needs_person.get(situation.heard.intent)
    if key is None or not situation.is_sure:
        return None
    return (HandOff(Reason.NEEDS_PERSON, key),)


def complains(situation: Situation) -> tuple[Action, ...] | None:
    """A complaint goes to a person, unless it is the reason that a task has just asked for."""
    key = situation.conduct.complaints.get(situation.heard.intent)
    if key is None or not situation.is_sure or chooses(situation):
        return None
    return (HandOff(Reason.COMPLAINT, key),)


def is_angry(situation: Situation) -> tuple[Action, ...] | None:
    """Strong anger goes to a person."""
    return (HandOff(Reason.NEGATIVE_EMOTION),) if situation.heard.angry else None
