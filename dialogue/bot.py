"""Bot: answers one message from a state, without storing or sending anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogue.business import OrderSystem
from dialogue.conversation import Reply
from dialogue.customer import Customer
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.reason import Reason
from knowledge.article import Answer, Scope
from nlu.understanding import Understanding


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


@dataclass(frozen=True, kw_only=True)
class Bot:
    """Conducts the talk. One instance serves every conversation; it holds no state of its own."""

    understands: Understands
    knowledge: FindsAnswers
    orders: OrderSystem

    def respond(
        self, state: DialogueState, text: str, *, customer: Customer, now: datetime
    ) -> Turn:
        """Answer one message; whatever goes wrong inside, the customer gets a person."""
        raise NotImplementedError

    def hand_over(self, state: DialogueState, *, reason: Reason = Reason.ASKED_FOR_HUMAN) -> Turn:
        """The turn that gives the conversation to a person, as the 转人工 button does."""
        return Turn(state=state, handoff=HandoffRequest(reason))

    def greet(self, language: str) -> tuple[Reply, ...]:
        """What is said first in a new conversation, with the hot questions as buttons."""
        raise NotImplementedError
