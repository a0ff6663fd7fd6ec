"""The rules inside a task: fill, correct, abandon, interrupt, resume."""

from __future__ import annotations

from collections.abc import Callable

from dialogue.actions import (
    Action,
    Answer,
    ClearSlot,
    ConfirmFlow,
    ContinueFlow,
    EndFlow,
    HandOff,
    Miss,
    Remind,
    Retry,
    Say,
    StartFlow,
)
from dialogue.flows import Act, Collect, Confirm, Flow
from dialogue.heard import MAX_FREE_TEXT
from dialogue.situation import Situation
from handoff.reason import Reason

MAX_RETRIES = 2
"""A detail that is given wrongly so many times is asked for no more."""


def chooses(situation: Situation) -> bool:
    """Whether the message names one of the choices of the task, when it may."""
    flow = situation.flow
    if flow is None:
        return False
    slots = {s.slot for s in flow.steps if isinstance(s, Collect) and s.choices is not None}
    return bool(slots & set(situation.heard.values_for(flow, situation.asked)))


def starts_another_task(situation: Situation) -> tuple[Action, ...] | None:
    """The customer wants something else done: the new task replaces the old."""
    heard = situation.heard
    flow = situation.flow_started_by(heard.intent)
    if flow is None or flow is situation.flow or not situation.is_sure or heard.is_bare:
        return None
    if chooses(situation) or (heard.corrects and not _turns_to(flow, situation)):
        return None
    return (StartFlow(flow, heard.intent),)


def _turns_to(flow: Flow, situation: Situation) -> bool:
    """不是查快递，是要退货, without a detail of either task, which would be what is corrected."""
    heard, present = situation.heard, situation.flow
    told = {} if present is None else heard.values_for(present, situation.asked)
    return heard.wishes_other and not told and not heard.values_for(flow, None)


def gives_details(situation: Situation) -> tuple[Action, ...] | None:
    """The message fills or corrects slots."""
    flow = situation.flow
    values = situation.heard.values_for(flow, situation.asked) if flow is not None else {}
    if not values:
        return None
    step = situation.step
    if isinstance(step, Collect) and situation.heard.describes(step):
        values = {step.slot: situation.heard.plain[:MAX_FREE_TEXT]} | values
    # 质量问题的话运费谁出 names a choice, but asks something.
    if set(values) == {situation.asked} and chooses(situation) and situation.heard.is_question:
        detour = digresses(situation)
        if detour is not None:
            return detour
    return (ContinueFlow(values),)


def wishes_something_else(situation: Situation) -> tuple[Action, ...] | None:
    """不是退货，是换码: the task is given up for the answer to another wish."""
    heard, flow = situation.heard, situation.flow
    step = situation.step
    if isinstance(step, Collect) and (step.free_text or step.opening is not None):
        return None
    if not (heard.wishes_other and situation.is_sure) or situation.is_small_talk(heard.intent):
        return None
    found = None if situation.flow_started_by(heard.intent) is flow else situation.answer()
    return (EndFlow(), Answer(*found)) if found is not None else None


def says_it_was_wrong(situation: Situation) -> tuple[Action, ...] | None:
    """订单号发错了, without the right one."""
    heard, step = situation.heard, situation.step
    if isinstance(step, Collect) and step.opening is not None:
        return None  # 金额不对 describes what is wrong
    if heard.corrects and not heard.is_question and len(heard.plain) <= 20:
        return (ClearSlot(),)
    return None


def abandons(situation: Situation) -> tuple[Action, ...] | None:
    """算了."""
    return (EndFlow(), Say("abandoned")) if situation.heard.abandons else None


def answers_yes_or_no(situation: Situation) -> tuple[Action, ...] | None:
    """The answer to a confirmation."""
    step = situation.step
    if not isinstance(step, Confirm):
        return None
    if situation.heard.declines:
        return (EndFlow(), Say(step.declined))
    return (ConfirmFlow(),) if situation.heard.accepts else None


def asks_for_the_same_task(situation: Situation) -> tuple[Action, ...] | None:
    """我的快递到哪了 while the order number is awaited."""
    step = situation.step
    if isinstance(step, Collect) and step.opening is not None:
        return None  # whoever describes a fault speaks of what the task is about
    started = situation.flow_started_by(situation.heard.intent)
    if situation.is_sure and started is situation.flow and not situation.heard.is_bare:
        return (Remind(),)
    return None


def says_it_in_own_words(situation: Situation) -> tuple[Action, ...] | None:
    """Free text for the slot that was asked, unless it is a question of its own."""
    heard, step = situation.heard, situation.step
    if not isinstance(step, Collect) or not step.free_text:
        return None
    if heard.is_question and not heard.describes(step):
        return None
    if len(heard.plain) < 2 or heard.accepts or not heard.has_letters:
        return None
    return (ContinueFlow({step.slot: heard.plain[:MAX_FREE_TEXT]}),)


def asks_for_time(situation: Situation) -> tuple[Action, ...] | None:
    """等一下，我找找: nobody is hurried who looks for what was asked."""
    step = situation.step
    if isinstance(step, Confirm) or not situation.heard.asks_for_time:
        return None
    return (Say("no_hurry"),)


def says_yes_to_nothing(situation: Situation) -> tuple[Action, ...] | None:
    """好的 while a detail is awaited."""
    return (Remind(),) if situation.heard.accepts else None


def digresses(situation: Situation) -> tuple[Action, ...] | None:
    """A question in between is answered, then the task's question repeated."""
    found = situation.answer()
    return (Answer(*found), Remind()) if found is not None else None


def misses_in_task(situation: Situation) -> tuple[Action, ...]:
    """The message does not help: explain once more, then fetch a person.

    A task that ends with a person anyway does so at once.
    """
    heard, position, flow = situation.heard, situation.state.flow, situation.flow
    if flow is not None and flow.end.act is Act.HAND_OVER:
        return (HandOff(flow.end.reason, flow.end.message),)
    if heard.is_bare and position is not None and position.failures < MAX_RETRIES:
        return (Retry(),)
    if heard.is_bare:
        return (HandOff(Reason.FLOW_FAILED),)
    if situation.state.misses >= 1:
        return (HandOff(Reason.REPEATED_MISS),)
    if heard.understanding.rejected:
        return (Miss("out_of_scope", Reason.OUT_OF_SCOPE), Remind())
    return (Retry(miss=True),)


TASK_ANSWERS: tuple[Callable[[Situation], tuple[Action, ...] | None], ...] = (
    starts_another_task,
    gives_details,
    wishes_something_else,
    says_it_was_wrong,
    abandons,
    answers_yes_or_no,
)
"""What carries the task on, or ends it."""

TASK_DETOURS: tuple[Callable[[Situation], tuple[Action, ...] | None], ...] = (
    asks_for_the_same_task,
    says_it_in_own_words,
    says_yes_to_nothing,
    digresses,
)
"""What comes in between."""
