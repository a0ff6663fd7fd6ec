"""Every route against every kind of caller, generated from the application's own routes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from handoff.agent import Role
from tests.webapp.site import Site, Visitor, make_site
from webapp.auth.permissions import ACCESS, Who


@dataclass
class Cast:
    site: Site
    visitor: Visitor
    other: Visitor


@pytest.fixture(scope="module")
def cast(module_site: Site) -> Cast:
    for role in Role:
        module_site.add_staff(role.value, role)
    return Cast(module_site, module_site.open_conversation(), module_site.open_conversation())


def routes(site: Site):
    for rule in site.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def path_of(rule, conversation_id: str) -> str:
    path = re.sub(r"<[^>]*conversation_id>", conversation_id, rule.rule)
    path = re.sub(r"<int[^>]*>", "999999", path)
    return re.sub(r"<[^>]*>", "nothing", path)


def call(cast: Cast, rule, method: str, headers: dict[str, str]):
    path = path_of(rule, cast.visitor.id)
    return cast.site.call(method, path, json=None if method == "GET" else {}, headers=headers)


def test_every_route_is_in_the_table_of_permissions(module_site: Site) -> None:
    endpoints = {rule.endpoint for rule, _ in routes(module_site)}
    assert endpoints - set(ACCESS) == set()
    assert set(ACCESS) - endpoints == set()


def test_a_route_without_a_policy_is_closed(sqlite_db, tmp_path) -> None:
    site = make_site(sqlite_db, tmp_path)
    site.app.add_url_rule("/api/v1/new", "forgotten", lambda: "secret")
    assert site.get("/api/v1/new").status_code == 403


def test_staff_routes_are_closed_to_the_public_and_to_customers(cast: Cast) -> None:
    callers = {
        "nobody": {},
        "customer": cast.visitor.headers,
        "customer's own header": {"X-Conversation-Token": cast.visitor.token},
        "wrong token": {"Authorization": "Bearer wrong"},
    }
    checked = 0
    for rule, method in routes(cast.site):
        if ACCESS[rule.endpoint].who is not Who.STAFF:
            continue
        for name, headers in callers.items():
            answer = call(cast, rule, method, headers)
            assert answer.status_code == 401, (method, rule.rule, name, answer.status_code)
            checked += 1
    assert checked > 80


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_the_table_says_and_nothing_else(cast: Cast, role: Role) -> None:
    headers = {"Authorization": f"Bearer {cast.site.tokens[role.value]}"}
    for rule, method in routes(cast.site):
        access = ACCESS[rule.endpoint]
        if access.who is not Who.STAFF or rule.endpoint == "api_account.sign_out":
            continue
        answer = call(cast, rule, method, headers)
        error = (answer.get_json(silent=True) or {}).get("error")
        refused = (answer.status_code, error) == (403, "NotAllowed")
        assert refused == (role not in access.roles), (method, rule.rule, answer.status_code)
        assert answer.status_code not in (401, 500), (method, rule.rule)


def test_customers_routes_are_closed_to_everybody_but_the_owner(cast: Cast) -> None:
    callers = [{}, cast.other.headers, {"X-Conversation-Token": cast.other.token}]
    callers += [{"Authorization": f"Bearer {token}"} for token in cast.site.tokens.values()]
    bodies = set()
    for rule, method in routes(cast.site):
        if ACCESS[rule.endpoint].who is not Who.CUSTOMER:
            continue
        for headers in callers:
            answer = call(cast, rule, method, headers)
            assert answer.status_code == 404, (method, rule.rule, headers)
            bodies.add(answer.get_data())
        assert call(cast, rule, method, cast.visitor.headers).status_code in (200, 201, 422)
    assert len(bodies) == 1


def test_reading_a_page_or_the_api_changes_nothing(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.site.tokens['admin']}"}
    with cast.site.services.db.read() as work:
        before = (work.events.last_id(), len(work.audit.latest()), work.articles.generation())
    for rule, method in routes(cast.site):
        if method == "GET":
            call(cast, rule, method, headers)
    with cast.site.services.db.read() as work:
        after = (work.events.last_id(), len(work.audit.latest()), work.articles.generation())
    assert after == before


def test_every_answer_carries_the_security_headers(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.site.tokens['admin']}"}
    for rule, method in routes(cast.site):
        if method != "GET":
            continue
        answer = call(cast, rule, method, headers)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule.rule
        assert "Referrer-Policy" in answer.headers
        assert "unsafe-inline" not in policy
        assert "object-src 'none'" in policy
        assert ("frame-ancestors 'none'" in policy) == (rule.rule != "/chat")
        if rule.rule.startswith("/api/"):
            assert answer.headers["Cache-Control"] == "no-store", rule.rule


def test_an_agent_does_not_see_another_agents_conversation(site: Site) -> None:
    for name in ("anna", "bo"):
        site.add_staff(name)
    site.add_staff("chief", Role.SUPERVISOR)
    visitor = site.waiting_customer()
    path = f"/api/v1/conversations/{visitor.id}"
    assert site.get(path, by="bo").status_code == 200
    assert site.post(f"{path}/claim", by="anna").status_code == 200
    assert site.get(path, by="anna").status_code == 200
    assert site.get(path, by="bo").status_code == 404
    assert site.get(path, by="chief").status_code == 200
    listed = site.get("/api/v1/conversations", by="bo").get_json()
    assert listed["items"] == []
    denied = {
        rest: site.post(f"{path}/{rest}", by="bo", json=body).status_code
        for rest, body in {
            "messages": {"content": "我来"},
            "notes": {"content": "看看"},
            "queue": {},
            "resolve": {},
            "read": {"seq": 1},
        }.items()
    }
    assert denied == {"messages": 403, "notes": 404, "queue": 403, "resolve": 403, "read": 404}


def test_a_foreign_id_in_a_body_is_refused_as_in_a_path(site: Site) -> None:
    """A ticket for somebody else's conversation would copy what its customer said."""
    for name in ("anna", "bo"):
        site.add_staff(name)
    visitor = site.waiting_customer()
    site.post(f"/api/v1/conversations/{visitor.id}/claim", by="anna")
    body = {"title": "x", "conversation_id": visitor.id}
    assert site.post("/api/v1/tickets", by="bo", json=body).status_code == 404
    assert site.post("/api/v1/tickets", by="anna", json=body).status_code == 201
    unknown = {"title": "x", "conversation_id": "0" * 32}
    assert site.post("/api/v1/tickets", by="anna", json=unknown).status_code == 404


