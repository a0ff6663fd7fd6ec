"""Signing in, and what a newcomer sees before the first account exists."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.session import current_staff
from webapp.current import services
from webapp.pages.frame import home_of

bp = Blueprint("pages_sign_in", __name__)


@bp.get("/login")
def login() -> str | Response:
    """The sign-in form; somebody who is signed in goes on at once."""
    staff = current_staff()
    wanted = _own_path(request.args.get("next"))
    if staff is not None:
        return redirect(wanted or home_of(staff.role))
    if not _has_accounts():
        return redirect(url_for(".setup"))
    return render_template("login.html", extra_data={"next": wanted})


@bp.get("/setup")
def setup() -> str:
    """The form for the first administrator; later it only says that it is done."""
    return render_template("setup.html", ready=_has_accounts())


def _has_accounts() -> bool:
    with services().db.read() as work:
        return work.staff.count() > 0


def _own_path(path: str | None) -> str | None:
    """The path when it is one of this site, so that a link cannot send people elsewhere."""
    if path is None or not path.isprintable():  # browsers drop tabs: "/\t/evil" is "//evil"
        return None
    own = path.startswith("/") and path[1:2] not in ("/", "\\")
    return path if own else None
