"""Rules that are compiled late build what werkzeug's own build."""

from __future__ import annotations

import pytest
from werkzeug.routing import Map, MapAdapter, Rule

from tests.webapp.site import Site
from webapp.routing import LateRule


def routes(kind: type[Rule]) -> MapAdapter:
    rules = [
        kind("/", endpoint="home"),
        kind("/files/<path:name>", endpoint="file"),
        kind("/talks", defaults={"page": 1}, endpoint="talks"),
        kind("/talks/<int:page>", endpoint="talks"),
        kind("/self/<rule>", endpoint="self"),
    ]
    return Map(rules).bind("shop.example")


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("home", {}),
        ("home", {"q": "退 货", "page": 2}),
        ("file", {"name": "图/一.png", "v": "1"}),
        ("talks", {"page": 1}),
        ("talks", {"page": 7, "q": "a&b"}),
        ("self", {"rule": "rule", "self": "self"}),
    ],
)
def test_addresses_are_those_of_werkzeugs_own_rules(
    endpoint: str, values: dict[str, object]
) -> None:
    late, usual = routes(LateRule), routes(Rule)
    for _ in range(2):
        assert late.build(endpoint, values) == usual.build(endpoint, values)
    address = usual.build(endpoint, values)
    path = address.partition("?")[0]
    assert late.match(path) == usual.match(path)


def test_every_rule_of_the_application_builds_what_it_matches(module_site: Site) -> None:
    for rule in module_site.app.url_map.iter_rules():
        assert isinstance(rule, LateRule)
        values = {name: 1 if "int:" + name in rule.rule else "x" for name in rule.arguments}
        built = rule.build(values)
        assert built is not None
        assert built[1].count("/") == rule.rule.count("/")
