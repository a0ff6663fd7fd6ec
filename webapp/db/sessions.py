"""Signed-in browsers, API tokens and failed sign-ins; secrets are kept as hashes only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Row, case, delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.staff import staff_member
from webapp.db.upsert import upsert
from webapp.records import StaffMember, StaffSession

_sessions = tables.staff_sessions.c
_tokens = tables.api_tokens.c
_failures = tables.login_failures.c
_staff = tables.staff.c


class Sessions:
    """Keeps signed-in browsers; the cookie's value is known here only by its SHA-256."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        token_hash: str,
        *,
        staff_id: int,
        csrf_token: str,
        expires_at: datetime,
        now: datetime,
    ) -> None:
        """Keep a new session."""
        self._session.execute(
            insert(tables.staff_sessions).values(
                token_hash=token_hash,
                staff_id=staff_id,
                csrf_token=csrf_token,
                created_at=now,
                seen_at=now,
                expires_at=expires_at,
            )
        )

    def find(self, token_hash: str, *, now: datetime) -> StaffSession | None:
        """The session, unless it has expired or its owner is no longer active."""
        query = (
            select(tables.staff_sessions, tables.staff)
            .join(tables.staff, _staff.id == _sessions.staff_id)
            .where(_sessions.token_hash == token_hash, _sessions.expires_at > now, _staff.active)
        )
        row = self._session.execute(query).one_or_none()
        return None if row is None else _session_of(row)

    def touch(self, token_hash: str, *, expires_at: datetime, now: datetime) -> None:
        """Note that the session is in use and prolong it."""
        self._session.execute(
            update(tables.staff_sessions)
            .where(_sessions.token_hash == token_hash)
            .values(seen_at=now, expires_at=expires_at)
        )

    def end(self, token_hash: str) -> None:
        """Sign one browser out."""
        self._session.execute(
            delete(tables.staff_sessions).where(_sessions.token_hash == token_hash)
        )

    def end_all(self, staff_id: int, *, but: str | None = None) -> None:
        """Sign somebody out everywhere, save for one session."""
        statement = delete(tables.staff_sessions).where(_sessions.staff_id == staff_id)
        if but is not None:
            statement = statement.where(_sessions.token_hash != but)
        self._session.execute(statement)

    def delete_expired(self, *, now: datetime) -> None:
        """Forget sessions that nobody can use any more."""
        self._session.execute(delete(tables.staff_sessions).where(_sessions.expires_at <= now))


class Tokens:
    """Keeps API tokens by their SHA-256."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, token_hash: str, *, staff_id: int, name: str, now: datetime) -> None:
        """Keep a new token."""
        self._session.execute(
            insert(tables.api_tokens).values(
                token_hash=token_hash, staff_id=staff_id, name=name, created_at=now
            )
        )

    def owner(self, token_hash: str) -> StaffMember | None:
        """Whose token it is, unless it was revoked or its owner is no longer active."""
        query = (
            select(tables.staff)
            .join(tables.api_tokens, _tokens.staff_id == _staff.id)
            .where(_tokens.token_hash == token_hash, _tokens.revoked_at.is_(None), _staff.active)
        )
        row = self._session.execute(query).one_or_none()
        return None if row is None else staff_member(row)

    def revoke_all(self, staff_id: int, *, now: datetime) -> None:
        """Make every token of somebody useless."""
        self._session.execute(
            update(tables.api_tokens)
            .where(_tokens.staff_id == staff_id, _tokens.revoked_at.is_(None))
            .values(revoked_at=now)
        )


class LoginFailures:
    """Counts failed sign-ins by account and by address, and wrong guesses at an order."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, key: str, *, within: timedelta, now: datetime) -> int:
        """Failures under this key, if the last one is not longer ago than `within`."""
        query = select(_failures.failures).where(
            _failures.key == key, _failures.last_at > now - within
        )
        return self._session.execute(query).scalar_one_or_none() or 0

    def add(self, key: str, *, within: timedelta, now: datetime) -> int:
        """Count one more failure, and say how many it makes; after a quiet time counting starts
        again. One statement: of those who come at once each counts, and gets a number of its own.
        """
        first = {"key": key, "failures": 1, "first_at": now, "last_at": now}
        recent = _failures.last_at > now - within
        upsert(
            self._session,
            tables.login_failures,
            first,
            changes={
                "failures": case((recent, _failures.failures + 1), else_=1),
                "first_at": case((recent, _failures.first_at), else_=now),
                "last_at": now,
            },
        )
        return self.count(key, within=within, now=now)

    def clear(self, key: str) -> None:
        """Forget the failures after a successful sign-in."""
        self._session.execute(delete(tables.login_failures).where(_failures.key == key))

    def delete_before(self, moment: datetime) -> None:
        """Forget what nobody asks for any more: guessers invent ever new keys."""
        self._session.execute(delete(tables.login_failures).where(_failures.last_at < moment))


def _session_of(row: Row[tuple[object, ...]]) -> StaffSession:
    columns = row._mapping
    return StaffSession(
        staff=staff_member(row),
        csrf_token=columns[_sessions.csrf_token],
        created_at=columns[_sessions.created_at],
        seen_at=columns[_sessions.seen_at],
        expires_at=columns[_sessions.expires_at],
    )
