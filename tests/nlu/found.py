"""What is found in a text on a Sunday in Shanghai, for the tests of the finders of entities."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from nlu.entities import find_entities

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def values(text: str) -> list[tuple[str, str]]:
    """Names and values of the entities of a text, without a lexicon."""
    return [(e.name, e.value) for e in find_entities(text, now=SUNDAY)]
