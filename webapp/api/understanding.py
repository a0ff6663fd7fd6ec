"""What the program understands of a text, in the shape that Rasa's users know."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from nlu.understanding import Understanding
from webapp.api.fields import MAX_CHARACTERS
from webapp.current import now, services
from webapp.errors import ASK_DOCTOR, NotReady
from webapp.limits import limit_parses
from webapp.operations import Answered, Body, Operations
from webapp.shapes.understanding import EntityOut, IntentOut, ParseOut

bp = Blueprint("api_understanding", __name__)
route = Operations(bp)


class ParseIn(Body):
    """A text to understand."""

    text: str = Field(max_length=MAX_CHARACTERS)


@route("POST", "/model/parse", body=ParseIn, answers={200: ParseOut}, problems=(429,))
def parse(body: ParseIn) -> Answered:
    """Intent, ranking and entities of a text; `intent.name` is `out_of_scope` when rejected"""
    limit_parses()
    understands = services().understands
    if understands is None:
        raise NotReady(f"There is no model; {ASK_DOCTOR}")
    return parse_out(understands.understand(body.text, now=now()))


def parse_out(understanding: Understanding) -> ParseOut:
    """An understanding in Rasa's shape."""
    return ParseOut(
        text=understanding.text,
        intent=IntentOut(
            name=understanding.intent.name, confidence=understanding.intent.confidence
        ),
        intent_ranking=[
            IntentOut(name=score.name, confidence=score.confidence)
            for score in understanding.ranking
        ],
        entities=[
            EntityOut(
                entity=e.name,
                value=e.value,
                start=e.start,
                end=e.end,
                text=understanding.text[e.start : e.end],
            )
            for e in understanding.entities
        ],
        in_scope=understanding.in_scope,
        sure_from=understanding.sure_from,
        language=understanding.language,
        mood=understanding.mood,
        sentiment=understanding.emotion.sentiment,
        emotion=understanding.emotion,
        urgent=understanding.urgent,
    )
