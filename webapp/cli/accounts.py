"""`jiedai user` and `jiedai token`: accounts of staff and their API tokens."""

from __future__ import annotations

from pathlib import Path

import click

from handoff.agent import Role
from webapp.auth.passwords import check_password, generate_password, hash_password
from webapp.auth.tokens import hash_token, new_token
from webapp.cli.options import Misuse, data_option, existing, plain_errors
from webapp.db import schema
from webapp.db.database import Database, utc_now
from webapp.secrets import forget_setup_code


@click.group()
def user() -> None:
    """Create accounts of staff."""


@user.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", help="Shown to customers; default: the part of EMAIL before the @.")
@click.option("--skills", default="", help="Comma-separated, for example after_sales,finance.")
@click.option("--password", help="Generated and shown once when left out.")
@data_option
def create_user(
    email: str, role: str, name: str | None, skills: str, password: str | None, data: Path | None
) -> None:
    """Create an account; its password is given, or generated and shown once."""
    with plain_errors():
        settings = existing(data)
        schema.check_current(settings.database_url)
        db = Database(settings.database_url)
        chosen = add_account(
            db,
            email=email,
            role=Role(role),
            name=name,
            skills=tuple(part.strip() for part in skills.split(",") if part.strip()),
            password=password,
        )
        forget_setup_code(settings.secrets_folder)
    click.echo(f"Account {email} ({role}) created.", err=True)
    if password is None:
        click.echo(f"Password, shown this once: {chosen}", err=True)


@click.group()
def token() -> None:
    """Create API tokens."""


@token.command("create")
@click.argument("email")
@click.option("--name", default="command line", help="What the token is for.")
@data_option
def create_token(email: str, name: str, data: Path | None) -> None:
    """Create an API token for an account and print it, alone."""
    with plain_errors():
        settings = existing(data)
        schema.check_current(settings.database_url)
        value = new_token()
        now = utc_now()
        with Database(settings.database_url).write() as work:
            staff = work.staff.by_email(email)
            if staff is None:
                raise Misuse(f"There is no account for {email}: see `jiedai user create`.")
            if not staff.active:
                raise Misuse(f"The account {email} is disabled.")
            work.tokens.add(hash_token(value), staff_id=staff.id, name=name, now=now)
            work.audit.add("token.created", f"staff:{staff.id}", actor="command line", now=now)
    click.echo(value)


def add_account(
    db: Database,
    *,
    email: str,
    role: Role,
    name: str | None = None,
    skills: tuple[str, ...] = (),
    password: str | None = None,
) -> str:
    """Keep a new account; returns its password, which is generated when none is given.

    Raises AlreadyExists, WeakPassword, and Misuse for what is no e-mail address.
    """
    local, at, domain = email.strip().partition("@")
    if not (local and at and domain) or any(c.isspace() for c in email.strip()):
        raise Misuse(f"{email!r} is no e-mail address.")
    chosen = password or generate_password()
    if password is not None:
        check_password(password, email=email)
    now, password_hash = utc_now(), hash_password(chosen)
    with db.write() as work:
        member = work.staff.add(
            email=email,
            name=name or local,
            role=role,
            password_hash=password_hash,
            skills=skills,
            now=now,
        )
        work.audit.add("account.created", f"staff:{member.id}", actor="command line", now=now)
    return chosen
