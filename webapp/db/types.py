"""Column types: aware UTC times, string enumerations, and frozen dataclasses as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

BIGGEST_ID = 2**31 - 1
"""The largest number that a row can have: PostgreSQL's integer."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: nobody knows what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; use datetime.now(UTC).")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[E], Generic[E]):
    """A StrEnum, kept as its value so that the tables can be read without this program."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        """Keep the value; an unknown one raises ValueError."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Give the member back."""
        return None if value is None else self.enum(value)


class JsonOf(TypeDecorator[T], Generic[T]):
    """A frozen value (dataclass, tuple, dict) as JSON; compared by value when looking for changes.

    `shape` is the annotation that pydantic validates against on reading.
    """

    impl = JSON(none_as_null=True)
    cache_ok = False

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.adapter: TypeAdapter[T] = TypeAdapter(shape)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        """To plain JSON data."""
        return None if value is None else self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        """Back to the value; data of another shape raises pydantic's ValidationError."""
        return None if value is None else self.adapter.validate_python(value)


class PathText(TypeDecorator[tuple[str, ...]]):
    """Names from the top down, kept as `手机/屏幕`, so that a branch is found by its beginning."""

    impl = String(320)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Join the names; the empty path is the empty text."""
        return None if value is None else "/".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Split it again."""
        return None if value is None else tuple(name for name in value.split("/") if name)
