"""Errors, and what the program says of itself."""

from __future__ import annotations

from pydantic import JsonValue

from webapp.shapes.wire import Wire


class ErrorOut(Wire):
    """The one shape of every error; `error` is a stable code, `message` says what to do."""

    error: str
    message: str
    details: JsonValue = None


class AliveOut(Wire):
    """The process answers."""

    status: str


class PartOut(Wire):
    """One part of the program; `message` says what is wrong and what to do."""

    ready: bool
    message: str | None = None


class ReadyOut(Wire):
    """Whether the program can serve, with each part's state."""

    ready: bool
    parts: dict[str, PartOut]
