"""Static files, Bootstrap and the widget's script."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request, send_from_directory

from webapp.assets import STATIC, bootstrap_folder
from webapp.widget_script import widget_script, widget_version

bp = Blueprint("pages_assets", __name__)

_FOR_EVER = "public, max-age=31536000, immutable"
_FIVE_MINUTES = "public, max-age=300"


@bp.get("/assets/<version>/<path:filename>")
def asset(version: str, filename: str) -> Response:
    """One static file; `version` only makes the address new when a file changed."""
    response = send_from_directory(STATIC, filename)
    response.headers["Cache-Control"] = _FOR_EVER
    return response


@bp.get("/assets/bootstrap/bootstrap.min.css")
def bootstrap() -> Response:
    """Bootstrap's style sheet, out of the installed package."""
    response = send_from_directory(bootstrap_folder(), "bootstrap.min.css")
    response.headers["Cache-Control"] = _FIVE_MINUTES
    return response


@bp.get("/widget.js")
def widget() -> Response:
    """The chat widget as one script, for pages of any origin."""
    response = make_response(widget_script())
    response.content_type = "text/javascript; charset=utf-8"
    versioned = request.args.get("v") == widget_version()
    response.headers["Cache-Control"] = _FOR_EVER if versioned else _FIVE_MINUTES
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(widget_version())
    response.make_conditional(request)
    return response
