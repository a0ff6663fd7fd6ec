"""Conduct: the cues, small talk and skills that a pack gives the policy, read from YAML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogue.flow_files import Messages, message_key, pattern
from dialogue.reading import Section, read_over

_TALK_CUES = (
    "human", "abandon", "decline", "accept", "correction", "not_this", "mistyped", "not_that",
    "follow_up", "general", "question", "nod", "wait", "other_wish",
)  # fmt: skip
_ORDER_CUES = ("proof", "order", "delivery_trouble")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns that are searched in what the customer says, see `conduct.yml`."""

    human: re.Pattern[str]
    abandon: re.Pattern[str]
    decline: re.Pattern[str]
    accept: re.Pattern[str]
    correction: re.Pattern[str]
    not_this: re.Pattern[str]
    mistyped: re.Pattern[str]
    not_that: re.Pattern[str]
    follow_up: re.Pattern[str]
    general: re.Pattern[str]
    question: re.Pattern[str]
    proof: re.Pattern[str]
    order: re.Pattern[str]
    delivery_trouble: re.Pattern[str]
    nod: re.Pattern[str]
    wait: re.Pattern[str]
    other_wish: re.Pattern[str]
    ordinals: tuple[re.Pattern[str], ...]

    def ordinal(self, text: str) -> int | None:
        """Which of the offered choices 第二个 means, counted from 0; None when none is named."""
        for position, cue in enumerate(self.ordinals):
            if cue.search(text):
                return position
        return None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said when the customer asks what a detail is or where it stands.

    `asked` recognises the question by itself, `asked_shortly` (在哪看) while `slot` is awaited.
    """

    slot: str
    message: str
    asked: re.Pattern[str]
    asked_shortly: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ProductQuestions:
    """Questions (多少钱) that can only be answered for a product, and what to say without one."""

    intents: tuple[str, ...]
    bare: re.Pattern[str]
    message: str


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a pack wants talks conducted. All mappings are from an intent.

    `urgent`, `complaints` and `needs_person` go to a person, with what is said then.
    """

    cues: Cues
    explanations: tuple[Explanation, ...]
    product_questions: ProductQuestions
    small_talk: Mapping[str, str]
    urgent: Mapping[str, str]
    complaints: Mapping[str, str]
    needs_person: Mapping[str, str]
    skills: Mapping[str, str]
    remembered: tuple[str, ...]
    trivial: frozenset[str]


def load_conduct(
    path: Path, *, messages: Messages, base: Path | None = None, orders: bool = False
) -> Conduct:
    """Read `conduct.yml` over that of `base`; either may be missing, not both.

    `orders` demands the cues for tasks about orders. Raises BadFlow with file, line and remedy.
    """
    section = read_over(base, path)
    section.only(
        "cues", "ordinals", "explanations", "product_questions", "small_talk", "urgent",
        "complaints", "needs_person", "remembered", "skills", "trivial",
    )  # fmt: skip
    explanations = _optional(section, "explanations")
    return Conduct(
        cues=_cues(section, orders=orders),
        explanations=tuple(
            _explanation(slot, explanations.section(slot), messages)
            for slot in explanations.names()
        ),
        product_questions=_product_questions(section, messages),
        small_talk=_said(section, "small_talk", messages),
        urgent=_said(section, "urgent", messages),
        complaints=_said(section, "complaints", messages),
        needs_person=_said(section, "needs_person", messages),
        skills=section.table("skills") if section.has("skills") else {},
        remembered=section.texts("remembered"),
        trivial=frozenset(text.lower() for text in section.texts("trivial")),
    )


def trimmed(text: str) -> str:
    """The text as cues see it: NFKC (full-width digits become plain ones), no outer spaces."""
    return unicodedata.normalize("NFKC", text).strip()


def _cues(section: Section, *, orders: bool) -> Cues:
    cues = section.section("cues")
    cues.only(*_TALK_CUES, *_ORDER_CUES)
    ordinals = section.section("ordinals")
    needed = {*_TALK_CUES, *(_ORDER_CUES if orders else ())}
    names = (*_TALK_CUES, *_ORDER_CUES)
    found = {n: pattern(cues, n) if n in needed or cues.has(n) else _NEVER for n in names}
    return Cues(**found, ordinals=tuple(pattern(ordinals, name) for name in ordinals.names()))


def _explanation(slot: str, section: Section, messages: Messages) -> Explanation:
    section.only("say", "asked", "asked_shortly")
    return Explanation(
        slot=slot,
        message=message_key(section, "say", messages),
        asked=pattern(section, "asked"),
        asked_shortly=pattern(section, "asked_shortly"),
    )


def _product_questions(conduct: Section, messages: Messages) -> ProductQuestions:
    if not conduct.has("product_questions"):
        return ProductQuestions(intents=(), bare=_NEVER, message="")
    section = conduct.section("product_questions")
    section.only("intents", "bare", "say")
    return ProductQuestions(
        intents=section.texts("intents"),
        bare=pattern(section, "bare"),
        message=message_key(section, "say", messages),
    )


def _said(conduct: Section, key: str, messages: Messages) -> dict[str, str]:
    section = _optional(conduct, key)
    return {intent: message_key(section, intent, messages) for intent in section.names()}


def _optional(section: Section, key: str) -> Section:
    """The mapping under a key, empty when it is not there."""
    return section.section(key) if section.has(key) else Section(section.path, section.line, {})
