"""What customers see: the demo shop with the widget, and the chat page of its own."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.current import services
from webapp.widget_script import widget_version

bp = Blueprint("pages_customer", __name__)


@bp.get("/")
def shop() -> str | Response:
    """The demo shop's front page, which carries the widget as any site would.

    A company of another industry has no goods to show: its customers get the chat page.
    """
    if not services().settings.has_demo_shop:
        return redirect(url_for("pages_customer.chat"))
    return render_template("shop.html", widget_version=widget_version())


@bp.get("/chat")
def chat() -> str:
    """The customer's window as a page of its own, for links and QR codes."""
    return render_template("chat.html")
