"""Draft: a turn while it is being put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dialogue.conversation import Button, ContentType, Reply, Source
from dialogue.state import DialogueState, FlowPosition, ShownArticle
from dialogue.turn import HandoffRequest, TicketDraft
from dialogue.wording import Wording
from handoff.reason import Reason
from handoff.summary import Brief
from knowledge.article import Hit


@dataclass(slots=True)
class Draft:
    """The state and the replies so far. One draft serves one message and is then thrown away.

    `words` speaks the customer's language, `staff_words` the agents'.
    """

    state: DialogueState
    words: Wording
    staff_words: Wording
    turn_no: int = 0
    trivial: frozenset[str] = frozenset()
    replies: list[Reply] = field(default_factory=list)
    tickets: list[TicketDraft] = field(default_factory=list)
    handoff: HandoffRequest | None = None

    def change(self, **changes: Any) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)

    def say(
        self,
        key: str,
        values: Mapping[str, str] | None = None,
        *,
        buttons: tuple[Button, ...] = (),
    ) -> None:
        """Say a message of the wording file."""
        text = self.words.say(key, turn=self.turn_no, values=values)
        self.replies.append(Reply(text, buttons=buttons))

    def answer(self, hits: tuple[Hit, ...], *, topic: str) -> None:
        """Say passages with their sources, and what is told of them first; several get their
        headings.
        """
        heads = [f"**{hit.heading}**\n\n" if len(hits) > 1 else "" for hit in hits]
        whole = [f"{head}{hit.passage}" for head, hit in zip(heads, hits, strict=True)]
        first = [f"{head}{h.short or h.passage}" for head, h in zip(heads, hits, strict=True)]
        if first == whole:
            first = [""] * len(hits)
        sources = tuple(
            Source(hit.article_id, hit.title, hit.heading, hit.score, short)
            for hit, short in zip(hits, first, strict=True)
        )
        self.replies.append(
            Reply("\n\n".join(whole), content_type=ContentType.MARKDOWN, sources=sources)
        )
        shown = [ShownArticle(h.article_id, h.title, h.heading) for h in reversed(hits)]
        before = tuple(article for article in self.state.articles if article not in shown)
        self.change(articles=(*before, *shown), topic=topic)

    def show_human_button(self) -> None:
        """Put the 转人工 button under the last reply."""
        last = self.replies[-1]
        buttons = (*last.buttons, self.words.buttons["human"])
        self.replies[-1] = replace(last, buttons=buttons)

    def offer_human(self, reason: Reason) -> None:
        """Show the 转人工 button, and let 好的 accept it as well."""
        self.show_human_button()
        self.change(offer=reason.value)

    def hand_over(self, reason: Reason, *, skill: str | None, key: str | None = None) -> None:
        """Give up the turn: say so, and write down what the person should know."""
        self.say(key or f"handoff_{reason.value}")
        self.handoff = HandoffRequest(reason, skill=skill, brief=self._brief(reason))
        self.change(flow=None, offer=None, pending_choice=(), misses=0)

    @property
    def position(self) -> FlowPosition:
        """Where the task in progress stands; asked only while there is one."""
        if self.state.flow is None:
            raise AssertionError("no task is in progress")
        return self.state.flow

    def in_flow(self, position: FlowPosition | None) -> None:
        """Enter, move or (None) leave a task."""
        self.change(flow=position)

    def _brief(self, reason: Reason) -> Brief:
        state, words = self.state, self.staff_words
        known = {name: words.choices.get(value, value) for name, value in state.slots.items()}
        return Brief(
            words=words.summary,
            reason=words.reasons[reason.value],
            wants=tuple(words.intents[i] for i in state.intents if i in words.intents),
            facts=tuple(
                (label, known[name]) for name, label in words.slots.items() if name in known
            ),
            articles=tuple(f"{a.title} · {a.heading}" for a in state.articles),
            mood=words.moods[state.mood] if state.mood != "calm" else "",
            trivial=self.trivial,
        )
