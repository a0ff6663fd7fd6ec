from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.webapp.site import Site
from webapp.openapi import openapi_path


def test_the_document_is_valid_openapi_3_1(site: Site) -> None:
    document = site.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_api_route_is_in_the_document_and_nothing_else(site: Site) -> None:
    document = site.get("/openapi.json").get_json()
    documented = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    served = {
        (method, openapi_path(rule.rule))
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.startswith("api_")
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
