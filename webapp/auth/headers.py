"""Headers that every response carries: what a browser may load, frame, keep and share."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request

from webapp.current import services

WIDGET_PREFIX = "/api/v1/widget/"

# No inline script or style anywhere: an injected tag has nothing to run with.
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": _CSP,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_FRAMED = "pages_customer.chat"
_HSTS = "max-age=31536000"


def install(app: Flask) -> None:
    """Add the headers to every response of the application."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """The security headers, no caching of the API, and CORS for the widget's calls alone."""
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    if request.endpoint == _FRAMED:  # the customer's window may stand in a page of the shop
        response.headers["Content-Security-Policy"] = _CSP.replace(
            "ancestors 'none'", "ancestors *"
        )
        del response.headers["X-Frame-Options"]
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", _HSTS)
    if request.path.startswith(("/api/", "/model/")) or request.authorization:
        response.headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith(WIDGET_PREFIX):
        allowed = services().settings.widget_origins
        response.headers.update(cors_headers(request.headers.get("Origin"), allowed))
    return response


def cors_headers(origin: str | None, allowed: Sequence[str]) -> dict[str, str]:
    """CORS for the widget, never with credentials; `allowed` empty means any site.

    An origin that is not allowed gets no permission.
    """
    if origin is None:
        return {"Vary": "Origin"} if allowed else {}
    if allowed and origin not in allowed:
        return {"Vary": "Origin"}
    headers = {
        "Access-Control-Allow-Origin": origin if allowed else "*",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": (
            "Authorization, Content-Type, X-Conversation-Token, Last-Event-ID"
        ),
        "Access-Control-Max-Age": "600",
    }
    return {**headers, "Vary": "Origin"} if allowed else headers
