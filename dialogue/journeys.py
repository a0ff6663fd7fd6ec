"""Journey: a whole conversation as data: who says what, and what must come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from dialogue.errors import BadFlow
from dialogue.reading import Section, read_document

_BOT_KEYS = ("contains", "not_contains", "buttons", "source", "silent")
_STEP_KEYS = ("user", "bot", "intent", "holder", "slots", "reason", "ticket", "language")
_JOURNEY_KEYS = ("name", "steps", "locale", "phone", "shop")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be true after a message; an empty field demands nothing, `none` that there is none.

    `slots` maps a slot to its value, or to None when it must not be filled. `source` is part of
    the title or id of an article; `ticket` the kind of a ticket opened by this message.
    """

    line: int
    contains: tuple[str, ...] = ()
    not_contains: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    source: str = ""
    silent: bool = False
    intent: str = ""
    holder: str = ""
    reason: str = ""
    ticket: str = ""
    language: str = ""
    slots: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One message of the customer and everything expected of it."""

    text: str
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """One conversation. `phone` is set when the site vouches for the customer's number."""

    path: Path
    name: str
    steps: tuple[JourneyStep, ...]
    locale: str = "zh"
    phone: str | None = None
    shop_down: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one message, from wherever the conversation was held.

    None means that it is not known there, and is not compared. `trace` says why, as far as the
    place knows; it is only reported.
    """

    replies: tuple[str, ...]
    buttons: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    intent: str | None = None
    holder: str | None = None
    reason: str | None = None
    language: str | None = None
    tickets: tuple[str, ...] | None = None
    slots: Mapping[str, str] | None = None
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """The first step of a journey that did not come out as expected."""

    journey: Journey
    line: int
    said: str
    problem: str
    outcome: Outcome

    def __str__(self) -> str:
        replies = (
            "\n".join(f"    bot: {reply}" for reply in self.outcome.replies) or "    (silence)"
        )
        trace = "".join(f"\n    {line}" for line in self.outcome.trace)
        return (
            f"{self.journey.path}:{self.line}: {self.journey.name}\n"
            f"    user: {self.said}\n{replies}\n    {self.problem}{trace}"
        )


class Talks(Protocol):
    """One conversation under test."""

    def say(self, text: str) -> Outcome:
        """Say something as the customer, and tell what came of it."""
        ...


def run_journey(journey: Journey, open_talk: Callable[[Journey], Talks]) -> Failure | None:
    """Hold the conversation; the first thing that is not as expected, or None."""
    talk = open_talk(journey)
    for step in journey.steps:
        outcome = talk.say(step.text)
        for expected in step.expected:
            problem = next(_problems(expected, outcome), None)
            if problem is not None:
                return Failure(journey, expected.line, step.text, problem, outcome)
    return None


def load_journeys(path: Path) -> tuple[Journey, ...]:
    """Read the journeys of a file, or of every YAML file below a folder.

    A file holds `journeys:` (a list of journeys), one journey (`name:` and `steps:`), or just a
    list of steps. Raises BadFlow with file, line and remedy.
    """
    if path.is_dir():
        files = sorted([*path.rglob("*.yml"), *path.rglob("*.yaml")])
        if not files:
            raise BadFlow(f"{path}:1: no YAML files here; name a file or folder of journeys")
        return tuple(journey for file in files for journey in load_journeys(file))
    document = read_document(path)
    if isinstance(document, tuple):
        return (Journey(path, path.stem, _steps(document)),)
    if document.has("journeys"):
        document.only("journeys")
        journeys = tuple(_journey(path, each) for each in document.sections("journeys"))
        _check_names(path, journeys)
        return journeys
    return (_journey(path, document),)


def _check_names(path: Path, journeys: tuple[Journey, ...]) -> None:
    seen: set[str] = set()
    for journey in journeys:
        if journey.name in seen:
            raise BadFlow(f"{path}:1: two journeys are named “{journey.name}”; rename one")
        seen.add(journey.name)


def _journey(path: Path, section: Section) -> Journey:
    section.only(*_JOURNEY_KEYS)
    shop = section.text("shop", "up")
    if shop not in ("up", "down"):
        raise section.wrong("“shop” is up or down", key="shop")
    return Journey(
        path=path,
        name=section.text("name", path.stem),
        steps=_steps(section.sections("steps")),
        locale=section.text("locale", "zh"),
        phone=section.text("phone", "") or None,
        shop_down=shop == "down",
    )


def _steps(sections: tuple[Section, ...]) -> tuple[JourneyStep, ...]:
    steps: list[tuple[str, list[Expectation]]] = []
    for section in sections:
        section.only(*_STEP_KEYS)
        if section.has("user"):
            steps.append((section.text("user"), []))
        if not steps:
            raise section.wrong("a journey begins with “user: …”")
        if set(section.names()) - {"user"}:
            steps[-1][1].append(_expectation(section))
    return tuple(JourneyStep(text, tuple(expected)) for text, expected in steps)


def _expectation(section: Section) -> Expectation:
    bot = _bot(section)
    return Expectation(
        line=section.line,
        contains=bot.texts("contains") if bot else section.texts("bot"),
        not_contains=bot.texts("not_contains") if bot else (),
        buttons=bot.texts("buttons") if bot else (),
        source=bot.text("source", "") if bot else "",
        silent=bot.flag("silent") if bot else False,
        intent=section.text("intent", ""),
        holder=section.text("holder", ""),
        reason=section.text("reason", ""),
        ticket=section.text("ticket", ""),
        language=section.text("language", ""),
        slots=section.section("slots").optional_texts() if section.has("slots") else {},
    )


def _bot(section: Section) -> Section | None:
    """`bot: {contains: …}`, or None for the short form `bot: text`."""
    if not section.has("bot") or not section.is_section("bot"):
        return None
    bot = section.section("bot")
    bot.only(*_BOT_KEYS)
    return bot


def _problems(expected: Expectation, outcome: Outcome) -> Iterator[str]:
    said = "\n".join(outcome.replies)
    yield from _said_problems(expected, outcome, said)
    facts = (
        ("intent", expected.intent, outcome.intent),
        ("holder", expected.holder, outcome.holder),
        ("reason", expected.reason, outcome.reason),
        ("language", expected.language, outcome.language),
    )
    for name, wanted, got in facts:
        if wanted and got is not None and wanted != (got or "none"):
            yield f"{name}: expected {wanted}, got {got or 'none'}"
    yield from _task_problems(expected, outcome)


def _task_problems(expected: Expectation, outcome: Outcome) -> Iterator[str]:
    tickets = outcome.tickets
    if expected.ticket and tickets is not None and expected.ticket not in tickets:
        yield f"ticket: expected {expected.ticket}, got {', '.join(tickets) or 'none'}"
    if outcome.slots is None:
        return
    for slot, value in expected.slots.items():
        got = outcome.slots.get(slot)
        if got != value:
            yield f"slot {slot}: expected {value or 'none'}, got {got or 'none'}"


def _said_problems(expected: Expectation, outcome: Outcome, said: str) -> Iterator[str]:
    if expected.silent and outcome.replies:
        yield "expected silence"
    yield from (f"expected the bot to say “{t}”" for t in expected.contains if t not in said)
    yield from (f"expected the bot not to say “{t}”" for t in expected.not_contains if t in said)
    missing = [label for label in expected.buttons if label not in outcome.buttons]
    if missing:
        yield f"button: expected “{missing[0]}”, got {', '.join(outcome.buttons) or 'none'}"
    if expected.source and not any(expected.source in source for source in outcome.sources):
        yield f"source: expected “{expected.source}”, got {', '.join(outcome.sources) or 'none'}"