def test_a_conversation_cannot_be_given_to_somebody_outside_the_desk(site: Site) -> None:
    site.add_staff("anna")
    editor = site.add_staff("ed", Role.EDITOR)
    visitor = site.waiting_customer()
    path = f"/api/v1/conversations/{visitor.id}"
    site.post(f"{path}/claim", by="anna")
    for agent_id in (editor.id, 999_999):
        answer = site.post(f"{path}/assign", by="anna", json={"agent_id": agent_id})
        assert answer.status_code == 422


def test_a_ticket_cannot_be_given_to_somebody_who_sees_no_tickets(site: Site) -> None:
    anna, editor = site.add_staff("anna"), site.add_staff("ed", Role.EDITOR)
    ticket = site.post("/api/v1/tickets", by="anna", json={"title": "纸箱破了"}).get_json()
    path = f"/api/v1/tickets/{ticket['id']}"
    for agent_id in (editor.id, 999_999):
        refused = site.put(path, by="anna", json={"assignee_id": agent_id})
        assert (refused.status_code, refused.get_json()["error"]) == (422, "InvalidInput")
    given = site.put(path, by="anna", json={"assignee_id": anna.id}).get_json()
    assert given["assignee"] == {"id": anna.id, "name": "anna"}


def test_mass_assignment_changes_nothing(site: Site) -> None:
    site.add_staff("anna")
    body = {"title": "x", "status": "RESOLVED", "id": 77, "created_by": "boss", "brand_id": "b"}
    made = site.post("/api/v1/tickets", by="anna", json=body).get_json()
    assert (made["status"], made["created_by"], made["id"] == 77) == ("NEW", "anna", False)
