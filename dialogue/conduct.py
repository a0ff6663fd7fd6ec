"""Conduct: the cues, small talk and skills that a pack gives the policy, read from YAML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogue.flows import pattern
from dialogue.reading import Section, read_section

_CUES = (
    "human", "abandon", "decline", "accept", "correction", "not_this", "follow_up", "general",
    "question", "proof", "order", "delivery_trouble",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns that are searched in what the customer says, see `conduct.yml`."""

    human: re.Pattern[str]
    abandon: re.Pattern[str]
    decline: re.Pattern[str]
    accept: re.Pattern[str]
    correction: re.Pattern[str]
    not_this: re.Pattern[str]
    follow_up: re.Pattern[str]
    general: re.Pattern[str]
    question: re.Pattern[str]
    proof: re.Pattern[str]
    order: re.Pattern[str]
    delivery_trouble: re.Pattern[str]
    ordinals: tuple[re.Pattern[str], ...]

    def ordinal(self, text: str) -> int | None:
        """Which of the offered choices 第二个 means, counted from 0; None when none is named."""
        for position, cue in enumerate(self.ordinals):
            if cue.search(text):
                return position
        return None


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a pack wants talks conducted. All mappings are from an intent."""

    cues: Cues
    small_talk: Mapping[str, str]
    complaints: Mapping[str, str]
    skills: Mapping[str, str]
    remembered: tuple[str, ...]
    trivial: frozenset[str]


def load_conduct(path: Path, *, messages: Collection[str]) -> Conduct:
    """Read `conduct.yml`; raises BadFlow with file, line and remedy."""
    section = read_section(path)
    section.only("cues", "ordinals", "small_talk", "complaints", "remembered", "skills", "trivial")
    return Conduct(
        cues=_cues(section),
        small_talk=_said(section.section("small_talk"), messages),
        complaints=_said(section.section("complaints"), messages),
        skills=section.table("skills"),
        remembered=section.texts("remembered"),
        trivial=frozenset(text.lower() for text in section.texts("trivial")),
    )


def trimmed(text: str) -> str:
    """The text as cues see it: NFKC (full-width digits become plain ones), no outer spaces."""
    return unicodedata.normalize("NFKC", text).strip()


def _cues(section: Section) -> Cues:
    cues = section.section("cues")
    cues.only(*_CUES)
    ordinals = section.section("ordinals")
    return Cues(
        **{name: pattern(cues, name) for name in _CUES},
        ordinals=tuple(pattern(ordinals, name) for name in ordinals.names()),
    )


def _said(section: Section, messages: Collection[str]) -> dict[str, str]:
    table = {intent: section.text(intent) for intent in section.names()}
    for intent, key in table.items():
        if key not in messages:
            raise section.wrong(f"message “{key}” is in no wording file; add it", key=intent)
    return table
