"""What customers see: the demo shop with the widget, and the chat page of its own."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.widget_script import widget_version

bp = Blueprint("pages_customer", __name__)


@bp.get("/")
def shop() -> str:
    """The demo shop's front page, which carries the widget as any site would."""
    return render_template("shop.html", widget_version=widget_version())


@bp.get("/chat")
def chat() -> str:
    """The customer's window as a page of its own, for links and QR codes."""
    return render_template("chat.html")
