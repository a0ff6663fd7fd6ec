"""Performance: carries a decision of the policy out, action by action, on a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogue.actions import (
    Action,
    Answer,
    AskProduct,
    Clarify,
    ClearSlot,
    ConfirmFlow,
    ContinueFlow,
    Decision,
    EndFlow,
    HandOff,
    InFlow,
    Miss,
    Remind,
    Retry,
    Say,
    StartFlow,
)
from dialogue.business import OrderSystem
from dialogue.conduct import Conduct
from dialogue.conversation import Button
from dialogue.customer import Customer
from dialogue.draft import Draft
from dialogue.flows import Flow
from dialogue.heard import Heard
from dialogue.language import is_written_in
from dialogue.tasks import Run, advance, carry_on, clear_last, forget_unproved, remind, retry, start
from handoff.reason import Reason
from knowledge.article import Hit
from nlu.understanding import Mood

_SAYS_NOTHING_NEW = frozenset(
    {
        "gives_details", "says_it_was_wrong", "answers_yes_or_no", "says_it_in_own_words",
        "accepts_offer", "declines_offer", "yes_or_no_to_nothing", "names_an_order", "small_talk",
        "gives_up_nothing", "abandons", "unclear_between_two",
        "unclear_between_passages", "misses", "misses_in_task",
        "nods", "asks_for_time", "explains", "repeats_proof", "says_yes_to_nothing",
    }
)  # fmt: skip
"""Rules whose messages have no intent worth remembering for the person who may take over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One decision being carried out for one message."""

    draft: Draft
    heard: Heard
    flows: Mapping[str, Flow]
    orders: OrderSystem
    customer: Customer
    conduct: Conduct
    run_id: str
    skill: str | None

    def perform(self, decision: Decision) -> None:
        """Do everything that was decided; the draft holds the outcome."""
        if not any(isinstance(action, Miss | Retry | Remind) for action in decision.actions):
            self.draft.change(misses=0)
        self._note_intent(decision)
        self._show_empathy(decision)
        for action in decision.actions:
            self._act(action)

    def _act(self, action: Action) -> None:
        match action:
            case Say(key, values):
                self.draft.say(key, values)
            case Answer(hits, topic):
                self._answer(hits, topic)
            case AskProduct(key):
                self.draft.say(key)
                self.draft.change(question=self.heard.text)
            case Clarify():
                self._clarify(action)
            case Miss():
                self._miss(action)
            case HandOff(reason, key):
                self.draft.hand_over(reason, skill=self.skill, key=key)
            case StartFlow(flow, intent):
                values = self.heard.opens(flow)
                product = self.heard.entity("product")
                start(
                    self._run(flow),
                    intent=intent,
                    run_id=self.run_id,
                    values=values,
                    product=product,
                )
            case _:
                self._go_on(action)

    def _go_on(self, action: InFlow) -> None:
        run = self._run(self.flows[self.draft.position.flow])
        match action:
            case EndFlow():
                forget_unproved(self.draft)
                self.draft.in_flow(None)
            case ContinueFlow(values):
                carry_on(run, values)
            case ConfirmFlow():
                run.confirmed = True
                advance(run)
            case ClearSlot():
                clear_last(run, order_meant=self.heard.names_order)
            case Remind():
                remind(run)
            case _:
                retry(run, miss=action.miss)

    def _run(self, flow: Flow) -> Run:
        position = self.draft.state.flow
        begun_with = position.intent if position is not None else None
        return Run(
            flow=flow,
            draft=self.draft,
            orders=self.orders,
            customer=self.customer,
            delivery_trouble=self.conduct.cues.delivery_trouble,
            skill=self.conduct.skills.get(begun_with or "", self.skill),
        )

    def _answer(self, hits: tuple[Hit, ...], topic: str) -> None:
        if not is_written_in(hits[0].passage, self.draft.state.language):
            self.draft.say("other_language_only")
        self.draft.answer(hits, topic=topic)

    def _clarify(self, action: Clarify) -> None:
        buttons = tuple(Button(choice.label, choice.label) for choice in action.choices)
        self.draft.say("clarify", buttons=buttons)
        self.draft.change(pending_choice=action.choices, pending_text=self.heard.text)

    def _miss(self, action: Miss) -> None:
        language = self.draft.state.language
        near = [hit for hit in action.near if is_written_in(hit.passage, language)]
        labels = dict.fromkeys(f"{hit.title} · {hit.heading}" for hit in near)
        buttons = tuple(Button(label, label) for label in labels)
        if not buttons and action.reason is Reason.LOW_CONFIDENCE:
            buttons = self.draft.words.hot_questions[:-1]  # the last is 转人工, which is offered
        self.draft.say(action.key)
        if buttons:
            self.draft.say("near_questions", buttons=buttons)
        self.draft.change(misses=self.draft.state.misses + 1)
        self.draft.offer_human(action.reason)

    def _note_intent(self, decision: Decision) -> None:
        intent = self.heard.intent
        if decision.rule in _SAYS_NOTHING_NEW or self.heard.understanding.rejected:
            return
        intents = tuple(i for i in self.draft.state.intents if i != intent)
        self.draft.change(intents=(*intents, intent), last_intent=intent)

    def _show_empathy(self, decision: Decision) -> None:
        """One warm sentence when the customer turns unhappy; a hand-off has its own."""
        unhappy = self.heard.understanding.mood is Mood.UNHAPPY
        begins = any(isinstance(action, StartFlow | Answer) for action in decision.actions)
        if unhappy and begins and not self.draft.state.comforted:
            self.draft.say("empathy")
            self.draft.change(comforted=True)
