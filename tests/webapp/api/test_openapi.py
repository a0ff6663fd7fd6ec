from dataclasses import dataclass
from importlib import import_module

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handoff.agent import Role
from tests.webapp.site import Site, Visitor
from webapp.app import BLUEPRINTS
from webapp.delivery.app import bp as stream_bp
from webapp.openapi import openapi_path, operation_id
from webapp.operations import OPERATIONS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
for module in BLUEPRINTS:  # importing them declares their routes
    import_module(module)
NAMES = sorted({operation_id(endpoint) for endpoint in OPERATIONS} - {"system_openapi"})


def test_the_document_is_valid_openapi_3_1(site: Site) -> None:
    document = site.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_api_route_is_in_the_document_and_nothing_else(site: Site) -> None:
    document = site.get("/openapi.json").get_json()
    documented = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    stream = Flask(__name__)
    stream.register_blueprint(stream_bp)
    rules = [r for r in site.app.url_map.iter_rules() if r.endpoint.startswith("api_")]
    served = {
        (method, openapi_path(rule.rule))
        for rule in [*rules, *stream.url_map.iter_rules()]
        if rule.endpoint != "static"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert documented == served
    programmatic = ("/api/", "/model/", "/healthz", "/readyz", "/metrics", "/openapi.json")
    assert {r.rule for r in site.app.url_map.iter_rules() if r.rule.startswith(programmatic)} == {
        r.rule for r in site.app.url_map.iter_rules() if r.endpoint.startswith("api_")
    }


def test_every_operation_says_who_may_call_it_and_how_errors_look(site: Site) -> None:
    document = site.get("/openapi.json").get_json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert "security" in operation, (method, path)
            assert operation["summary"], (method, path)
            for status, response in operation["responses"].items():
                if int(status) >= 400 and path != "/readyz":
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorOut"}


@dataclass(frozen=True)
class Inhabited:
    """A site with an administrator, a waiting customer, an article and a ticket."""

    site: Site
    visitor: Visitor
    operations: dict[str, schemathesis.APIOperation]


@pytest.fixture(scope="module")
def inhabited(module_site: Site) -> Inhabited:
    module_site.add_staff("boss", Role.ADMIN)
    module_site.post(
        "/api/v1/articles", by="boss", json={"markdown": "# 退货\n\n七天。", "id": "returns"}
    )
    module_site.post("/api/v1/tickets", by="boss", json={"title": "纸箱破了"})
    schema = schemathesis.openapi.from_wsgi("/openapi.json", module_site.app)
    found = [result.ok() for result in schema.get_all_operations()]
    by_name = {operation.definition.raw["operationId"]: operation for operation in found}
    return Inhabited(module_site, module_site.waiting_customer(), by_name)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_sent_the_answer_is_one_that_the_document_promises(
    inhabited: Inhabited, name: str, mode: GenerationMode
) -> None:
    """Generated bodies, queries and ids, right and wrong ones; never a 5xx of ours."""
    operation, visitor = inhabited.operations[name], inhabited.visitor
    staff = {"Authorization": f"Bearer {inhabited.site.tokens['boss']}"}
    headers = visitor.headers if operation.path.startswith("/api/v1/widget") else staff

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: schemathesis.Case) -> None:
        if "conversation_id" in (case.path_parameters or {}):
            case.path_parameters["conversation_id"] = visitor.id
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        run()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing about this call can be wrong
