"""Texts and numbers as the bodies and queries of several calls hold them."""

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
