"""The base of everything that leaves the program as JSON."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """Base of everything that leaves the program as JSON."""

    model_config = ConfigDict(frozen=True)
