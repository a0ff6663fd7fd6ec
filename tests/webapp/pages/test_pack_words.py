"""Pages of staff call things as the company's pack does; customers' pages do not carry that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from handoff.agent import Role
from tests.webapp.site import PASSWORD, Site, make_site
from webapp.db.database import Database


def words_on(page: str) -> Any:
    found = re.search(r'id="page-data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found.group(1))["words"]


@pytest.mark.parametrize(("language", "name"), [("zh", "杂耍"), ("en", "Juggling")])
def test_staff_read_the_packs_names_in_their_language(site: Site, language: str, name: str) -> None:
    anna = site.add_staff("anna", Role.ADMIN)
    browser = site.client()
    signed_in = browser.post("/api/v1/session", json={"email": anna.email, "password": PASSWORD})
    assert signed_in.status_code == 200
    desk = browser.get(f"/desk?locale={language}").get_data(as_text=True)
    assert words_on(desk)["names"]["juggling"] == name


def test_customers_pages_do_not_carry_them(site: Site) -> None:
    assert words_on(site.get("/chat").get_data(as_text=True)) == {}


def test_a_company_without_a_demo_shop_shows_the_chat_page(
    sqlite_db: Database, tmp_path: Path
) -> None:
    site = make_site(sqlite_db, tmp_path, pack="finance")
    answer = site.get("/")
    assert answer.status_code == 302
    assert answer.location == "/chat"
