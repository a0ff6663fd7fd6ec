"""The list of tickets and one ticket."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("pages_tickets", __name__)


@bp.get("/tickets")
def tickets() -> str:
    """Every ticket, by status."""
    return render_template("tickets.html", script="tickets.js")


@bp.get("/tickets/<int:ticket_id>")
def ticket(ticket_id: int) -> str:
    """One ticket; whether it exists and may be seen is the API's to say."""
    return render_template(
        "ticket.html", script="ticket.js", ticket_id=ticket_id, extra_data={"ticket": ticket_id}
    )
