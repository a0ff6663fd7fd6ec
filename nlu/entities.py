"""Finds the details in a message: numbers, dates, money, names, each with its normal value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from nlu.entity_codes import codes
from nlu.entity_dates import dates
from nlu.entity_found import Found, without_overlaps
from nlu.entity_lexicon import EMPTY_LEXICON, Lexicon, known_names
from nlu.entity_numbers import amounts
from nlu.entity_times import times
from nlu.text import normalise
from nlu.understanding import SENTIMENT_TARGET, Entity, Mood


def find_entities(
    text: str, *, now: datetime, lexicon: Lexicon = EMPTY_LEXICON, mood: Mood = Mood.CALM
) -> tuple[Entity, ...]:
    """The entities of a message in the order of the text, none overlapping another.

    What a feeling is about is looked for only when the message's `mood` is not calm.

    Spans index `text` as it was typed. `now` is the customer's moment with its time zone; relative
    dates are counted on its calendar. Takes time linear in the length of the text. Raises
    ValueError for a `now` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be aware: give the customer's time zone with it")
    normal = normalise(text)
    everything = _all_found(normal.text, today=now.date(), lexicon=lexicon)
    found = without_overlaps(
        one for one in everything if mood is not Mood.CALM or one.name != SENTIMENT_TARGET
    )
    entities: list[Entity] = []
    for one in found:
        start, end = normal.span(one.start, one.end)
        # One typed character may stand for several (½ becomes three): it belongs to the first find.
        if not entities or start >= entities[-1].end:
            entities.append(Entity(one.name, one.value, start, end))
    return tuple(entities)


def _all_found(text: str, *, today: date, lexicon: Lexicon) -> Iterator[Found]:
    yield from codes(text, waybill_prefixes=lexicon.prefixes)
    yield from dates(text, today=today)
    yield from times(text)
    yield from amounts(text)
    yield from known_names(text, lexicon)
