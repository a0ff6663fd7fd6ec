"""Signing in and out, oneself, colleagues and accounts."""

from __future__ import annotations

import re
from typing import Annotated

from flask import Blueprint, Response
from pydantic import AfterValidator, Field

from dialogue import exchange
from handoff.agent import Role
from webapp.api.fields import stripped
from webapp.auth import session
from webapp.auth.passwords import check_password, generate_password, hash_password
from webapp.auth.permissions import DESK
from webapp.auth.session import required_staff
from webapp.current import now, record, services
from webapp.db.errors import AlreadyExists
from webapp.db.work import Work
from webapp.errors import InvalidInput
from webapp.limits import limit_logins
from webapp.operations import Answered, Body, Operations, refuse
from webapp.records import StaffMember
from webapp.secrets import forget_setup_code
from webapp.shapes.staff import AccountCreated, AccountOut, AccountsOut, MeOut, StaffList
from webapp.wire import account_out, staff_out

bp = Blueprint("api_account", __name__)
route = Operations(bp)

_SET_UP = "The set-up is done; accounts are added by an administrator."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text.strip()):
        raise refuse("email", "This is not an e-mail address.")
    return text.strip()


Email = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(_email)]
Name = Annotated[str, Field(min_length=1, max_length=100), stripped("The name is empty.")]
Password = Annotated[str, Field(max_length=1000)]
Skills = Annotated[list[Annotated[str, Field(min_length=1, max_length=50)]], Field(max_length=50)]


class LoginIn(Body):
    """E-mail address and password."""

    email: str = Field(max_length=254)
    password: Password


class SetupIn(Body):
    """The first administrator; without a password one is generated and shown once."""

    code: str = Field(max_length=100)
    email: Email
    name: Name
    password: Password | None = None


class PasswordIn(Body):
    """A new password, with the one it replaces."""

    current: Password
    new: Password


class AccountIn(Body):
    """A new account; without a password one is generated and shown once."""

    email: Email
    name: Name
    role: Role
    skills: Skills = Field(default_factory=list)
    password: Password | None = None


class AccountChange(Body):
    """What to change; what is left out stays."""

    name: Name | None = None
    role: Role | None = None
    skills: Skills | None = None
    active: bool | None = None
    password: Password | None = None


@route("POST", "/api/v1/session", body=LoginIn, answers={200: MeOut}, problems=(401, 403, 429))
def sign_in(body: LoginIn) -> Answered:
    """Sign in: sets the session's cookie and returns the CSRF token"""
    limit_logins()
    session.must_be_same_origin()
    staff = session.check_login(body.email, body.password)
    response = Response(mimetype="application/json")
    token = session.sign_in(staff, response)
    response.set_data(_me(staff, token).model_dump_json())
    return response


@route(
    "POST",
    "/api/v1/setup",
    body=SetupIn,
    answers={201: AccountCreated},
    problems=(401, 403, 409, 429),
)
def set_up(body: SetupIn) -> Answered:
    """Make the first administrator, with the one-time code that `jiedai up` printed"""
    session.must_be_same_origin()
    _must_be_new()
    session.check_setup_code(body.code)
    password = body.password or generate_password()
    check_password(password, email=body.email)
    password_hash = hash_password(password)
    with services().db.write() as work:
        if work.staff.count():
            raise AlreadyExists(_SET_UP)
        staff = work.staff.add(
            email=body.email,
            name=body.name,
            role=Role.ADMIN,
            password_hash=password_hash,
            now=now(),
        )
        record(work, "account.created", f"staff:{staff.id}", actor="first setup")
    forget_setup_code(services().settings.secrets_folder)
    shown = None if body.password else password
    return AccountCreated(**dict(account_out(staff)), password=shown)


@route("DELETE", "/api/v1/session", answers={204: None})
def sign_out() -> Answered:
    """End this session on the server"""
    response = Response(status=204)
    session.sign_out(response)
    return response


