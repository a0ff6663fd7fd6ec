"""Chore: something that the worker does again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again; `every` is a pause, not a rate."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]
