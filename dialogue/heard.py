"""Heard: one message as the policy sees it: its text, what it means, and the cues in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dialogue.conduct import Cues, trimmed
from dialogue.flows import CONFIRM, PHONE_TAIL, Collect, Flow, Prove, Step
from dialogue.withdrawn import holding
from nlu.understanding import Mood, Understanding

MAX_FREE_TEXT = 200
"""So many characters of what a customer says in his own words fit into a slot."""

_SURE = 0.6
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_TAIL = re.compile(r"(?<!\d)(\d{4})(?!\d)(?!\s*[年元块度])")
_ONLY_TAIL = re.compile(r"^\d{4}$")
_DIGITS = re.compile(r"[A-Za-z]{0,4}\d[\dA-Za-z-]*")
_UNIT = re.compile(r"[a-z0-9'’]+|[\u4e00-\u9fff]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_SPOKEN_TAIL = re.compile(r"^[零〇一二三四五六七八九幺]{4}$")


@dataclass(frozen=True, slots=True)
class Heard:
    """A message and what it means. `text` is as typed."""

    text: str
    understanding: Understanding
    cues: Cues

    @property
    def plain(self) -> str:
        """The text as cues see it."""
        return trimmed(self.text)

    @property
    def intent(self) -> str:
        """The decided intent, or `out_of_scope`."""
        return self.understanding.intent.name

    @property
    def is_bare(self) -> bool:
        """Whether this is hardly more than a number, so that no intent can be read from it."""
        rest, numbers = _DIGITS.subn("", self.plain)
        return numbers > 0 and len(_LETTER.findall(rest)) < 4

    @property
    def has_letters(self) -> bool:
        """Whether there is a word in this at all."""
        return _LETTER.search(self.plain) is not None

    @property
    def angry(self) -> bool:
        """Whether the customer is strongly angry."""
        return self.understanding.mood is Mood.ANGRY

    @property
    def asks_for_human(self) -> bool:
        """Whether a person is asked for in so many words."""
        return bool(self.cues.human.search(self.plain))

    @property
    def abandons(self) -> bool:
        """Whether the customer gives up what was begun."""
        return bool(self.cues.abandon.search(self.plain))

    @property
    def accepts(self) -> bool:
        """Whether this is a yes."""
        if self.cues.accept.search(self.plain):
            return True
        return self._surely("affirm") and not (self.nods or self.cues.decline.search(self.plain))

    @property
    def declines(self) -> bool:
        """Whether this is a no."""
        if self.cues.decline.search(self.plain):
            return True
        return self._surely("deny") and not self.cues.accept.search(self.plain)

    @property
    def nods(self) -> bool:
        """Whether this only shows that the customer listens (哦, 嗯, 知道了)."""
        return bool(self.cues.nod.search(self.plain))

    @property
    def asks_for_time(self) -> bool:
        """Whether the customer will be back in a moment (等一下, 我找找)."""
        return bool(self.cues.wait.search(self.plain))

    @property
    def corrects(self) -> bool:
        """Whether something said before is being replaced."""
        return bool(self.cues.correction.search(self.plain))

    @property
    def wishes_other(self) -> bool:
        """Whether one thing is not wanted but another is: 不是退货，是换码.

        不是我的号，是我妈的 speaks of a detail.
        """
        detail = self.names_order or self.cues.proof.search(self.plain)
        return not detail and bool(self.cues.other_wish.search(self.plain))

    @property
    def names_order(self) -> bool:
        """Whether the order number is spoken of."""
        return bool(self.cues.order.search(self.plain))

    @property
    def is_question(self) -> bool:
        """Whether this asks something rather than tells it."""
        return bool(self.cues.question.search(self.plain))

    def _surely(self, intent: str) -> bool:
        return self.intent == intent and self.understanding.intent.confidence >= _SURE

    def entity(self, name: str) -> str | None:
        """The value of an entity that holds: of 不是A是B it is B."""
        found = [entity for entity in self.understanding.entities if entity.name == name]
        held = holding(self.text, [(entity.start, entity.end) for entity in found], self.cues)
        return found[held[-1]].value if held else None

    def values_for(self, flow: Flow, asked: str | None) -> dict[str, str]:
        """The values of the flow's slots that this message gives.

        Free text counts only for the slot that was asked; that decision is the policy's.
        """
        values: dict[str, str] = {}
        for step in flow.steps:
            if isinstance(step, Collect):
                value = self._collected(step, asked)
                if value is not None:
                    values[step.slot] = value
            elif isinstance(step, Prove):
                awaited = asked == PHONE_TAIL or step.slot in values
                # No order number has four digits: this is the other thing that is needed.
                early = asked == step.slot and _ONLY_TAIL.match(self.plain) is not None
                tail = self.phone_tail(awaited=awaited or early)
                if tail is not None:
                    values[PHONE_TAIL] = tail
        return values

    def _collected(self, step: Collect, asked: str | None) -> str | None:
        given = self._given(step, asked)
        if given is not None:
            return given[-step.last :] if step.last is not None else given
        if step.choices is None or not self._may_choose(step, asked):
            return None
        if asked == step.slot:
            position = self.cues.ordinal(self.plain)
            if position is not None and position < len(step.choices):
                return list(step.choices)[position]
        chosen = self._chosen(step.choices)
        if chosen is not None:
            return chosen
        meant = step.meant.get(self.intent) if asked == step.slot else None
        return meant if self._surely(self.intent) else None

    def _chosen(self, choices: Mapping[str, re.Pattern[str]]) -> str | None:
        """The first of the choices that is named and holds; in a correction the last said."""
        found = [
            (match.span(), name)
            for name, cue in choices.items()
            if (match := cue.search(self.plain)) is not None
        ]
        if not found:
            return None
        held = holding(self.plain, [span for span, _ in found], self.cues)
        if not held:
            return found[0][1]  # 尺码搞错了 is a reason and no slip of the fingers
        return found[held[-1] if self.corrects else min(held)][1]

    def _given(self, step: Collect, asked: str | None) -> str | None:
        """What an entity or a pattern of the step finds in this message."""
        for entity in step.entities:
            value = self.entity(entity)
            if value is not None:
                return value
        for cue in (step.matches, step.when_asked if asked == step.slot else None):
            match = self._match(cue) if cue is not None else None
            if match is not None:
                return next((group for group in match.groups() if group), match.group()).strip()
        return None

    def _match(self, cue: re.Pattern[str]) -> re.Match[str] | None:
        """The first that holds of what a pattern finds; in a correction the last."""
        found = list(cue.finditer(self.plain))
        held = holding(self.plain, [match.span() for match in found], self.cues)
        if not held:
            return None
        return found[held[-1] if self.corrects else held[0]]

    def describes(self, step: Step) -> bool:
        """Whether this is long enough to be taken whole for what a step wants described."""
        if not isinstance(step, Collect) or step.opening is None or self.is_bare:
            return False
        return len(_UNIT.findall(self.plain)) >= step.opening

    def opens(self, flow: Flow) -> dict[str, str]:
        """The values of the flow's slots when this message starts it."""
        told = {
            step.slot: self.plain[:MAX_FREE_TEXT]
            for step in flow.steps
            if isinstance(step, Collect) and self.describes(step)
        }
        return told | self.values_for(flow, None)

    def _may_choose(self, step: Collect, asked: str | None) -> bool:
        # 质量怎么样 is a question about a product, not the reason for a return.
        return asked is None or asked == step.slot or (asked == CONFIRM and self.corrects)

    def phone_tail(self, *, awaited: bool) -> str | None:
        """The phone number in this message, or its last digits if these are `awaited` or named."""
        phones = _PHONE.findall(self.plain)
        if phones:
            return str(phones[-1])
        if not awaited and not self.cues.proof.search(self.plain):
            return None
        if _SPOKEN_TAIL.match(self.plain):
            return self.plain.translate(_NUMERALS)
        found = list(_TAIL.finditer(self.plain))
        held = holding(self.plain, [match.span(1) for match in found], self.cues)
        return found[held[-1]].group(1) if held else None