@route("GET", "/api/v1/me", answers={200: MeOut})
def me() -> Answered:
    """Who asks, with the CSRF token that a session's changes must carry"""
    return _me(required_staff(), session.csrf_token())


@route("PUT", "/api/v1/me/password", body=PasswordIn, answers={204: None}, problems=(429,))
def change_password(body: PasswordIn) -> Answered:
    """Change one's own password; every other session ends"""
    session.change_password(required_staff(), current=body.current, new=body.new)
    return Response(status=204)


@route("GET", "/api/v1/staff", answers={200: StaffList})
def list_staff() -> Answered:
    """Colleagues to whom a conversation can be given"""
    with services().db.read() as work:
        staff = work.staff.list(active_only=True)
    return StaffList(items=[staff_out(s) for s in staff if s.role in DESK.roles])


@route("GET", "/api/v1/accounts", answers={200: AccountsOut})
def list_accounts() -> Answered:
    """Every account"""
    with services().db.read() as work:
        return AccountsOut(items=[account_out(s) for s in work.staff.list()])


@route("POST", "/api/v1/accounts", body=AccountIn, answers={201: AccountCreated}, problems=(409,))
def create_account(body: AccountIn) -> Answered:
    """Add an account; a generated password is shown this once"""
    password = body.password or generate_password()
    check_password(password, email=body.email)
    password_hash = hash_password(password)
    with services().db.write() as work:
        staff = work.staff.add(
            email=body.email,
            name=body.name,
            role=body.role,
            skills=body.skills,
            password_hash=password_hash,
            now=now(),
        )
        _record(work, "account.created", staff, role=staff.role.value)
    shown = None if body.password else password
    return AccountCreated(**dict(account_out(staff)), password=shown)


@route(
    "PUT",
    "/api/v1/accounts/<int:staff_id>",
    body=AccountChange,
    answers={200: AccountOut},
    problems=(409,),
)
def change_account(staff_id: int, body: AccountChange) -> Answered:
    """Change an account; disabling it ends sessions and tokens, and its customers queue again"""
    password_hash = None
    if body.password is not None:
        with services().db.read() as work:
            check_password(body.password, email=work.staff.get(staff_id).email)
        password_hash = hash_password(body.password)
    with services().db.write() as work:
        _must_leave_an_admin(staff_id, body, work)
        staff = work.staff.change(
            staff_id,
            name=body.name,
            role=body.role,
            skills=body.skills,
            active=body.active,
            password_hash=password_hash,
            now=now(),
        )
        if body.active is False or body.password is not None:
            work.sessions.end_all(staff_id)
        if body.active is False:
            work.tokens.revoke_all(staff_id, now=now())
        if not staff.active or staff.role not in DESK.roles:
            _return_conversations(staff_id, work)
        changed = ",".join(sorted(body.model_fields_set))
        _record(work, "account.changed", staff, changed=changed)
    return account_out(staff)


def _must_be_new() -> None:
    with services().db.read() as work:
        if work.staff.count():
            raise AlreadyExists(_SET_UP)


def _must_leave_an_admin(staff_id: int, body: AccountChange, work: Work) -> None:
    if body.active is not False and body.role in (None, Role.ADMIN):
        return
    if [admin.id for admin in work.staff.hold_admins()] == [staff_id]:
        raise InvalidInput("This is the last administrator; make somebody else one first.")


def _return_conversations(staff_id: int, work: Work) -> None:
    """Let others take what somebody held who is at the desk no more: the customers still wait."""
    by = required_staff().agent
    for conversation_id in work.conversations.held_by(staff_id):
        exchange.return_to_queue(conversation_id, by=by, desk=work.desk, now=now())


def _me(staff: StaffMember, csrf_token: str | None) -> MeOut:
    return MeOut(**dict(account_out(staff)), csrf_token=csrf_token)


def _record(work: Work, action: str, staff: StaffMember, **detail: str) -> None:
    by = required_staff()
    record(work, action, f"staff:{staff.id}", actor=by.email, staff_id=by.id, detail=detail)
