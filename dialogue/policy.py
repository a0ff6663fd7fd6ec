"""Policy: decides what to do about one message, by ordered rules of one function each.

The first rule that has something to say wins. Rules look at the situation and change nothing;
`dialogue.bot` carries the decision out. The rules inside a task are in `dialogue.task_rules`,
those that fetch a person in `dialogue.people_rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogue.actions import (
    Action,
    Answer,
    AskProduct,
    Clarify,
    Decision,
    EndFlow,
    HandOff,
    Miss,
    Remind,
    Say,
    StartFlow,
)
from dialogue.choosing import choices_of, chosen_passage, named_choice, tied_passages
from dialogue.flows import PHONE_TAIL
from dialogue.people_rules import (
    accepts_offer,
    asks_for_human,
    complains,
    declines_offer,
    is_angry,
    is_urgent,
    needs_a_person,
)
from dialogue.situation import Situation
from dialogue.state import Choice
from dialogue.task_rules import TASK_ANSWERS, TASK_DETOURS, asks_for_time, misses_in_task
from handoff.reason import Reason
from nlu.understanding import IntentScore

Rule = Callable[[Situation], tuple[Action, ...] | None]


_LONGEST_NAME = 20
"""In characters: a message as long says more than which product is meant."""


def decide(situation: Situation) -> Decision:
    """The decision of the first rule that applies, or else that nothing fits."""
    choice = named_choice(situation)
    if choice is not None and choice.is_passage:
        return _of_passage(situation, choice)
    clearer = _chosen(situation, choice) or _about_its_product(situation)
    if clearer is not None:
        return decide(clearer)
    in_task = situation.flow is not None
    for rule in _IN_TASK if in_task else _FREE:
        actions = rule(situation)
        if actions is not None:
            return Decision(rule.__name__, actions, situation.heard)
    nothing_fits = misses_in_task if in_task else misses
    return Decision(nothing_fits.__name__, nothing_fits(situation), situation.heard)


def _of_passage(situation: Situation, choice: Choice) -> Decision:
    """The passage that was chosen; its heading as a question when there is no such passage now."""
    state = situation.state
    hits = chosen_passage(situation, choice)
    text = state.pending_text if hits else choice.label
    heard = replace(situation.heard, text=text, understanding=situation.understand(text))
    if hits:
        return Decision("tells_the_chosen", (Answer(hits, text),), heard)
    return decide(replace(situation, heard=heard, state=replace(state, pending_choice=())))


def _chosen(situation: Situation, choice: Choice | None) -> Situation | None:
    """The situation as if the customer had said clearly what a choice now makes clear."""
    if choice is None:
        return None
    understanding = replace(
        situation.heard.understanding,
        intent=IntentScore(choice.intent, 1.0),
        ranking=(IntentScore(choice.intent, 1.0),),
        in_scope=1.0,
    )
    heard = replace(situation.heard, text=situation.state.pending_text, understanding=understanding)
    return replace(situation, heard=heard, state=replace(situation.state, pending_choice=()))


def _about_its_product(situation: Situation) -> Situation | None:
    """The situation as if 多少钱 and the product, told before or after it, were one message."""
    state, heard = situation.state, situation.heard
    if situation.flow is not None:
        return None
    named, known = heard.entity("product"), state.slots.get("product")
    if state.question and named is not None and len(heard.plain) <= _LONGEST_NAME:
        text = f"{heard.plain} {state.question}"
    elif known is not None and situation.lacks_product:
        text = f"{known} {heard.plain}"
    else:
        return None
    heard = replace(heard, text=text, understanding=situation.understand(text))
    return replace(situation, heard=heard, state=replace(state, question=""))


def explains(situation: Situation) -> tuple[Action, ...] | None:
    """什么是订单号: what is asked for is explained, and asked for again."""
    flow, heard = situation.flow, situation.heard
    if heard.entity("order_id") is not None or heard.phone_tail(awaited=True) is not None:
        return None
    for explanation in situation.conduct.explanations:
        awaited = situation.asked == explanation.slot
        if explanation.asked.search(heard.plain) or (
            awaited and explanation.asked_shortly.search(heard.plain)
        ):
            said = Say(explanation.message)
            return (said,) if flow is None or awaited else (said, Remind())
    return None


def nods(situation: Situation) -> tuple[Action, ...] | None:
    """哦 and 嗯 ask for nothing and answer nothing."""
    if not situation.heard.nods:
        return None
    return (Say("anything_else"),) if situation.flow is None else (Remind(),)


def small_talk(situation: Situation) -> tuple[Action, ...] | None:
    """Greetings and thanks need no article."""
    key = situation.conduct.small_talk.get(situation.heard.intent)
    if key is None or not situation.is_sure:
        return None
    if situation.flow is None:
        return (Say(key),)
    if situation.heard.intent == "goodbye":
        return (EndFlow(), Say(key))
    return (Say(key), Remind())


def gives_up_nothing(situation: Situation) -> tuple[Action, ...] | None:
    """算了 without a task in progress."""
    return (Say("fine"),) if situation.heard.abandons else None


def gives_up_the_order(situation: Situation) -> tuple[Action, ...] | None:
    """取消吧 after an order was shown is about that order: how to cancel is told."""
    heard, state = situation.heard, situation.state
    if not heard.abandons or not situation.is_sure or heard.intent != "cancel_order":
        return None
    if state.slots.get("order_id") not in state.verified_orders:
        return None
    hits = situation.article_of(heard.intent)
    return (Answer(hits, heard.text),) if hits else None


def repeats_proof(situation: Situation) -> tuple[Action, ...] | None:
    """The digits that proved an order, once more."""
    if not situation.heard.is_bare or not situation.repeats_proof:
        return None
    return (Say("already_proved"),) if situation.flow is None else (Remind(),)


def names_an_order(situation: Situation) -> tuple[Action, ...] | None:
    """An order number or a phone number out of nowhere."""
    heard = situation.heard
    if not heard.is_bare and situation.is_sure:
        return None
    for flow in situation.flows:
        if flow.starts_on_slot is None:
            continue
        values = heard.values_for(flow, None)
        if flow.starts_on_slot in values or (heard.is_bare and PHONE_TAIL in values):
            return (StartFlow(flow, flow.starts_on[0]),)
    return None


def asks_about_the_same_order(situation: Situation) -> tuple[Action, ...] | None:
    """那什么时候到: the order that was just proved is meant, not delivery times in general."""
    flow = situation.flow_asked_again()
    if flow is None:
        return None
    intent = situation.heard.intent
    return (StartFlow(flow, intent if intent in flow.starts_on else flow.starts_on[0]),)


def asks_which_product(situation: Situation) -> tuple[Action, ...] | None:
    """多少钱, of nothing that was named."""
    if not situation.lacks_product:
        return None
    return (AskProduct(situation.conduct.product_questions.message),)


def starts_the_task_of_both(situation: Situation) -> tuple[Action, ...] | None:
    """Two readings are about as likely, and one task serves both: nothing to ask."""
    choices = situation.close_choices()
    first = situation.flow_started_by(choices[0].intent) if choices else None
    if first is None or any(situation.flow_started_by(c.intent) is not first for c in choices):
        return None
    return (StartFlow(first, choices[0].intent),)


def unclear_between_two(situation: Situation) -> tuple[Action, ...] | None:
    """Two readings are about as likely: ask, unless an article answers either way."""
    choices = situation.close_choices()
    if not choices or situation.state.pending_choice:
        return None
    leads_to_task = any(situation.flow_started_by(c.intent) for c in choices)
    if not leads_to_task and situation.found().answerable:
        return None
    return (Clarify(choices),)


def starts_a_task(situation: Situation) -> tuple[Action, ...] | None:
    """The customer wants something done."""
    flow = situation.flow_started_by(situation.heard.intent)
    if flow is None or not situation.is_sure:
        return None
    return (StartFlow(flow, situation.heard.intent),)


def unclear_between_passages(situation: Situation) -> tuple[Action, ...] | None:
    """Several passages may be meant (防水吗, of two products): ask which, and never twice."""
    tied = tied_passages(situation)
    if not tied:
        return None
    choices = choices_of(tied)
    if len(tied) == 1 or choices == situation.state.pending_choice:
        return (Answer(tied[:1], situation.heard.text),)
    return (Clarify(choices),)


def answers(situation: Situation) -> tuple[Action, ...] | None:
    """The knowledge base has it."""
    found = situation.answer()
    return (Answer(*found),) if found is not None else None


def yes_or_no_to_nothing(situation: Situation) -> tuple[Action, ...] | None:
    """好的 or 不用了 when nothing was asked, or when a clearer question was."""
    if situation.heard.accepts:
        return (Say("anything_else" if situation.state.offer is None else "go_on"),)
    return (Say("fine"),) if situation.heard.declines else None


def misses(situation: Situation) -> tuple[Action, ...]:
    """Nothing fits. The second time in a row a person takes over."""
    if situation.state.misses >= 1:
        return (HandOff(Reason.REPEATED_MISS),)
    near = situation.found().hits[:3]
    if situation.heard.understanding.rejected:
        return (Miss("out_of_scope", Reason.OUT_OF_SCOPE),)
    if situation.is_sure:
        return (Miss("knowledge_gap", Reason.KNOWLEDGE_GAP, near),)
    return (Miss("rephrase", Reason.LOW_CONFIDENCE, near),)


_ALWAYS: tuple[Rule, ...] = (
    asks_for_human,
    is_urgent,
    complains,
    is_angry,
    accepts_offer,
    declines_offer,
    explains,
    repeats_proof,
    asks_for_time,
)
_FREE: tuple[Rule, ...] = (
    *_ALWAYS,
    nods,
    small_talk,
    gives_up_the_order,
    gives_up_nothing,
    names_an_order,
    asks_about_the_same_order,
    asks_which_product,
    starts_the_task_of_both,
    unclear_between_two,
    needs_a_person,
    starts_a_task,
    unclear_between_passages,
    answers,
    yes_or_no_to_nothing,
)
_IN_TASK: tuple[Rule, ...] = (
    *_ALWAYS,
    *TASK_ANSWERS,
    nods,
    small_talk,
    *TASK_DETOURS,
    needs_a_person,
)
