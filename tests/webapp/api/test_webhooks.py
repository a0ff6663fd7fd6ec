"""Webhooks over HTTP: for administrators, with the secret shown once."""

from __future__ import annotations

import pytest

from handoff.agent import Role
from tests.webapp.site import Site

URL = "https://erp.example.com/hooks"


@pytest.fixture
def shop(site: Site) -> Site:
    site.add_staff("boss", Role.ADMIN)
    site.add_staff("ed", Role.EDITOR)
    return site


def test_a_webhook_is_added_switched_off_and_removed(shop: Site) -> None:
    made = shop.post("/api/v1/webhooks", by="boss", json={"url": URL})
    assert made.status_code == 201
    webhook = made.get_json()
    assert webhook["secret"].startswith("whsec_")
    assert webhook["kinds"] == ["article.published", "article.archived"]
    assert (webhook["active"], webhook["created_by"]) == (True, "boss")
    (listed,) = shop.get("/api/v1/webhooks", by="boss").get_json()["items"]
    assert (listed["url"], "secret" in listed) == (URL, False)

    path = f"/api/v1/webhooks/{webhook['id']}"
    assert shop.put(path, by="boss", json={"active": False}).get_json()["active"] is False
    assert shop.call("DELETE", path, by="boss").status_code == 200
    assert shop.get("/api/v1/webhooks", by="boss").get_json()["items"] == []
    for gone in (
        shop.put(path, by="boss", json={"active": True}),
        shop.call("DELETE", path, by="boss"),
    ):
        assert (gone.status_code, gone.get_json()["error"]) == (404, "WebhookNotFound")
    with shop.services.db.read() as work:
        actions = [entry.action for entry in work.audit.latest(limit=3)]
    assert actions == ["webhook.removed", "webhook.switched_off", "webhook.added"]


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://169.254.169.254/latest/meta-data"},
        {"url": "http://127.0.0.1:5432/"},
        {"url": "file:///etc/passwd"},
        {"url": URL, "kinds": []},
        {"url": URL, "kinds": ["article.eaten"]},
        {"url": URL, "secret": "short"},
        {},
    ],
)
def test_what_cannot_be_told_is_refused(shop: Site, body: dict[str, object]) -> None:
    refused = shop.post("/api/v1/webhooks", by="boss", json=body)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "InvalidInput")


def test_webhooks_are_for_administrators(shop: Site) -> None:
    assert shop.get("/api/v1/webhooks", by="ed").status_code == 403
    assert shop.post("/api/v1/webhooks", by="ed", json={"url": URL}).status_code == 403
