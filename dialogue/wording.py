"""Wording: what the bot says, read from data and checked at loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from dialogue.business import OrderStatus, Refusal
from dialogue.conversation import Button
from dialogue.errors import BadFlow
from dialogue.reading import Section, read_section
from handoff.reason import Reason
from handoff.summary import SummaryWording
from nlu.understanding import Mood

_ITEM = frozenset({"item", "quantity"})
_ORDER = _ITEM | {"order_id"}

VARIABLES: Mapping[str, frozenset[str]] = {
    "greeting": frozenset({"bot"}),
    "identity": frozenset({"bot"}),
    "corrected_order_id": frozenset({"value"}),
    "corrected_return_reason": frozenset({"value"}),
    "order_card": _ORDER | {"amount", "status"},
    "order_logistics": frozenset({"carrier", "tracking_no"}),
    "order_progress": frozenset({"progress"}),
    "ask_return_reason": _ITEM,
    "confirm_return": _ORDER | {"reason"},
    "return_done": frozenset({"return_no"}),
    "order_has_return": frozenset({"return_no"}),
    "return_already_open": frozenset({"return_no"}),
    "ticket_return_title": frozenset({"order_id"}),
    "ticket_return_body": _ITEM | {"reason", "return_no"},
    "ticket_urge_title": frozenset({"order_id"}),
    "ticket_urge_body": _ITEM | {"status"},
}
"""The variables that a message may use; a message that is not named here has none."""

REQUIRED = frozenset(VARIABLES) | frozenset(
    {
        "goodbye",
        "anything_else",
        "fine",
        "go_on",
        "already_proved",
        "proof_noted",
        "offer_declined",
        "wrong_proof",
        "cleared",
        "order_trouble",
        "order_reused",
        "urge_noted",
        "return_declined",
        "system_down",
        "abandoned",
        "clarify",
        "rephrase",
        "near_questions",
        "knowledge_gap",
        "out_of_scope",
        "empathy",
        "other_language_only",
        "handoff_proof_failed",
        *(f"handoff_{reason.value}" for reason in Reason),
        *(f"refusal_{refusal.value}" for refusal in Refusal),
    }
)
"""The messages that the program itself says; flows and conduct may name more."""

_BUTTONS = ("human", "confirm", "decline")
_SUMMARY = ("reason", "wants", "facts", "tried", "said", "mood")


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything said in one language.

    `messages` holds the variants of each message; `questions` the plain question that stands for
    an intent when the knowledge base is searched.
    """

    language: str
    bot_name: str
    messages: Mapping[str, tuple[str, ...]]
    buttons: Mapping[str, Button]
    hot_questions: tuple[Button, ...]
    intents: Mapping[str, str]
    questions: Mapping[str, str]
    statuses: Mapping[str, str]
    slots: Mapping[str, str]
    choices: Mapping[str, str]
    reasons: Mapping[str, str]
    moods: Mapping[str, str]
    summary: SummaryWording

    def say(self, key: str, *, turn: int = 0, values: Mapping[str, str] | None = None) -> str:
        """The message under a key, filled in; `turn` picks among its variants."""
        variants = self.messages[key]
        return variants[turn % len(variants)].format_map({"bot": self.bot_name, **(values or {})})


def load_wording(folder: Path) -> dict[str, Wording]:
    """Read `<language>.yml` of a folder; raises BadFlow when a file is wrong or parity is broken.

    Every language must have the same messages, intents, slots and choices as the others: a text
    that is missing in one language would be found by a customer.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise BadFlow(f"{folder}:1: no wording files here; add zh.yml and en.yml")
    sections = {path: read_section(path) for path in paths}
    loaded = {path: _wording(section) for path, section in sections.items()}
    for path, wording in loaded.items():
        for other_path, other in loaded.items():
            _check_parity(sections[path], wording, other, other_path)
    return {wording.language: wording for wording in loaded.values()}


def _wording(section: Section) -> Wording:
    section.only(
        "language", "bot_name", "messages", "buttons", "hot_questions", "intents", "questions",
        "statuses", "slots", "choices", "reasons", "moods", "summary",
    )  # fmt: skip
    summary = section.section("summary")
    labels = {name: _template(summary, name, frozenset({"text"})) for name in _SUMMARY}
    return Wording(
        language=section.text("language"),
        bot_name=section.text("bot_name"),
        messages=_messages(section.section("messages")),
        buttons=_buttons(section.section("buttons")),
        hot_questions=tuple(
            Button(item.text("label"), item.text("text"))
            for item in section.sections("hot_questions")
        ),
        intents=section.table("intents"),
        questions=section.table("questions"),
        statuses=_complete(section, "statuses", [status.value for status in OrderStatus]),
        slots=section.table("slots"),
        choices=section.table("choices"),
        reasons=_complete(section, "reasons", [reason.value for reason in Reason]),
        moods=_complete(section, "moods", [mood.value for mood in Mood]),
        summary=SummaryWording(
            **labels,
            joiner=summary.text("joiner"),
            quote=_template(summary, "quote", frozenset({"text"})),
        ),
    )


def _messages(section: Section) -> dict[str, tuple[str, ...]]:
    for missing in sorted(REQUIRED - set(section.names())):
        raise section.wrong(f"message “{missing}” is missing; add it")
    messages = {key: section.texts(key) for key in section.names()}
    for key, variants in messages.items():
        for variant in variants:
            _check_variables(section, key, variant, VARIABLES.get(key, frozenset()))
    return messages


def _buttons(section: Section) -> dict[str, Button]:
    section.only(*_BUTTONS)
    inner = {name: section.section(name) for name in _BUTTONS}
    return {name: Button(item.text("label"), item.text("text")) for name, item in inner.items()}


def _complete(section: Section, key: str, names: list[str]) -> dict[str, str]:
    table = section.table(key)
    for name in names:
        if name not in table:
            raise section.wrong(f"“{key}” lacks “{name}”; add it", key=key)
    return table


def _template(section: Section, key: str, allowed: frozenset[str]) -> str:
    text = section.text(key)
    _check_variables(section, key, text, allowed)
    return text


def _check_variables(section: Section, key: str, text: str, allowed: frozenset[str]) -> None:
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise section.wrong(f"“{key}”: {error}; write {{{{ for a brace", key=key) from error
    if used - allowed:
        known = ", ".join(sorted(allowed)) or "none"
        unknown = ", ".join(sorted(used - allowed))
        raise section.wrong(f"“{key}” uses {{{unknown}}}; allowed here: {known}", key=key)


def _check_parity(section: Section, mine: Wording, other: Wording, other_path: Path) -> None:
    pairs = (
        ("messages", mine.messages, other.messages),
        ("intents", mine.intents, other.intents),
        ("questions", mine.questions, other.questions),
        ("slots", mine.slots, other.slots),
        ("choices", mine.choices, other.choices),
    )
    for key, here, there in pairs:
        missing = sorted(set(there) - set(here))
        if missing:
            names = ", ".join(missing)
            remedy = f"“{key}” lacks {names}, which {other_path.name} has; add it"
            raise section.wrong(remedy, key=key)
