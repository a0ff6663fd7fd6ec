"""Staff: the accounts of those who work here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handoff.agent import Role
from webapp.db import tables
from webapp.db.errors import AlreadyExists, StaffNotFound
from webapp.records import StaffMember

_s = tables.staff.c


class Staff:
    """Keeps accounts. E-mail addresses are compared without case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        email: str,
        name: str,
        role: Role,
        password_hash: str,
        skills: Iterable[str] = (),
        now: datetime,
    ) -> StaffMember:
        """Keep a new account; raises AlreadyExists for an address that has one."""
        statement = (
            insert(tables.staff)
            .values(
                email=email.strip().casefold(),
                name=name,
                role=role,
                skills=tuple(skills),
                active=True,
                password_hash=password_hash,
                created_at=now,
                updated_at=now,
            )
            .returning(_s.id)
        )
        try:
            with self._session.begin_nested():
                staff_id = self._session.execute(statement).scalar_one()
        except IntegrityError as error:
            raise AlreadyExists(f"There is an account for {email} already.") from error
        return self.get(staff_id)

    def others_with(self, roles: Iterable[Role], *, than: int) -> int:
        """How many other people who still work here have one of these roles."""
        query = select(func.count()).where(_s.role.in_(list(roles)), _s.active, _s.id != than)
        return self._session.scalar(query) or 0

    def get(self, staff_id: int) -> StaffMember:
        """One account; raises StaffNotFound."""
        row = self._session.execute(select(tables.staff).where(_s.id == staff_id)).one_or_none()
        if row is None:
            raise StaffNotFound(f"No member of staff has the id {staff_id}.")
        return staff_member(row)

    def by_email(self, email: str) -> StaffMember | None:
        """The account with this address, or None."""
        query = select(tables.staff).where(_s.email == email.strip().casefold())
        row = self._session.execute(query).one_or_none()
        return None if row is None else staff_member(row)

    def list(self, *, active_only: bool = False) -> list[StaffMember]:
        """Every account by name."""
        query = select(tables.staff).order_by(_s.name, _s.id)
        if active_only:
            query = query.where(_s.active)
        return [staff_member(row) for row in self._session.execute(query)]

    def hold_admins(self) -> tuple[StaffMember, ...]:
        """Every active administrator, locked until the transaction ends.

        Of two who take each other's role away at once, the second waits here and then sees what
        the first has done. Signing in and whatever else only refers to them goes on.
        """
        query = (
            select(tables.staff)
            .where(_s.role == Role.ADMIN, _s.active)
            .order_by(_s.id)
            .with_for_update(key_share=True)
        )
        return tuple(staff_member(row) for row in self._session.execute(query))

    def count(self) -> int:
        """How many accounts there are; 0 means that nobody has set this installation up."""
        return self._session.execute(select(func.count(_s.id))).scalar_one()

    def change(
        self,
        staff_id: int,
        *,
        name: str | None = None,
        role: Role | None = None,
        skills: Iterable[str] | None = None,
        active: bool | None = None,
        password_hash: str | None = None,
        now: datetime,
    ) -> StaffMember:
        """Change what is given; raises StaffNotFound. Ending sessions is the caller's decision."""
        given = {
            "name": name,
            "role": role,
            "skills": None if skills is None else tuple(skills),
            "active": active,
            "password_hash": password_hash,
        }
        values = {key: value for key, value in given.items() if value is not None}
        statement = update(tables.staff).where(_s.id == staff_id)
        self._session.execute(statement.values(updated_at=now, **values))
        return self.get(staff_id)


def staff_member(row: Row[tuple[object, ...]]) -> StaffMember:
    """The record of one row that holds the columns of `staff`, maybe beside others."""
    found = row._mapping
    return StaffMember(
        id=found[_s.id],
        email=found[_s.email],
        name=found[_s.name],
        role=found[_s.role],
        skills=found[_s.skills],
        active=found[_s.active],
        password_hash=found[_s.password_hash],
        created_at=found[_s.created_at],
        brand_id=found[_s.brand_id],
    )
