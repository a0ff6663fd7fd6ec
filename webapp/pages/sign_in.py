"""Signing in, and what a newcomer sees before the first account exists."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
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
    return render_template("login.html", extra_data={"next": wanted})


@bp.get("/setup")
def setup() -> str:
    """How the first account is made; it says nothing about accounts that exist."""
    with services().db.read() as work:
        ready = work.staff.count() > 0
    return render_template("setup.html", ready=ready, data_folder=services().settings.data)


def _own_path(path: str | None) -> str | None:
    """The path when it is one of this site, so that a link cannot send people elsewhere."""
    own = path is not None and path.startswith("/") and path[1:2] not in ("/", "\\")
    return path if own else None
