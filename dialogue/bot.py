"""Bot: answers one message from a state, without storing or sending anything."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import uuid4

from dialogue.actions import Decision, HandOff, Miss
from dialogue.business import OrderSystem
from dialogue.conversation import Reply
from dialogue.customer import Customer
from dialogue.draft import Draft
from dialogue.flows import PHONE_TAIL
from dialogue.heard import Heard
from dialogue.language import language_meant, language_of
from dialogue.pack import Pack
from dialogue.performance import Performance
from dialogue.policy import decide
from dialogue.situation import Limits, Situation
from dialogue.state import DialogueState
from dialogue.turn import Turn
from dialogue.wording import Wording
from handoff.reason import Reason
from knowledge.article import Answer, Scope
from nlu.understanding import IntentScore, Mood, Understanding

logger = logging.getLogger(__name__)

_GIVES_ONLY_DETAILS = frozenset({"gives_details", "says_it_in_own_words"})
"""Rules for messages such as 0001 or 质量问题 that only answer the bot's question."""


class Understands(Protocol):
    """Turns a text into what it means."""

    def understand(self, text: str, *, now: datetime | None = None) -> Understanding:
        """Understand one message; `now` anchors relative dates."""
        ...


class FindsAnswers(Protocol):
    """Finds the passages of the knowledge base that answer a question."""

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        """Rank passages for the question, within the scope."""
        ...


