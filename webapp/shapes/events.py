"""Events, as the stream and a long poll bring them."""

from __future__ import annotations

from datetime import datetime

from webapp.records import JsonObject
from webapp.shapes.wire import Wire


class EventOut(Wire):
    """One thing that happened; `id` is the cursor to resume from."""

    id: int
    kind: str
    conversation_id: str | None = None
    data: JsonObject
    created_at: datetime


class EventsOut(Wire):
    """What a long poll brings: events in order, and the cursor to go on from."""

    events: list[EventOut]
    cursor: int
