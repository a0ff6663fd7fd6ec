"""Wording: what the bot says, read from data and checked at loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from dialogue.business import OrderStatus, Refusal
from dialogue.conversation import Button
from dialogue.errors import BadFlow
from dialogue.reading import Section, read_over
from handoff.reason import Reason
from handoff.summary import SummaryWording
from nlu.understanding import Mood

ORDER = frozenset({"order_id", "item", "quantity", "amount", "status", "reason"})
"""What is known of an order once it is proved; messages after the proof may use it."""

_ITEM = frozenset({"item", "quantity"})
_ORDER = _ITEM | {"order_id"}

VARIABLES: Mapping[str, frozenset[str]] = {
    "greeting": frozenset({"bot"}),
    "identity": frozenset({"bot"}),
    "order_card": _ORDER | {"amount", "status"},
    "order_logistics": frozenset({"carrier", "tracking_no"}),
    "order_progress": frozenset({"progress"}),
    "return_done": frozenset({"return_no"}),
    "order_has_return": frozenset({"return_no"}),
    "return_already_open": frozenset({"return_no"}),
    "ticket_return_title": frozenset({"order_id"}),
    "ticket_return_body": _ITEM | {"reason", "return_no"},
    "ticket_urge_title": frozenset({"order_id"}),
    "ticket_urge_body": _ITEM | {"status"},
}
"""The variables that a message of the program may use; what a task says may use its slots."""

REQUIRED = frozenset(
    {
        "greeting",
        "identity",
        "goodbye",
        "anything_else",
        "fine",
        "go_on",
        "offer_declined",
        "cleared",
        "abandoned",
        "clarify",
        "rephrase",
        "near_questions",
        "knowledge_gap",
        "out_of_scope",
        "empathy",
        "other_language_only",
        *(f"handoff_{reason.value}" for reason in Reason),
    }
)
"""The messages that the program itself says; flows and conduct may name more."""

REQUIRED_FOR_ORDERS = (frozenset(VARIABLES) - REQUIRED) | frozenset(
    {
        "already_proved",
        "proof_noted",
        "wrong_proof",
        "order_trouble",
        "order_reused",
        "urge_noted",
        "system_down",
        "handoff_proof_failed",
        *(f"refusal_{refusal.value}" for refusal in Refusal),
    }
)
"""The messages that the program says in tasks about an order."""

_BUTTONS = ("human", "confirm", "decline")
_SUMMARY = ("reason", "wants", "facts", "tried", "said", "mood")


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything said in one language.

    `messages` holds the variants of each message; `questions` the plain question that stands for
    an intent when the knowledge base is searched; `names` what staff call skills, kinds of tickets
    and tasks.
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
    names: Mapping[str, str]
    reasons: Mapping[str, str]
    moods: Mapping[str, str]
    summary: SummaryWording

    def variables(self, key: str) -> frozenset[str]:
        """The variables in a message, whatever its variant, besides the bot's name."""
        return frozenset().union(*map(_variables, self.messages[key])) - {"bot"}

    def say(self, key: str, *, turn: int = 0, values: Mapping[str, str] | None = None) -> str:
        """The message under a key, filled in; `turn` picks among its variants."""
        variants = self.messages[key]
        return variants[turn % len(variants)].format_map({"bot": self.bot_name, **(values or {})})


def load_wording(folder: Path, *, base: Path | None = None) -> dict[str, Wording]:
    """Read `<language>.yml` of a folder over those of `base`, which may say less or be missing.

    A folder of its own files decides the languages; without any they are those of `base`. Raises
    BadFlow when a file is wrong or parity is broken: every language must have the same messages,
    intents, slots and choices as the others, or a customer would find what is missing.
    """
    own, below = sorted(folder.glob("*.yml")), sorted(base.glob("*.yml")) if base else []
    names = [path.name for path in own or below]
    if not names:
        raise BadFlow(f"{folder}:1: no wording files here; add zh.yml and en.yml")
    sections = {
        folder / name: read_over(base / name if base else None, folder / name) for name in names
    }
    loaded = {path: _wording(section) for path, section in sections.items()}
    for path, wording in loaded.items():
        for other_path, other in loaded.items():
            _check_parity(sections[path], wording, other, other_path)
    return {wording.language: wording for wording in loaded.values()}


def check_order_words(wording: Mapping[str, Wording], folder: Path) -> None:
    """Refuse wording that lacks what is said in tasks about an order; raises BadFlow."""
    for language, words in wording.items():
        place = f"{folder / language}.yml:1"
        for missing in sorted(REQUIRED_FOR_ORDERS - set(words.messages)):
            raise BadFlow(f"{place}: message “{missing}” is missing; tasks about orders say it")
        for status in OrderStatus:
            if status.value not in words.statuses:
                raise BadFlow(f"{place}: “statuses” lacks “{status.value}”; add it")


def _wording(section: Section) -> Wording:
    section.only(
        "language", "bot_name", "messages", "buttons", "hot_questions", "intents", "questions",
        "statuses", "slots", "choices", "names", "reasons", "moods", "summary",
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
        intents=_table(section, "intents"),
        questions=_table(section, "questions"),
        statuses=_table(section, "statuses"),
        slots=_table(section, "slots"),
        choices=_table(section, "choices"),
        names=_table(section, "names"),
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
            _check_variables(section, key, variant, _allowed(key))
    return messages


def _allowed(key: str) -> frozenset[str] | None:
    """What a message may use; None when that depends on the task or the cue that says it."""
    if key.startswith("corrected_"):
        return frozenset({"value"})
    said_by_program = key in REQUIRED or key in REQUIRED_FOR_ORDERS
    return VARIABLES.get(key, frozenset() if said_by_program else None)


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


def _table(section: Section, key: str) -> dict[str, str]:
    return section.table(key) if section.has(key) else {}


def _check_variables(section: Section, key: str, text: str, allowed: frozenset[str] | None) -> None:
    """Refuse braces that cannot be filled; `allowed` None leaves the names to who says it."""
    try:
        used = _variables(text)
    except ValueError as error:
        raise section.wrong(f"“{key}”: {error}; write {{{{ for a brace", key=key) from error
    if allowed is not None and used - allowed:
        known = ", ".join(sorted(allowed)) or "none"
        unknown = ", ".join(sorted(used - allowed))
        raise section.wrong(f"“{key}” uses {{{unknown}}}; allowed here: {known}", key=key)


def _variables(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _check_parity(section: Section, mine: Wording, other: Wording, other_path: Path) -> None:
    pairs = (
        ("messages", mine.messages, other.messages),
        ("intents", mine.intents, other.intents),
        ("questions", mine.questions, other.questions),
        ("slots", mine.slots, other.slots),
        ("choices", mine.choices, other.choices),
        ("names", mine.names, other.names),
    )
    for key, here, there in pairs:
        missing = sorted(set(there) - set(here))
        if missing:
            names = ", ".join(missing)
            remedy = f"“{key}” lacks {names}, which {other_path.name} has; add it"
            raise section.wrong(remedy, key=key)
