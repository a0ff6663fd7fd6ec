"""Texts and numbers as the bodies and queries of several calls hold them, and their sizes."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from webapp.operations import refuse

MAX_CHARACTERS = 4000
"""The longest message."""


def stripped(problem: str) -> AfterValidator:
    """Takes the space around a text away; refuses one of nothing else, with these words."""

    def strip(text: str) -> str:
        bare = text.strip()
        if not bare:
            raise refuse("empty", problem)
        return bare

    return AfterValidator(strip)


def _said(text: str) -> str:
    if not text.strip():
        raise refuse("empty", "An empty message says nothing; write something.")
    return text


Said = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS), AfterValidator(_said)]
ClientId = Annotated[str, Field(min_length=1, max_length=100)]

MAX_SOURCE = 500_000
"""The longest Markdown source of an article, in characters."""

SOURCE_BYTES = 4 * 1024 * 1024
"""The largest body with such a source."""

Source = Annotated[str, Field(min_length=1, max_length=MAX_SOURCE)]
NewArticleId = Annotated[str, Field(pattern=r"^\w[\w.\-]{0,99}$")]
Why = Annotated[str, Field(max_length=1000)]
