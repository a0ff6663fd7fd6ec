"""One's own settings, and the accounts."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.pages.frame import role_names

bp = Blueprint("pages_settings", __name__)


@bp.get("/settings")
def settings() -> Response:
    """The first of the settings."""
    return redirect(url_for(".profile"))


@bp.get("/settings/profile")
def profile() -> str:
    """One's name, role and password."""
    return render_template(
        "profile.html", script="profile.js", here="profile", role_names=role_names()
    )


@bp.get("/settings/accounts")
def accounts() -> str:
    """Every account; administrators only."""
    return render_template(
        "accounts.html",
        script="accounts.js",
        here="accounts",
        extra_data={"roles": role_names()},
    )
