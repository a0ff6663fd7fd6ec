"""`jiedai webhook`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webapp.cli.conftest import run

pytestmark = pytest.mark.usefixtures("at_home")
URL = "https://erp.example.com/hooks"


def test_a_webhook_is_added_listed_and_removed(folder: Path) -> None:
    data = ("--data", str(folder))
    added = run("webhook", "add", URL, "--kind", "article.archived", *data)
    assert added.exit_code == 0, added.output
    assert added.stdout.startswith("whsec_")
    assert len(added.stdout.splitlines()) == 1, "the secret alone"
    listed = run("webhook", "list", "--json", *data)
    (webhook,) = json.loads(listed.stdout)
    assert (webhook["url"], webhook["kinds"]) == (URL, ["article.archived"])
    assert "secret" not in webhook
    assert f"1  active  {URL}  article.archived" in run("webhook", "list", *data).stdout
    assert run("webhook", "remove", "1", *data).exit_code == 0
    assert json.loads(run("webhook", "list", "--json", *data).stdout) == []
    again = run("webhook", "remove", "1", *data)
    assert (again.exit_code, "webhook list" in again.stderr) == (2, True)


@pytest.mark.parametrize("url", ["http://10.1.2.3/", "erp.example.com", "http://localhost:x/"])
def test_an_address_that_cannot_be_meant_is_bad_input(folder: Path, url: str) -> None:
    refused = run("webhook", "add", url, "--data", str(folder))
    assert (refused.exit_code, "url" in refused.stderr or "NETWORKS" in refused.stderr) == (2, True)


def test_a_listed_network_may_be_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEDAI_WEBHOOK_NETWORKS", "10.0.0.0/8 192.168.1.7/32")
    assert run("webhook", "add", "http://10.1.2.3/", "--data", str(folder)).exit_code == 0
    monkeypatch.setenv("JIEDAI_WEBHOOK_NETWORKS", "10.0.0.0/99")
    refused = run("webhook", "list", "--data", str(folder))
    assert (refused.exit_code, "JIEDAI_WEBHOOK_NETWORKS" in refused.stderr) == (2, True)
