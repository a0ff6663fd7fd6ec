"""The first account of a new installation, made in the browser."""

import pytest

from tests.webapp.site import Site
from webapp.auth.session import FAILURES_BY_ACCOUNT
from webapp.secrets import setup_code

SETUP = "/api/v1/setup"


@pytest.fixture
def code(site: Site) -> str:
    return setup_code(site.services.settings.secrets_folder)


@pytest.fixture(autouse=True)
def secrets_folder(site: Site) -> None:
    site.services.settings.secrets_folder.mkdir()


def first(code: str, **rest: str) -> dict[str, str]:
    return {"code": code, "email": "boss@example.com", "name": "老板", **rest}


def test_the_code_makes_one_administrator_and_is_worth_nothing_afterwards(
    site: Site, code: str
) -> None:
    made = site.post(SETUP, json=first(code))
    assert made.status_code == 201
    assert made.get_json()["role"] == "admin"
    login = {"email": "boss@example.com", "password": made.get_json()["password"]}
    assert site.post("/api/v1/session", json=login).status_code == 200
    again = site.post(SETUP, json=first(code, email="thief@example.com"))
    assert (again.status_code, again.get_json()["error"]) == (409, "AlreadyExists")
    assert not (site.services.settings.secrets_folder / "setup-code").exists()


def test_a_wrong_code_makes_nobody_and_cannot_be_guessed(site: Site, code: str) -> None:
    for _ in range(FAILURES_BY_ACCOUNT):
        refused = site.post(SETUP, json=first("00000000"))
        assert (refused.status_code, refused.get_json()["error"]) == (401, "WrongLogin")
    assert site.post(SETUP, json=first(code)).status_code == 429
    with site.services.db.read() as work:
        assert work.staff.count() == 0


def test_a_weak_password_is_refused_and_the_code_stays_good(site: Site, code: str) -> None:
    weak = site.post(SETUP, json=first(code, password="1234567890"))
    assert (weak.status_code, weak.get_json()["error"]) == (422, "WeakPassword")
    assert site.post(SETUP, json=first(code, password="a good long one")).status_code == 201
