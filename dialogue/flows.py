"""Flow: a task of several turns as typed data, read from YAML."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dialogue.errors import BadFlow
from dialogue.reading import Section, read_section

PHONE_TAIL = "phone_tail"
"""The slot that a proof fills."""

CONFIRM = "confirm"
"""What is `asked` while a confirmation is awaited; never a slot."""


class CheckKind(StrEnum):
    """What may stop a task half-way."""

    RETURNABLE = "returnable"


class Act(StrEnum):
    """How a task ends."""

    SHOW_ORDER = "show_order"
    OPEN_RETURN = "open_return"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The three ways to put a question: at first, in short after an interruption, once more."""

    ask: str
    remind: str
    retry: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Get the value of a slot: from an entity, from a choice, or in the customer's own words.

    `meant` leads from an intent to the choice that it names when the slot is asked for.
    """

    slot: str
    prompt: Prompt
    entity: str | None = None
    choices: Mapping[str, re.Pattern[str]] | None = None
    meant: Mapping[str, str] = field(default_factory=dict)
    free_text: bool = False


@dataclass(frozen=True, slots=True)
class Prove:
    """Make sure that the order in `slot` is the customer's own."""

    slot: str
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Check:
    """Stop with an explanation when the order does not allow the task."""

    kind: CheckKind


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask before something is done that cannot be taken back."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Finish:
    """Do it and say what came of it."""

    act: Act


Step = Collect | Prove | Check | Confirm | Finish


@dataclass(frozen=True, slots=True)
class Flow:
    """A task. `starts_unless_general`: intents that start it only when one's own case is meant.

    A message that holds only a value of `starts_on_slot` starts it as well. Once the customer has
    proved an order, `again_on` (intents) and `again_when` (a pattern) mean that order, too.
    """

    name: str
    starts_on: tuple[str, ...] = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)
    starts_unless_general: tuple[str, ...] = field(default=(), repr=False)
    starts_on_slot: str | None = field(default=None, repr=False)
    again_on: tuple[str, ...] = field(default=(), repr=False)
    again_when: re.Pattern[str] | None = field(default=None, repr=False)

    def asking(self, asked: str | None) -> Collect | Prove | Confirm | None:
        """The step whose question is open, given what was asked last."""
        for step in self.steps:
            if isinstance(step, Collect) and step.slot == asked:
                return step
            if isinstance(step, Prove) and asked == PHONE_TAIL:
                return step
            if isinstance(step, Confirm) and asked == CONFIRM:
                return step
        return None


def load_flows(
    folder: Path, *, messages: Collection[str], choices: Collection[str]
) -> tuple[Flow, ...]:
    """Read every flow of a folder; raises BadFlow with file, line and remedy.

    `messages` and `choices` are what the wording files offer: a flow may only name those.
    """
    flows = tuple(_flow(read_section(p), messages, choices) for p in sorted(folder.glob("*.yml")))
    if not flows:
        raise BadFlow(f"{folder}:1: no flows here; add one YAML file for each task")
    started: dict[str, str] = {}
    for flow in flows:
        for intent in (*flow.starts_on, *flow.starts_unless_general):
            if intent in started:
                both = f"“{started[intent]}” and “{flow.name}”"
                raise BadFlow(f"{folder}:1: {intent} starts both {both}; leave it to one")
            started[intent] = flow.name
    return flows


def _flow(section: Section, messages: Collection[str], choices: Collection[str]) -> Flow:
    section.only(
        "flow", "starts_on", "starts_unless_general", "starts_on_slot", "again_on", "again_when",
        "steps",
    )  # fmt: skip
    if not section.texts("starts_on"):
        raise section.wrong("“starts_on” is missing; name the intents that start the task")
    steps = tuple(_step(step, messages, choices) for step in section.sections("steps"))
    if not isinstance(steps[-1], Finish):
        raise section.wrong("the last step must be “finish”", key="steps")
    _check_proof(section, steps)
    return Flow(
        name=section.text("flow"),
        starts_on=section.texts("starts_on"),
        starts_unless_general=section.texts("starts_unless_general"),
        starts_on_slot=section.text("starts_on_slot", "") or None,
        again_on=section.texts("again_on"),
        again_when=pattern(section, "again_when") if section.has("again_when") else None,
        steps=steps,
    )


