"""Colleagues and accounts."""

from __future__ import annotations

from pydantic import Field

from handoff.agent import Role
from webapp.shapes.wire import Wire


class PersonOut(Wire):
    """A member of staff, as far as others need to know."""

    id: int
    name: str


class StaffOut(Wire):
    """A colleague to whom a conversation can be given."""

    id: int
    name: str
    role: Role
    skills: list[str] = Field(default_factory=list)


class StaffList(Wire):
    """Colleagues."""

    items: list[StaffOut]


class AccountOut(StaffOut):
    """An account, as administrators see it."""

    email: str
    active: bool = True


class AccountsOut(Wire):
    """Accounts."""

    items: list[AccountOut]


class AccountCreated(AccountOut):
    """A new account; a generated password is shown this once."""

    password: str | None = None


class MeOut(AccountOut):
    """The one who asks, with the token that state-changing calls of a session must carry."""

    csrf_token: str | None = None
