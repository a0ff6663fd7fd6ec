"""Upsert: insert rows or change those that are there, in one statement on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def upsert(
    session: Session,
    table: Table,
    values: Mapping[str, Any],
    *,
    changes: Mapping[str, Any] | None = None,
    update_if: Callable[[Any, Any], ColumnElement[bool]] | None = None,
) -> None:
    """Insert `values`, or update the row with the same primary key with them, or with `changes`.

    `update_if` gets the stored and the new columns and may keep the stored row as it is.
    """
    statement = _insert(session, table).values(**values)
    key = [column.name for column in table.primary_key]
    same = {name: statement.excluded[name] for name in values if name not in key}
    where = update_if(table.c, statement.excluded) if update_if else None
    if same:
        statement = statement.on_conflict_do_update(
            index_elements=key, set_=changes or same, where=where
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    session.execute(statement)


def insert_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet; the others stay as they are.

    Rows go in by the order of their keys: two transactions that insert the same ones wait for each
    other instead of locking each other out.
    """
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in key))
    statement = _insert(session, table).on_conflict_do_nothing(index_elements=key)
    session.execute(statement, ordered)


def _insert(session: Session, table: Table) -> Any:
    postgres = session.get_bind().dialect.name == "postgresql"
    return (postgresql if postgres else sqlite).insert(table)
