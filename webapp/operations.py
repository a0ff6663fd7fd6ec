"""Declares an API route once: code, validation, permissions' test and OpenAPI follow from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from webapp.errors import BadRequest, InvalidInput
from webapp.records import JsonValue

JSON_BYTES = 64 * 1024
"""The largest JSON body, unless a route says otherwise: four times the longest message."""

Answered = BaseModel | tuple[BaseModel, int] | Response
View = Callable[..., Answered]
B = TypeVar("B", bound=BaseModel)


class Body(BaseModel):
    """Base of JSON bodies: types are taken as they are (a number is not a text)."""

    model_config = ConfigDict(strict=True, frozen=True)


class Query(BaseModel):
    """Base of query strings, where everything arrives as text."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """One route as it is documented. `answers` maps a status to its shape, None is not JSON.

    `problems` are the statuses of the errors that this route adds to those that follow from its
    shape (400, 413 and 422 with a body, 404 with a path parameter and so on).
    """

    method: str
    path: str
    endpoint: str
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    body: type[Body] | None = None
    query: type[Query] | None = None
    upload: str | None = None
    problems: tuple[int, ...] = ()
    max_bytes: int = JSON_BYTES
    media_type: str = "application/json"


OPERATIONS: dict[str, Operation] = {}
"""Every declared route by its endpoint."""


@dataclass(frozen=True, slots=True)
class Operations:
    """The routes of one blueprint."""

    blueprint: Blueprint

    def __call__(
        self,
        method: str,
        path: str,
        *,
        answers: Mapping[int, type[BaseModel] | None],
        body: type[Body] | None = None,
        query: type[Query] | None = None,
        upload: str | None = None,
        problems: tuple[int, ...] = (),
        max_bytes: int = JSON_BYTES,
        media_type: str = "application/json",
    ) -> Callable[[View], View]:
        """Route a view that takes its path's parameters, `body` and `query`, and returns a shape.

        The first of `answers` is the status of a bare return; another one is returned as a pair.
        The view's docstring is the summary in the document. `upload` names the file field of a
        multipart body, which the view reads from the request itself.
        """

        def declare(view: View) -> View:
            name = view.__name__
            operation = Operation(
                method=method,
                path=path,
                endpoint=f"{self.blueprint.name}.{name}",
                summary=(view.__doc__ or "").strip().splitlines()[0],
                answers=answers,
                body=body,
                query=query,
                upload=upload,
                problems=problems,
                max_bytes=max_bytes,
                media_type=media_type,
            )
            OPERATIONS[operation.endpoint] = operation
            self.blueprint.add_url_rule(
                path, endpoint=name, view_func=_serve(operation, view), methods=[method]
            )
            return view

        return declare


def read_json(shape: type[B], *, max_bytes: int = JSON_BYTES) -> B:
    """The request's JSON body in its shape; raises BadRequest, InvalidInput or werkzeug's 413."""
    request.max_content_length = max_bytes
    raw = request.get_data(cache=False)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8; encode the JSON as UTF-8.") from None
    try:
        json.loads(text or "{}", parse_constant=_no_constants)
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON; send one JSON object.") from None
    if "\\u0000" in text:  # PostgreSQL keeps no NUL, and nobody means one
        text = json.dumps(_without_nul(json.loads(text)))
    try:
        return shape.model_validate_json(text or "{}")
    except ValidationError as error:
        raise _invalid(error) from None


def read_query(shape: type[B]) -> B:
    """The query string in its shape; a name given twice counts once. Raises InvalidInput."""
    known = {field.alias or name for name, field in shape.model_fields.items()}
    given = {name: value.replace("\0", "") for name, value in request.args.items() if name in known}
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise _invalid(error) from None


def refuse(code: str, message: str) -> PydanticCustomError:
    """What a validator of a shape raises; the message reaches the caller."""
    return PydanticCustomError(code, "{problem}", {"problem": message})


def _serve(operation: Operation, view: View) -> Callable[..., Response]:
    default = next(iter(operation.answers))

    @wraps(view)
    def serve(**parameters: object) -> Response:
        if operation.body is not None:
            parameters["body"] = read_json(operation.body, max_bytes=operation.max_bytes)
        if operation.query is not None:
            parameters["query"] = read_query(operation.query)
        if operation.upload is not None:
            request.max_content_length = operation.max_bytes
        answered = view(**parameters)
        if isinstance(answered, Response):
            return answered
        shape, status = answered if isinstance(answered, tuple) else (answered, default)
        declared = operation.answers[status]
        if declared is None or not isinstance(shape, declared):
            raise TypeError(f"{operation.endpoint} answers {type(shape).__name__} undeclared.")
        return Response(shape.model_dump_json(), status, mimetype="application/json")

    return serve


def _invalid(error: ValidationError) -> InvalidInput:
    problems: list[JsonValue] = [
        {"field": ".".join(str(part) for part in e["loc"]), "problem": e["msg"]}
        for e in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return InvalidInput(f"{place}: {first['msg']}" if place else first["msg"], details=problems)


def _without_nul(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {name.replace("\0", ""): _without_nul(item) for name, item in value.items()}
    return value


def _no_constants(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
