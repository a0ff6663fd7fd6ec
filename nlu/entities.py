"""Finds the details in a message: numbers, dates, money, names, each with its normal value."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import datetime
from itertools import chain
from typing import Final

from nlu.entity_amounts import amounts
from nlu.entity_codes import codes
from nlu.entity_custom import NO_CUSTOM, CustomEntities, custom_entities
from nlu.entity_dates import dates
from nlu.entity_durations import durations
from nlu.entity_found import Found, Rank, without_overlaps
from nlu.entity_lexicon import EMPTY_LEXICON, Lexicon, known_names
from nlu.entity_measures import measures
from nlu.entity_numbers import numbers
from nlu.entity_ranges import ranges
from nlu.entity_recurrence import recurrences
from nlu.entity_stretches import stretches
from nlu.entity_times import parts_of_days, times
from nlu.entity_urls import with_capitals
from nlu.entity_writing import one_writing, put_back, without_gaps
from nlu.text import NormalisedText, normalise
from nlu.understanding import SENTIMENT_TARGET, Entity, Mood

_CHINESE_MARK: Final = re.compile(r"[，；！？（）～]|：(?![／/0-9\uff10-\uff19])")


def find_entities(
    text: str,
    *,
    now: datetime,
    lexicon: Lexicon = EMPTY_LEXICON,
    custom: CustomEntities = NO_CUSTOM,
    mood: Mood = Mood.CALM,
    kinds: Container[str] | None = None,
) -> tuple[Entity, ...]:
    """The entities of a message in the order of the text, none overlapping another.

    `custom` is what training files taught, `lexicon` what the pack lists. What a feeling is about
    is looked for only when the message's `mood` is not calm. With `kinds` the others are
    overlooked, as if they did not exist: the 3 of 3件 is then a number.

    Spans index `text` as it was typed. `now` is the customer's moment with its time zone; relative
    dates are counted on its calendar. Takes time linear in the length of the text. Raises
    ValueError for a `now` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be aware: give the customer's time zone with it")
    normal = normalise(text)
    everything = chain(
        _all_found(normal.text, now=now, lexicon=lexicon),
        custom_entities(text, normal, custom, lexicon),
    )
    found = without_overlaps(
        one
        for one in everything
        if (mood is not Mood.CALM or one.name != SENTIMENT_TARGET)
        and (kinds is None or one.name in kinds)
    )
    entities: list[Entity] = []
    for one in found:
        entity = _as_typed(one, normal, text)
        # One typed character may stand for several (½ becomes three): it belongs to the first find.
        free = not entities or entity.start >= entities[-1].end
        if entity.start < entity.end and free:
            entities.append(entity)
    return tuple(entities)


def _as_typed(one: Found, normal: NormalisedText, text: str) -> Entity:
    """The entity at its place in the text as it was typed."""
    start, end = normal.span(one.start, one.end)
    value = one.value
    if one.name == "url":
        if (mark := _CHINESE_MARK.search(text, start, end)) is not None:
            # In half width the comma after an address looks like a part of it.
            end = mark.start()
            value = normalise(text[start:end]).text
        value = with_capitals(value, text[start:end])
    return Entity(one.name, value, start, end)


def _all_found(text: str, *, now: datetime, lexicon: Lexicon) -> Iterator[Found]:
    yield from codes(text, waybill_prefixes=lexicon.prefixes)
    written = one_writing(text)
    dated, places = without_gaps(written)
    yield from put_back(_calendar(dated, now), places)
    yield from amounts(written)
    yield from measures(written)
    yield from numbers(written)
    yield from known_names(text, lexicon)


def _calendar(text: str, now: datetime) -> Iterator[Found]:
    moments = [*dates(text, today=now.date()), *times(text)]
    yield from moments
    yield from ranges(text, moments, today=now.date())
    yield from parts_of_days(text)
    yield from recurrences(text, moments)
    for value, start, end in stretches(text, now.date()):
        first, _, last = value.partition("/")
        name, value = ("date", first) if first == last else ("date_range", value)
        yield Found(name, value, start, end, Rank.PHRASE)
    yield from durations(text, now=now)