def _new_id() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Conducts the talk. One instance serves every conversation; it holds no state of its own.

    `staff_language` is what summaries and tickets are written in.
    """

    understands: Understands
    knowledge: FindsAnswers
    orders: OrderSystem
    pack: Pack
    scope: Scope = field(default_factory=Scope)
    limits: Limits = field(default_factory=Limits)
    staff_language: str = "zh"
    new_id: Callable[[], str] = _new_id

    def respond(
        self, state: DialogueState, text: str, *, customer: Customer, now: datetime
    ) -> Turn:
        """Answer one message; whatever goes wrong inside, the customer gets a person."""
        language = language_of(text, previous=state.language, first=state.turns == 0)
        state = replace(state, language=language, turns=state.turns + 1)
        try:
            return self._respond(state, text, customer, now)
        except Exception:  # customers never see an error; they see a person
            logger.exception("the bot failed; the conversation goes to a person")
            return self.hand_over(state, reason=Reason.ERROR)

    def hand_over(self, state: DialogueState, *, reason: Reason = Reason.ASKED_FOR_HUMAN) -> Turn:
        """The turn that gives the conversation to a person, as the 转人工 button does."""
        draft = self._draft(state)
        draft.hand_over(reason, skill=self._skill(state))
        return Turn(
            state=draft.state,
            replies=tuple(draft.replies),
            handoff=draft.handoff,
            trace=(f"hand_over: {reason.value}",),
        )

    def told_from(self, text: str, *, now: datetime) -> float:
        """The score from which a passage is told to a customer who writes this, if the search calls
        it an answer: 0, or more for what seems to be none of our business."""
        foreign = self.limits.is_foreign(self.understands.understand(text, now=now))
        return self.limits.strong if foreign else 0.0

    def greet(self, language: str) -> tuple[Reply, ...]:
        """What is said first in a new conversation, with the hot questions as buttons."""
        words = self._words(language)
        return (Reply(words.say("greeting"), buttons=words.hot_questions),)

    def name_in(self, language: str) -> str:
        """What the bot is called in a language, as the wording says."""
        return self._words(language).bot_name

    def words_in(self, language: str) -> Mapping[str, Mapping[str, str]]:
        """What staff read for the stable names of intents, slots, choices, skills and tasks."""
        words = self._words(language)
        return {
            "intents": words.intents,
            "slots": words.slots,
            "choices": words.choices,
            "names": words.names,
        }

    def _respond(self, state: DialogueState, text: str, customer: Customer, now: datetime) -> Turn:
        understanding = self.understands.understand(text, now=now)
        language = language_meant(
            text, written_in=state.language, understood_as=understanding.language
        )
        state = replace(state, language=language)
        heard = Heard(text, understanding, self.pack.conduct.cues)
        situation = self._situation(state, heard, now)
        decision = decide(situation)
        draft = self._draft(self._remembering(state, heard))
        performance = Performance(
            draft=draft,
            heard=decision.heard,
            orders=self.orders,
            customer=customer,
            conduct=self.pack.conduct,
            flows={flow.name: flow for flow in self.pack.flows},
            run_id=self.new_id(),
            skill=self._skill(draft.state, decision.heard),
        )
        performance.perform(decision)
        return Turn(
            state=draft.state,
            replies=tuple(draft.replies),
            handoff=draft.handoff,
            tickets=tuple(draft.tickets),
            understanding=understanding,
            intent=_intent(decision),
            gap=_gap(decision),
            trace=(f"rule: {decision.rule}", *(f"action: {a}" for a in decision.actions)),
        )

    def _situation(self, state: DialogueState, heard: Heard, now: datetime) -> Situation:
        @cache
        def search(question: str) -> Answer:
            return self.knowledge.search(question, scope=self.scope, limit=5, now=now)

        return Situation(
            state=state,
            heard=heard,
            flows=self.pack.flows,
            conduct=self.pack.conduct,
            words=self._words(state.language),
            search=search,
            understand=lambda question: self.understands.understand(question, now=now),
            limits=self.limits,
        )

    def _remembering(self, state: DialogueState, heard: Heard) -> DialogueState:
        """The state with the details and the mood of this message; one-turn memories are gone."""
        slots = dict(state.slots)
        for name in self.pack.conduct.remembered:
            value = heard.entity(name)
            if value is not None and (state.flow is None or name not in slots):
                if name == "order_id" and slots.get(name, value) != value:
                    slots.pop(PHONE_TAIL, None)  # the proof was for another order
                    slots.pop("item", None)
                slots[name] = value
        mood = heard.understanding.mood
        return replace(
            state,
            slots=slots,
            mood=mood.value if mood is not Mood.CALM else state.mood,
            offer=None,
            pending_choice=(),
            pending_text="",
            question="",
        )

    def _draft(self, state: DialogueState) -> Draft:
        return Draft(
            state=state,
            words=self._words(state.language),
            staff_words=self._words(self.staff_language),
            turn_no=state.turns,
            trivial=self.pack.conduct.trivial,
        )

    def _words(self, language: str) -> Wording:
        return self.pack.wording.get(language) or next(iter(self.pack.wording.values()))

    def _skill(self, state: DialogueState, heard: Heard | None = None) -> str | None:
        """Whom the present matter suits, or else the latest one that needs somebody special."""
        intents = (*state.intents, heard.intent) if heard is not None else state.intents
        skilled = [self.pack.conduct.skills[i] for i in intents if i in self.pack.conduct.skills]
        return skilled[-1] if skilled else None


def _gap(decision: Decision) -> Reason | None:
    """Why the message got no answer that the knowledge could have given; None when it got one.

    A task that failed, anger, or a matter for a person are no gaps in what is known.
    """
    for action in decision.actions:
        if isinstance(action, Miss) or action == HandOff(Reason.REPEATED_MISS):
            return action.reason
    return Reason.ASKED_FOR_HUMAN if decision.rule == "asks_for_human" else None


def _intent(decision: Decision) -> IntentScore | None:
    """What the customer wanted; None when the message only gave a detail, or was no wish at all.

    A message that made an earlier one clear counts as both together. What the bot could deal with
    was not out of scope, whatever its words alone look like.
    """
    understanding = decision.heard.understanding
    if decision.rule in _GIVES_ONLY_DETAILS:
        return None
    fits_nothing = any(
        isinstance(action, Miss) or action == HandOff(Reason.REPEATED_MISS)
        for action in decision.actions
    )
    return understanding.intent if fits_nothing or not understanding.rejected else None
