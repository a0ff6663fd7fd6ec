"""Choosing: which passages may all be meant, and which of what was offered a message chooses."""

from __future__ import annotations

from dialogue.language import is_written_in
from dialogue.people_rules import asks_for_human
from dialogue.situation import Situation
from dialogue.state import Choice
from knowledge.article import Hit

_MOST = 3
_TOLD_TOGETHER = 2
_LONGEST_CHOICE = 12
_SHORTEST_PART = 2


def tied_passages(situation: Situation) -> tuple[Hit, ...]:
    """The passages of which each may be the one meant, best first; none when one is clearly better.

    A `strong` first needs no question; together they must be as likely to answer as an article that
    is told. Passages under one heading or of the same words are one. A product that was named, now
    or before, decides between them; then it may be a single one. Of one article the best is told
    when it may be, and two are told together.
    """
    if situation.heard.is_bare or situation.is_foreign or situation.ellipsis() is not None:
        return ()
    hits = situation.found().hits[:_MOST]
    if not hits or hits[0].score >= situation.limits.strong:
        return ()
    near = [hit for hit in hits if _distance(hit) <= situation.limits.tie]
    near = [hit for hit in near if is_written_in(hit.passage, situation.state.language)]
    tied: list[Hit] = []
    for hit in near:
        if not any(_looks_like(hit, one) for one in tied):
            tied.append(hit)
    if len(tied) < 2 or sum(hit.score for hit in tied) < situation.limits.article:
        return ()
    one_article = len({hit.article_id for hit in tied}) == 1
    if one_article and (situation.found().answerable or len(tied) <= _TOLD_TOGETHER):
        return ()
    return _of_product(situation, tuple(tied))


def choices_of(hits: tuple[Hit, ...]) -> tuple[Choice, ...]:
    """The passages as they are offered: by heading, with the article's title when they differ."""
    one_article = len({hit.article_id for hit in hits}) == 1
    return tuple(
        Choice(
            intent="",
            label=hit.heading if one_article else _label(hit),
            article_id=hit.article_id,
            heading_path=hit.heading_path,
        )
        for hit in hits
    )


def chosen_passage(situation: Situation, choice: Choice) -> tuple[Hit, ...]:
    """The passage that was offered, as an answer to what was asked then; none if it is gone."""
    found = situation.search(situation.state.pending_text).hits
    return tuple(h for h in found if _key(h) == (choice.article_id, choice.heading_path))[:1]


def named_choice(situation: Situation) -> Choice | None:
    """The choice that this message names: its label or a part of it, 第二个, or its intent."""
    choices, heard = situation.state.pending_choice, situation.heard
    for choice in choices:
        if heard.plain.lower() == choice.label.lower():
            return choice
    if len(heard.plain) > _LONGEST_CHOICE:
        return None
    position = heard.cues.ordinal(heard.plain)
    if position is not None and position < len(choices):
        return choices[position]
    said = [c for c in choices if c.intent and c.intent == heard.intent]
    return said[0] if said else _named_in_part(situation)


def _named_in_part(situation: Situation) -> Choice | None:
    heard = situation.heard
    if len(heard.plain) < _SHORTEST_PART or heard.accepts or heard.declines:
        return None
    if asks_for_human(situation) is not None:  # 人工, where 人工客服时间 is offered
        return None
    offered = [c for c in situation.state.pending_choice if c.is_passage]
    named = [choice for choice in offered if heard.plain.lower() in choice.label.lower()]
    return named[0] if len(named) == 1 else None


def _of_product(situation: Situation, tied: tuple[Hit, ...]) -> tuple[Hit, ...]:
    product = situation.heard.entity("product") or situation.state.slots.get("product")
    if not product:
        return tied
    own = [hit for hit in tied if product.lower() in " ".join(hit.heading_path).lower()]
    return tuple(own) or tied


def _distance(hit: Hit) -> float:
    """How far a hit is behind the first; the first is ahead, and has none."""
    return -hit.why.get("lead", -float("inf"))


def _key(hit: Hit) -> tuple[str, tuple[str, ...]]:
    return hit.article_id, hit.heading_path


def _words(hit: Hit) -> str:
    return "".join(hit.passage.split())


def _looks_like(hit: Hit, other: Hit) -> bool:
    """Whether a customer could not choose between them: the same words, or offered by the same."""
    return _words(hit) == _words(other) or _label(hit) == _label(other)


def _label(hit: Hit) -> str:
    return hit.title if hit.heading == hit.title else f"{hit.title} · {hit.heading}"
