"""What settings say: their texts read as what they mean, or refused with the remedy."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class BadSettings(Exception):
    """A setting that cannot be used; the message names it and the remedy."""


def read_flag(name: str, text: str | None) -> bool:
    """True or false; nothing is false. Raises BadSettings."""
    if text is None or text.lower() in {"0", "false", "no", "off"}:
        return False
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    raise BadSettings(f"JIEDAI_{name.upper()}={text!r} is not true or false; set 1 or 0.")


def read_number(name: str, text: str | None, default: int) -> int:
    """A whole number. Raises BadSettings."""
    if text is None:
        return default
    if not text.isdecimal():
        raise BadSettings(f"JIEDAI_{name.upper()}={text!r} is not a whole number.")
    return int(text)


def read_one_of(name: str, text: str | None, known: Sequence[str]) -> str:
    """One of those known; nothing is the first. Raises BadSettings."""
    if text is None:
        return known[0]
    if text.lower() not in known:
        raise BadSettings(
            f"JIEDAI_{name.upper()}={text!r} is not known; write one of {', '.join(known)}."
        )
    return text.lower()


def read_networks(name: str, text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks with spaces between them. Raises BadSettings."""
    try:
        return tuple(ip_network(part) for part in (text or "").split())
    except ValueError as error:
        raise BadSettings(
            f"JIEDAI_{name.upper()}={text!r} is no list of networks; write for example "
            "10.0.0.0/8 192.168.1.7/32."
        ) from error


def read_limit(name: str, text: str | None, default: str) -> str:
    """So many in a time, as `flask-limiter` reads it. Raises BadSettings."""
    try:
        parse_many(text or default)
    except ValueError as error:
        raise BadSettings(
            f"JIEDAI_{name.upper()}={text!r} is no limit; write one such as {default}."
        ) from error
    return text or default


def read_level(text: str) -> str:
    """A level of the log. Raises BadSettings."""
    if text.upper() not in logging.getLevelNamesMapping():
        raise BadSettings(f"JIEDAI_LOG_LEVEL={text!r} is no level; write INFO, WARNING or ERROR.")
    return text.upper()


def read_database_url(text: str) -> str:
    """The address of a database, which is not shown where it is wrong. Raises BadSettings."""
    try:
        make_url(text)
    except ArgumentError as error:  # whose address may hold a password, so that it is not shown
        raise BadSettings(
            "JIEDAI_DATABASE_URL is no address of a database; write sqlite:///FILE or "
            "postgresql+psycopg://user:password@host/name."
        ) from error
    return text


def read_timezone(name: str) -> str:
    """The name of a time zone. Raises BadSettings."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSettings(
            f"JIEDAI_TIMEZONE={name!r} is no time zone; write one such as Asia/Shanghai."
        ) from error
    return name
