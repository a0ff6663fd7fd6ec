"""Situation: everything a rule may look at when it decides about one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dialogue.conduct import Conduct
from dialogue.flows import Flow
from dialogue.heard import Heard
from dialogue.language import is_written_in
from dialogue.state import Choice, DialogueState
from knowledge.article import Answer, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When the bot trusts itself; probabilities in [0, 1].

    An intent is `sure` from `sure` on. Two intents are close when the second has at least
    `close_ratio` of the first's probability and both at least `plausible`.
    A passage in the customer's language is preferred from `same_language` of the best score on.
    """

    sure: float = 0.5
    plausible: float = 0.2
    close_ratio: float = 0.6
    in_scope: float = 0.35
    same_language: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One message and what surrounds it. `search` looks into the knowledge base, cached."""

    state: DialogueState
    heard: Heard
    flows: tuple[Flow, ...]
    conduct: Conduct
    titles: Mapping[str, str]
    search: Callable[[str], Answer]
    limits: Limits

    @property
    def flow(self) -> Flow | None:
        """The task in progress."""
        position = self.state.flow
        if position is None:
            return None
        return next((flow for flow in self.flows if flow.name == position.flow), None)

    @property
    def asked(self) -> str | None:
        """What the task in progress asked last."""
        return self.state.flow.asked if self.state.flow is not None else None

    @property
    def is_sure(self) -> bool:
        """Whether the intent can be acted on."""
        understanding = self.heard.understanding
        return not understanding.rejected and understanding.intent.confidence >= self.limits.sure

    def flow_started_by(self, intent: str) -> Flow | None:
        """The task that this intent starts, if the message is about the customer's own case."""
        for flow in self.flows:
            if intent in flow.starts_on:
                return flow
            if intent in flow.starts_unless_general:
                general = self.heard.cues.general.search(self.heard.plain)
                return None if general else flow
        return None

    def close_choices(self) -> tuple[Choice, ...]:
        """The two likeliest intents when they are about as likely, with their titles."""
        if self.heard.understanding.rejected:
            return ()
        first_two = self.heard.understanding.ranking[:2]
        if len(first_two) < 2 or any(score.name not in self.titles for score in first_two):
            return ()
        first, second = first_two
        enough = max(self.limits.plausible, first.confidence * self.limits.close_ratio)
        if second.confidence < enough or self.is_small_talk(first.name, second.name):
            return ()
        return tuple(Choice(score.name, self.titles[score.name]) for score in first_two)

    def is_small_talk(self, *intents: str) -> bool:
        """Whether one of the intents is nothing to be asked about."""
        talk = {*self.conduct.small_talk, "affirm", "deny", "request_human"}
        return any(intent in talk for intent in intents)

    def found(self) -> Answer:
        """What the knowledge base has for this message alone."""
        return self.search(self.heard.text)

    def answer(self) -> tuple[Hit, str] | None:
        """The passage to say and the question it answers, or None when there is none.

        An ellipsis (那运费呢) is looked up together with what was talked about before.
        """
        heard = self.heard
        if heard.is_bare:
            return None
        if self.state.topic and len(heard.plain) <= 20 and heard.cues.follow_up.search(heard.plain):
            question = f"{self.state.topic} {heard.plain}"
            hit = self._best(self.search(question))
            if hit is not None:
                return hit, question
        found = self.found()
        if heard.understanding.rejected and heard.understanding.in_scope < self.limits.in_scope:
            return None
        hit = self._best(found)
        return (hit, heard.text) if hit is not None else None

    def _best(self, found: Answer) -> Hit | None:
        if not found.answerable or not found.hits:
            return None
        best = found.hits[0]
        enough = best.score * self.limits.same_language
        mine = (h for h in found.hits if is_written_in(h.passage, self.state.language))
        return next((hit for hit in mine if hit.score >= enough), best)