def _check_proof(section: Section, steps: tuple[Step, ...]) -> None:
    """An order is shown, checked and returned only after a proof of whose it is."""
    collected: set[str] = set()
    proved = False
    for step in steps:
        if isinstance(step, Collect):
            collected.add(step.slot)
        elif isinstance(step, Prove):
            if step.slot not in collected:
                raise section.wrong(f"“prove: {step.slot}” needs a “collect” before", key="steps")
            proved = True
        elif not proved:
            raise section.wrong("“prove” must stand before check, confirm, finish", key="steps")


def _step(section: Section, messages: Collection[str], choices: Collection[str]) -> Step:
    if section.has("collect"):
        return _collect(section, messages, choices)
    if section.has("prove"):
        section.only("prove", "ask", "remind", "retry")
        return Prove(section.text("prove"), _prompt(section, "ask", messages))
    if section.has("confirm"):
        section.only("confirm", "remind", "retry")
        return Confirm(_prompt(section, "confirm", messages))
    if section.has("check"):
        section.only("check")
        return Check(CheckKind(_one_of(section, "check", CheckKind)))
    if section.has("finish"):
        section.only("finish")
        return Finish(Act(_one_of(section, "finish", Act)))
    raise section.wrong("a step is one of: collect, prove, check, confirm, finish")


def _collect(section: Section, messages: Collection[str], choices: Collection[str]) -> Collect:
    section.only("collect", "entity", "ask", "remind", "retry", "choices", "meant", "free_text")
    step = Collect(
        slot=section.text("collect"),
        prompt=_prompt(section, "ask", messages),
        entity=section.text("entity", "") or None,
        choices=_choices(section.section("choices"), choices) if section.has("choices") else None,
        meant=_meant(section) if section.has("meant") else {},
        free_text=section.flag("free_text"),
    )
    if step.entity is None and step.choices is None and not step.free_text:
        raise section.wrong("nothing can fill this slot; give entity, choices or free_text: true")
    return step


def _choices(section: Section, known: Collection[str]) -> dict[str, re.Pattern[str]]:
    for name in section.names():
        if name not in known:
            raise section.wrong(f"choice “{name}” has no wording; add it to “choices”", key=name)
    return {name: pattern(section, name) for name in section.names()}


def _meant(section: Section) -> dict[str, str]:
    meant, offered = section.section("meant"), section.section("choices").names()
    for name in meant.names():
        if name not in offered:
            raise meant.wrong(f"“{name}” is none of the “choices”", key=name)
    return {intent: name for name in meant.names() for intent in meant.texts(name)}


def _prompt(section: Section, ask: str, messages: Collection[str]) -> Prompt:
    return Prompt(*(message_key(section, name, messages) for name in (ask, "remind", "retry")))


def _one_of(section: Section, key: str, kinds: type[StrEnum]) -> str:
    value = section.text(key)
    if value not in {kind.value for kind in kinds}:
        known = ", ".join(kind.value for kind in kinds)
        raise section.wrong(f"“{value}” is not known; use one of: {known}", key=key)
    return value


def message_key(section: Section, key: str, messages: Collection[str]) -> str:
    """The message named under a key; raises BadFlow when no wording file has it."""
    name = section.text(key)
    if name not in messages:
        raise section.wrong(f"message “{name}” is in no wording file; add it", key=key)
    return name


def pattern(section: Section, key: str) -> re.Pattern[str]:
    """One pattern out of the list of patterns under a key; raises BadFlow when it is not valid."""
    parts = []
    for source in section.texts(key):
        flags, body = ("i", source[4:]) if source.startswith("(?i)") else ("", source)
        try:
            re.compile(body)
        except re.error as error:
            raise section.wrong(f"“{source}” is not a valid pattern: {error}", key=key) from error
        parts.append(f"(?{flags}:{body})")
    if not parts:
        raise section.wrong(f"“{key}” is missing; add a list of patterns")
    return re.compile("|".join(parts))
