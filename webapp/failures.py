"""Answers errors: JSON for programs, a page for people, never what an exception says of itself."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote
from uuid import uuid4

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from webapp.db.errors import StoreUnavailable
from webapp.error_details import details_of
from webapp.errors import BASES, NotSignedIn, WebError, code_of, status_of
from webapp.logs import get_logger
from webapp.metrics import ERRORS
from webapp.records import JsonValue
from webapp.shapes.system import ErrorOut

_log = get_logger(__name__)

_MACHINE = ("/api/", "/model/", "/assets/")

# What a customer or program is told where the error's own words would be an id and nothing else.
_WORDS = {
    HTTPStatus.NOT_FOUND: "There is no such thing, or it is not for you.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method; see Allow.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large; send less.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "This kind of body is not taken; send JSON.",
    HTTPStatus.BAD_REQUEST: "The request cannot be read.",
}


def install(app: Flask) -> None:
    """Answer every error of the application in one shape."""
    for base in BASES:
        app.register_error_handler(base, answer_known)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_unexpected)


def answer_known(error: Exception) -> Response:
    """An error that the table names; whatever it calls internal is unexpected."""
    status = status_of(type(error))
    if status is None:
        return answer_unexpected(error)
    if isinstance(error, NotSignedIn) and wants_page():
        return _to_login()
    not_found = status is HTTPStatus.NOT_FOUND
    response = _answer(
        status,
        code=code_of(type(error)),
        message=_WORDS[status] if not_found else str(error),
        details=details_of(error),
    )
    retry_after = _retry_after(error)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def answer_http(error: HTTPException) -> Response:
    """An error of the web framework: no such address, wrong method, body too large."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return Response(error.get_body(), error.code or 302, error.get_headers())
    status = HTTPStatus(error.code)
    response = _answer(
        status,
        code="".join(word.capitalize() for word in status.name.split("_")),
        message=_WORDS.get(status, status.phrase),
    )
    allow = dict(error.get_headers()).get("Allow")
    if allow:
        response.headers["Allow"] = allow
    return response


def answer_unexpected(error: Exception) -> Response:
    """A mistake of ours: logged under an incident id, which is all that the caller learns."""
    incident = uuid4().hex[:12]
    _log.error("unexpected", incident=incident, exc_info=error)
    ERRORS.labels(route=route()).inc()
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="InternalError",
        message=f"Something went wrong on our side. If it stays, report incident {incident}.",
        details={"incident": incident},
    )


def route() -> str:
    """The rule of this request, which unlike its path holds no ids; `none` where none fits."""
    return request.url_rule.rule if request.url_rule else "none"


def _answer(status: HTTPStatus, *, code: str, message: str, details: JsonValue = None) -> Response:
    if wants_page():
        return _page(status, message=message, details=details)
    body = ErrorOut(error=code, message=message, details=details)
    return Response(body.model_dump_json(), status, mimetype="application/json")


def wants_page() -> bool:
    """Whether the caller is a browser that navigates, rather than a program or a script."""
    if request.path.startswith(_MACHINE):
        return False
    return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def _page(status: HTTPStatus, *, message: str, details: JsonValue) -> Response:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.caller = None  # the database may be what failed: the page must do without it
    page = render_template("error.html", status=status.value, message=message, details=details)
    return Response(page, status, mimetype="text/html")


def _to_login() -> Response:
    """Ask a person to sign in and come back here."""
    following = request.full_path.rstrip("?") if request.method == "GET" else "/"
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.location = f"/login?next={quote(following)}"
    return response


def _retry_after(error: Exception) -> int | None:
    return error.retry_after if isinstance(error, (WebError, StoreUnavailable)) else None
