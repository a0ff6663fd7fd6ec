"""Reads flows from YAML, and what flows and conduct both name: messages and patterns."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path

from dialogue.errors import BadFlow
from dialogue.flows import (
    Act,
    Check,
    CheckKind,
    Collect,
    Confirm,
    Finish,
    Flow,
    Prompt,
    Prove,
    Step,
    TicketForm,
)
from dialogue.reading import Section, read_section
from dialogue.wording import ORDER, VARIABLES
from handoff.reason import Reason

_WITH_AN_ORDER = frozenset({Act.SHOW_ORDER, Act.OPEN_RETURN})

Messages = Mapping[str, frozenset[str]]
"""The messages that the wording offers, with the variables in them."""


def load_flows(folder: Path, *, messages: Messages, choices: Collection[str]) -> tuple[Flow, ...]:
    """Read every flow of a folder, which may be missing; raises BadFlow with file, line, remedy.

    `messages` and `choices` are what the wording files offer: a flow may only name those.
    """
    flows = tuple(_flow(read_section(p), messages, choices) for p in sorted(folder.glob("*.yml")))
    started: dict[str, str] = {}
    for flow in flows:
        for intent in (*flow.starts_on, *flow.starts_unless_general):
            if intent in started:
                both = f"“{started[intent]}” and “{flow.name}”"
                raise BadFlow(f"{folder}:1: {intent} starts both {both}; leave it to one")
            started[intent] = flow.name
    return flows


def _flow(section: Section, messages: Messages, choices: Collection[str]) -> Flow:
    section.only(
        "flow", "starts_on", "starts_unless_general", "starts_on_slot", "again_on", "again_when",
        "steps",
    )  # fmt: skip
    if not section.texts("starts_on"):
        raise section.wrong("“starts_on” is missing; name the intents that start the task")
    return Flow(
        name=section.text("flow"),
        starts_on=section.texts("starts_on"),
        starts_unless_general=section.texts("starts_unless_general"),
        starts_on_slot=section.text("starts_on_slot", "") or None,
        again_on=section.texts("again_on"),
        again_when=pattern(section, "again_when") if section.has("again_when") else None,
        steps=_steps(section, messages, choices),
    )


def _steps(section: Section, messages: Messages, choices: Collection[str]) -> tuple[Step, ...]:
    """The steps; what they say may use the slots that the steps before them have filled."""
    steps: list[Step] = []
    known: frozenset[str] = frozenset()
    for each in section.sections("steps"):
        step = _step(each, messages, choices, known)
        steps.append(step)
        if isinstance(step, Collect):
            known |= {step.slot}
        elif isinstance(step, Prove):
            known |= ORDER
    if not isinstance(steps[-1], Finish):
        raise section.wrong("the last step must be “finish”", key="steps")
    _check_proof(section, tuple(steps))
    return tuple(steps)


def _check_proof(section: Section, steps: tuple[Step, ...]) -> None:
    """An order is shown, checked and returned only after a proof of whose it is."""
    end = steps[-1]
    of_an_order = isinstance(end, Finish) and end.act in _WITH_AN_ORDER
    collected: set[str] = set()
    proved = False
    for step in steps:
        if isinstance(step, Collect):
            collected.add(step.slot)
        elif isinstance(step, Prove):
            if step.slot not in collected:
                raise section.wrong(f"“prove: {step.slot}” needs a “collect” before", key="steps")
            proved = True
        elif not proved and (of_an_order or isinstance(step, Check)):
            raise section.wrong("“prove” must stand before check, confirm, finish", key="steps")


def _step(
    section: Section, messages: Messages, choices: Collection[str], known: frozenset[str]
) -> Step:
    if section.has("collect"):
        return _collect(section, messages, choices, known)
    if section.has("prove"):
        section.only("prove", "ask", "remind", "retry")
        return Prove(section.text("prove"), _prompt(section, "ask", messages, known))
    if section.has("confirm"):
        section.only("confirm", "remind", "retry", "declined")
        declined = "abandoned"
        if section.has("declined"):
            declined = message_key(section, "declined", messages)
        return Confirm(_prompt(section, "confirm", messages, known), declined)
    if section.has("check"):
        section.only("check")
        return Check(CheckKind(_one_of(section, "check", CheckKind)))
    if section.has("finish"):
        return _finish(section, messages, known)
    raise section.wrong("a step is one of: collect, prove, check, confirm, finish")


def _finish(section: Section, messages: Messages, known: frozenset[str]) -> Finish:
    act = Act(_one_of(section, "finish", Act))
    if act is Act.OPEN_TICKET:
        section.only("finish", "say", "kind", "title", "body")
        title, body = (message_key(section, key, messages, known) for key in ("title", "body"))
        said = message_key(section, "say", messages, known)
        return Finish(act, said, TicketForm(section.text("kind"), title, body))
    if act is Act.HAND_OVER:
        section.only("finish", "say", "reason")
        said = message_key(section, "say", messages)
        return Finish(act, said, reason=Reason(_one_of(section, "reason", Reason)))
    section.only("finish")
    return Finish(act)


def _collect(
    section: Section, messages: Messages, choices: Collection[str], known: frozenset[str]
) -> Collect:
    section.only(
        "collect", "entity", "matches", "ask", "remind", "retry", "choices", "meant", "free_text",
        "last", "opening", "when_asked",
    )  # fmt: skip
    step = Collect(
        slot=section.text("collect"),
        prompt=_prompt(section, "ask", messages, known),
        entities=section.texts("entity"),
        matches=pattern(section, "matches") if section.has("matches") else None,
        when_asked=pattern(section, "when_asked") if section.has("when_asked") else None,
        choices=_choices(section.section("choices"), choices) if section.has("choices") else None,
        meant=_meant(section) if section.has("meant") else {},
        free_text=section.flag("free_text"),
        last=section.count("last"),
        opening=section.count("opening"),
    )
    if not (step.entities or step.matches or step.choices or step.free_text):
        remedy = "nothing can fill this slot; give entity, matches, choices or free_text: true"
        raise section.wrong(remedy)
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


def _prompt(section: Section, ask: str, messages: Messages, known: frozenset[str]) -> Prompt:
    return Prompt(*(message_key(section, k, messages, known) for k in (ask, "remind", "retry")))


def _one_of(section: Section, key: str, kinds: type[StrEnum]) -> str:
    value = section.text(key)
    if value not in {kind.value for kind in kinds}:
        known = ", ".join(kind.value for kind in kinds)
        raise section.wrong(f"“{value}” is not known; use one of: {known}", key=key)
    return value


def message_key(
    section: Section, key: str, messages: Messages, known: frozenset[str] = frozenset()
) -> str:
    """The message named under a key, whose variables must be among the `known` ones.

    Raises BadFlow when no wording file has it or it cannot be filled in.
    """
    name = section.text(key)
    if name not in messages:
        raise section.wrong(f"message “{name}” is in no wording file; add it", key=key)
    unknown = ", ".join(sorted(messages[name] - known - VARIABLES.get(name, frozenset())))
    if unknown:
        remedy = f"message “{name}” uses {{{unknown}}}, which is not known here"
        raise section.wrong(f"{remedy}; known: {', '.join(sorted(known)) or 'nothing'}", key=key)
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
