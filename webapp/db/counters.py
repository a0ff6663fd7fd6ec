"""Counters that tell every process that something has changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.upsert import upsert

_c = tables.counters.c


def read_counter(session: Session, name: str) -> int:
    """The counter's number; 0 before it was ever moved."""
    return session.scalar(select(_c.value).where(_c.name == name)) or 0


def move_counter(session: Session, name: str) -> None:
    """Count one more. The row stays locked to the end of the transaction: who moves the counter
    after that reads what is committed here, and numbers are in the order of commits."""
    upsert(session, tables.counters, {"name": name, "value": 1}, changes={"value": _c.value + 1})


def set_counter(session: Session, name: str, value: int) -> None:
    """Set a counter that is the caller's own, for all processes."""
    upsert(session, tables.counters, {"name": name, "value": value})
