"""The OpenAPI 3.1 document, made from the declared routes and their shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from webapp.auth.permissions import ACCESS, Access, Who
from webapp.operations import OPERATIONS, Operation
from webapp.shapes.events import EventsOut
from webapp.shapes.system import ErrorOut

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_SECURITY: dict[Who, list[dict[str, list[str]]]] = {
    Who.PUBLIC: [],
    Who.CUSTOMER: [{"conversationToken": []}],
    Who.STAFF: [{"apiToken": []}, {"session": []}],
}

_CUSTOMERS = "What happens in one conversation, for its customer; resumes after an event"
_STAFF = "Everything that the caller may see, in one stream; resumes after an event"

# JSON Schema is data without a fixed shape; `Any` stays inside this module.
Schema = dict[str, Any]


def openapi_document() -> Schema:
    """The whole document as plain JSON data."""
    operations = [OPERATIONS[name] for name in sorted(OPERATIONS)]
    schemas = _schemas(operations)
    paths: dict[str, Schema] = {
        "/api/v1/widget/conversations/{conversation_id}/events": {
            "get": _events("stream_customer_events", _CUSTOMERS, Who.CUSTOMER, schemas)
        },
        "/api/v1/events": {"get": _events("stream_staff_events", _STAFF, Who.STAFF, schemas)},
    }
    for operation in operations:
        paths.setdefault(openapi_path(operation.path), {})[operation.method.lower()] = _describe(
            operation, schemas
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jiedai",
            "version": version("jiedai"),
            "description": "Customer service: widget, workbench, tickets and knowledge. Every "
            "error has the shape ErrorOut; `error` is stable, `message` is for people.",
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas["components"],
            "securitySchemes": {
                "conversationToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that creating the conversation returned.",
                },
                "apiToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made with `jiedai token create EMAIL`.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "jiedai_session",
                    "description": "A signed-in browser; changes carry X-CSRF-Token as well. Over "
                    "HTTPS the cookie is called __Host-jiedai_session.",
                },
            },
        },
    }


def openapi_path(path: str) -> str:
    """A route's path with its parameters in OpenAPI's way."""
    return _PARAMETER.sub(lambda m: "{" + m["name"] + "}", path)


def operation_id(endpoint: str) -> str:
    """The name of an operation in the document, such as `tickets_open_ticket`."""
    return endpoint.removeprefix("api_").replace(".", "_")


def _schemas(operations: Iterable[Operation]) -> Schema:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {
        (ErrorOut, "serialization"): None,
        (EventsOut, "serialization"): None,
    }
    for operation in operations:
        if operation.body:
            wanted[(operation.body, "validation")] = None
        for shape in operation.answers.values():
            if shape:
                wanted[(shape, "serialization")] = None
    references, definitions = models_json_schema(
        list(wanted), ref_template="#/components/schemas/{model}"
    )
    return {
        "components": definitions.get("$defs", {}),
        "references": {shape: schema for (shape, _), schema in references.items()},
    }


def _describe(operation: Operation, schemas: Schema) -> Schema:
    access = ACCESS[operation.endpoint]
    described: Schema = {
        "operationId": operation_id(operation.endpoint),
        "summary": operation.summary,
        "tags": [operation.endpoint.partition(".")[0].removeprefix("api_")],
        "security": _SECURITY[access.who],
        "responses": _responses(operation, access, schemas),
    }
    parameters = [*_path_parameters(operation.path), *_query_parameters(operation)]
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas["references"][operation.body]}},
        }
    if operation.upload:
        described["requestBody"] = _upload_body(operation.upload)
    return described


def _events(name: str, summary: str, who: Who, schemas: Schema) -> Schema:
    """The stream's calls, which a process of its own serves; see `webapp.delivery.app`."""
    parameters: list[Schema] = [
        {
            "name": "after",
            "in": "query",
            "required": False,
            "description": "Id of the last event that was seen; as good as Last-Event-ID.",
            "schema": {"type": "integer", "minimum": 0},
        },
        {
            "name": "wait",
            "in": "query",
            "required": False,
            "description": "Long poll: answer with JSON, after this many seconds at the latest.",
            "schema": {"type": "number", "minimum": 0},
        },
        {
            "name": "Last-Event-ID",
            "in": "header",
            "required": False,
            "schema": {"type": "integer", "minimum": 0},
        },
    ]
    refused = {404} if who is Who.CUSTOMER else {401, 403}
    found: Schema = {
        "description": "Server-sent events whose data is that of EventOut; with `wait` EventsOut.",
        "content": {
            "text/event-stream": {"schema": {"type": "string"}},
            "application/json": {"schema": schemas["references"][EventsOut]},
        },
    }
    operation: Schema = {
        "operationId": name,
        "summary": summary,
        "tags": ["stream"],
        "security": _SECURITY[who],
        "parameters": parameters,
        "responses": {"200": found, **_errors({410, 422, 503, *refused}, schemas)},
    }
    if who is Who.CUSTOMER:
        operation["parameters"] = [*_path_parameters("<conversation_id>"), *parameters]
    return operation


def _upload_body(field: str) -> Schema:
    return {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [field],
                    "properties": {field: {"type": "string", "format": "binary"}},
                }
            }
        },
    }


def _path_parameters(path: str) -> list[Schema]:
    return [
        {
            "name": match["name"],
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0}
            if match["converter"] == "int"
            else {"type": "string", "minLength": 1},
        }
        for match in _PARAMETER.finditer(path)
    ]


def _query_parameters(operation: Operation) -> list[Schema]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _plain(shape, schema)}
        for name, shape in schema["properties"].items()
    ]


def _plain(shape: Schema, whole: Schema) -> Schema:
    """A parameter's schema without null (which a query cannot say) and without references."""
    choices = [c for c in shape.get("anyOf", [shape]) if c.get("type") != "null"]
    choice = choices[0]
    if "$ref" in choice:
        choice = whole["$defs"][choice["$ref"].rpartition("/")[2]]
    kept = {k: v for k, v in shape.items() if k in ("description", "default") and v is not None}
    return {**choice, **kept}


def _responses(operation: Operation, access: Access, schemas: Schema) -> Schema:
    responses: Schema = {}
    for status, shape in operation.answers.items():
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if shape:
            responses[str(status)]["content"] = {
                operation.media_type: {"schema": schemas["references"][shape]}
            }
        elif status != HTTPStatus.NO_CONTENT:
            responses[str(status)]["content"] = {operation.media_type: {"schema": {}}}
    return {**_errors(_problems(operation, access), schemas), **responses}


def _errors(statuses: set[int], schemas: Schema) -> Schema:
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": schemas["references"][ErrorOut]}},
        }
        for status in sorted(statuses)
    }


def _problems(operation: Operation, access: Access) -> set[int]:
    problems = {*operation.problems, 503}
    if operation.body or operation.upload:
        problems |= {400, 413, 422}
    if operation.query:
        problems.add(422)
    if "<" in operation.path:
        problems.add(404)
    if access.who is Who.STAFF:
        problems |= {401, 403}
    if access.who is Who.CUSTOMER:
        problems |= {404, 429}
    return problems
