"""The agents' workbench."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("pages_desk", __name__)


@bp.get("/desk")
def desk() -> str:
    """List, thread and details; the scripts fill them from the API and keep them live."""
    return render_template("desk.html", script="desk/page.js")
