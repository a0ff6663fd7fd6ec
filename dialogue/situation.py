"""Situation: everything a rule may look at when it decides about one message."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from dialogue.conduct import Conduct
from dialogue.flows import PHONE_TAIL, Flow, Step
from dialogue.heard import Heard
from dialogue.language import is_written_in
from dialogue.proof import MIN_DIGITS
from dialogue.state import Choice, DialogueState
from dialogue.wording import Wording
from knowledge.article import Answer, Hit
from nlu.understanding import Understanding

_LONGEST_ELLIPSIS = 20
_OTHER_MATTERS = ("product", "region")
"""Entities of a question that is not about the order in hand: 寄到北京什么时候能到."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When the bot trusts itself; probabilities in [0, 1].

    An intent is `sure` from `sure` on. Two intents are close when the second has at least
    `close_ratio` of the first's probability and both at least `plausible`.
    A message that is rejected below `in_scope` is answered only by a passage with `strong`.
    A passage in the customer's language is preferred from `same_language` of the best score on.
    An article is told from `article` on, the sum of its passages' scores; a second passage from
    `near` of the first's score on. Passages are tied with the first up to a distance of `tie`
    in what ranks them (odds of e^1.5, 4.5 to 1). `pointed_to` is the least sum of an article that
    only the intent makes likely; a `certain` intent needs none when all hits are `weak`.
    """

    sure: float = 0.5
    plausible: float = 0.15
    close_ratio: float = 0.4
    in_scope: float = 0.35
    strong: float = 0.8
    same_language: float = 0.7
    article: float = 0.5
    near: float = 0.8
    tie: float = 1.5
    pointed_to: float = 0.08
    certain: float = 0.9
    weak: float = 0.25

    def is_foreign(self, understanding: Understanding) -> bool:
        """Whether a message seems to be none of our business."""
        return understanding.rejected and understanding.in_scope < self.in_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One message and what surrounds it. `search` looks into the knowledge base, cached."""

    state: DialogueState
    heard: Heard
    flows: tuple[Flow, ...]
    conduct: Conduct
    words: Wording
    search: Callable[[str], Answer]
    understand: Callable[[str], Understanding]
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
    def step(self) -> Step | None:
        """The step whose question the task in progress asked last."""
        return self.flow.asking(self.asked) if self.flow is not None else None

    @property
    def is_sure(self) -> bool:
        """Whether the intent can be acted on: sure enough for the pack, and for this intent."""
        understanding = self.heard.understanding
        enough = max(self.limits.sure, understanding.sure_from)
        return not understanding.rejected and understanding.intent.confidence >= enough

    @property
    def is_foreign(self) -> bool:
        """Whether this seems to be none of our business."""
        return self.limits.is_foreign(self.heard.understanding)

    def is_likely(self, intents: Collection[str]) -> bool:
        """Whether one of these intents is meant, whichever it is."""
        understanding = self.heard.understanding
        likely = sum(s.confidence for s in understanding.ranking if s.name in intents)
        return not understanding.rejected and likely >= self.limits.sure

    def flow_started_by(self, intent: str) -> Flow | None:
        """The task that this intent starts, if the message is about the customer's own case."""
        for flow in self.flows:
            if intent in flow.starts_on:
                return flow
            if intent in flow.starts_unless_general:
                general = self.heard.cues.general.search(self.heard.plain)
                return None if general else flow
        return None

    def flow_asked_again(self) -> Flow | None:
        """The task whose proved order this message asks about again, without saying so."""
        heard, state = self.heard, self.state
        if state.slots.get("order_id") not in state.verified_orders or heard.is_bare:
            return None
        if heard.understanding.rejected or any(heard.entity(e) for e in _OTHER_MATTERS):
            return None
        return next((flow for flow in self.flows if self._asks_again(flow)), None)

    def _asks_again(self, flow: Flow) -> bool:
        heard = self.heard
        if flow.again_when is not None and flow.again_when.search(heard.plain):
            return True
        follows = heard.cues.follow_up.search(heard.plain)
        if not flow.again_on or (heard.cues.general.search(heard.plain) and not follows):
            return False
        about = {*flow.starts_on, *flow.again_on}
        likely = sum(s.confidence for s in heard.understanding.ranking if s.name in about)
        return likely >= self.limits.sure

    @property
    def repeats_proof(self) -> bool:
        """Whether the digits in this message are those that proved the order in hand."""
        state = self.state
        known, said = state.slots.get(PHONE_TAIL), self.heard.phone_tail(awaited=True)
        if known is None or said is None or self.heard.entity("order_id") is not None:
            return False
        if state.slots.get("order_id") not in state.verified_orders:
            return False
        return said[-MIN_DIGITS:] == known[-MIN_DIGITS:]

    @property
    def lacks_product(self) -> bool:
        """Whether this asks about a product (多少钱) without naming one."""
        questions, heard = self.conduct.product_questions, self.heard
        asked = self.is_sure and heard.intent in questions.intents
        return asked and bool(questions.bare.search(heard.plain)) and not heard.entity("product")

    def close_choices(self) -> tuple[Choice, ...]:
        """The two likeliest intents when they are about as likely, with their titles."""
        if self.heard.understanding.rejected:
            return ()
        first_two = self.heard.understanding.ranking[:2]
        if len(first_two) < 2 or any(score.name not in self.words.intents for score in first_two):
            return ()
        first, second = first_two
        enough = max(self.limits.plausible, first.confidence * self.limits.close_ratio)
        if second.confidence < enough or self.is_small_talk(first.name, second.name):
            return ()
        return tuple(Choice(score.name, self.words.intents[score.name]) for score in first_two)

    def is_small_talk(self, *intents: str) -> bool:
        """Whether one of the intents is nothing to be asked about."""
        talk = {*self.conduct.small_talk, "affirm", "deny", "request_human"}
        return any(intent in talk for intent in intents)

    def found(self) -> Answer:
        """What the knowledge base has for this message alone."""
        return self.search(self.heard.text)

    def answer(self) -> tuple[tuple[Hit, ...], str] | None:
        """The passages to say and the question they answer, or None when there are none.

        An ellipsis (那运费呢) is looked up together with what was talked about before. What the
        knowledge base alone is not sure of may still be told when the intent points to the same
        article.
        """
        if self.heard.is_bare:
            return None
        answered = self.ellipsis()
        if answered is not None:
            return answered
        hits = self._told_by(self.found()) or self._pointed_to_by_intent()
        if not hits or (self.is_foreign and hits[0].score < self.limits.strong):
            return None
        return hits, self.heard.text

    def ellipsis(self) -> tuple[tuple[Hit, ...], str] | None:
        """What answers 那运费呢 together with what was talked about, and that question."""
        heard, topic = self.heard, self.state.topic
        if not topic or len(heard.plain) > _LONGEST_ELLIPSIS:
            return None
        if not heard.cues.follow_up.search(heard.plain):
            return None
        question = f"{topic} {heard.plain}"
        meant = self.understand(question)
        if meant.rejected or meant.intent.confidence < self.limits.sure:
            return None
        # The intent of both together names the matter: 退货流程 + 那运费呢 is 退货运费谁出.
        named = self.words.questions.get(meant.intent.name, question)
        changed = meant.intent.name != self.state.last_intent
        for wanted in dict.fromkeys((named, question) if changed else (question,)):
            hits = self._told_by(self.search(wanted))
            if hits and not self._was_just_shown(hits[0]):
                return self._as_asked(hits, question), question
        return None

    def _as_asked(self, hits: tuple[Hit, ...], question: str) -> tuple[Hit, ...]:
        """Hits of a plainer question in the form that fits what was asked: with its rows."""
        own = {(hit.article_id, hit.heading_path): hit for hit in self.search(question).hits}
        asked = [own.get((hit.article_id, hit.heading_path), hit) for hit in hits]
        return tuple(
            replace(hit, rows=as_asked.rows, short=as_asked.short)
            for hit, as_asked in zip(hits, asked, strict=True)
        )

    def _was_just_shown(self, hit: Hit) -> bool:
        shown = self.state.articles[-1:]
        return bool(shown) and (shown[0].article_id, shown[0].heading) == (
            hit.article_id,
            hit.heading,
        )

    def _told_by(self, found: Answer) -> tuple[Hit, ...]:
        """The passages good enough to be said: the best, with a near second of its article.

        Two passages of one article share its probability, so that neither may be answerable
        although the article surely is.
        """
        if not found.hits:
            return ()
        best = self._readable(found.hits)
        same = [hit for hit in found.hits if hit.article_id == best.article_id]
        enough = self.is_sure and sum(hit.score for hit in same) >= self.limits.article
        if not found.answerable and not enough:
            return ()
        return tuple(hit for hit in same[:2] if hit.score >= best.score * self.limits.near)

    def _pointed_to_by_intent(self) -> tuple[Hit, ...]:
        """The passages of the article that the intent names, if the message alone found it too."""
        if not self.is_sure:
            return ()
        named = self.article_of(self.heard.intent)
        if not named:
            return ()
        own = [hit for hit in self.found().hits if hit.article_id == named[0].article_id]
        if sum(hit.score for hit in own) < self.limits.pointed_to and not self._is_certain():
            return ()
        both: dict[str, float] = {}
        for hit in (*own, *named):
            both[hit.heading] = both.get(hit.heading, 0.0) + hit.score
        return (max((*own, *named), key=lambda hit: both[hit.heading]),)

    def article_of(self, intent: str) -> tuple[Hit, ...]:
        """The passages that answer the plain question of an intent, whatever was said."""
        question = self.words.questions.get(intent)
        return self._told_by(self.search(question)) if question is not None else ()

    def _is_certain(self) -> bool:
        """Whether the intent alone says which article it is, as nothing else was found."""
        understanding, hits = self.heard.understanding, self.found().hits
        sure = min(understanding.intent.confidence, understanding.in_scope)
        return sure >= self.limits.certain and (not hits or hits[0].score < self.limits.weak)

    def _readable(self, hits: tuple[Hit, ...]) -> Hit:
        """The best hit, or one nearly as good that is written in the customer's language."""
        enough = hits[0].score * self.limits.same_language
        mine = (hit for hit in hits if is_written_in(hit.passage, self.state.language))
        return next((hit for hit in mine if hit.score >= enough), hits[0])
