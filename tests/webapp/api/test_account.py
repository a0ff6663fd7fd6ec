"""Accounts as administrators change them: passwords, and the last administrator."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from handoff.agent import Role
from tests.webapp.site import PASSWORD, Site
from webapp.records import StaffMember

GIVEN = "given by the administrator"


@pytest.fixture
def house(any_site: Site) -> Site:
    any_site.add_staff("boss", Role.ADMIN)
    return any_site


def change(site: Site, staff: StaffMember, by: str = "boss", **body: object):
    return site.put(f"/api/v1/accounts/{staff.id}", by=by, json=body)


def signed_in(site: Site, staff: StaffMember, password: str = PASSWORD) -> FlaskClient | None:
    """A browser of somebody; None when the password does not fit."""
    client = site.client()
    answer = client.post("/api/v1/session", json={"email": staff.email, "password": password})
    return client if answer.status_code == 200 else None


def stored(site: Site, staff: StaffMember) -> StaffMember:
    with site.services.db.read() as work:
        return work.staff.get(staff.id)


def test_a_password_set_by_an_administrator_replaces_the_old_one(house: Site) -> None:
    bo = house.add_staff("bo")
    answer = change(house, bo, password=GIVEN)
    assert answer.status_code == 200
    assert GIVEN not in answer.get_data(as_text=True)
    assert signed_in(house, bo) is None
    assert signed_in(house, bo, GIVEN) is not None


def test_a_set_password_is_kept_as_an_argon2id_hash_only(house: Site) -> None:
    bo = house.add_staff("bo")
    change(house, bo, password=GIVEN)
    kept = stored(house, bo).password_hash
    assert kept.startswith("$argon2id$")
    assert GIVEN not in kept
    assert kept != bo.password_hash


def test_a_set_password_ends_the_sessions_of_that_account_and_no_other(house: Site) -> None:
    bo, anna = house.add_staff("bo"), house.add_staff("anna")
    theirs = [signed_in(house, bo), signed_in(house, bo)]
    other = signed_in(house, anna)
    assert change(house, bo, password=GIVEN).status_code == 200
    for client in theirs:
        assert client is not None
        assert client.get("/api/v1/me").status_code == 401
    assert other is not None
    assert other.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    "weak", ["", "short", "Ab3$" * 65, "password123", "aaaaaaaaaaaa", "longname2026"]
)
def test_a_weak_password_is_refused_and_changes_nothing(house: Site, weak: str) -> None:
    bo = house.add_staff("longname")
    theirs = signed_in(house, bo)
    refused = change(house, bo, password=weak, name="Bo")
    assert (refused.status_code, refused.get_json()["error"]) == (422, "WeakPassword")
    assert stored(house, bo) == bo
    assert theirs is not None
    assert theirs.get("/api/v1/me").status_code == 200


def test_a_change_without_a_password_keeps_it_and_the_sessions(house: Site) -> None:
    bo = house.add_staff("bo")
    theirs = signed_in(house, bo)
    assert change(house, bo, name="Bo").get_json()["name"] == "Bo"
    assert stored(house, bo).password_hash == bo.password_hash
    assert theirs is not None
    assert theirs.get("/api/v1/me").status_code == 200


def test_a_password_for_an_account_that_is_not_there_is_not_found(house: Site) -> None:
    answer = house.put("/api/v1/accounts/999999", by="boss", json={"password": GIVEN})
    assert (answer.status_code, answer.get_json()["error"]) == (404, "StaffNotFound")


@pytest.mark.parametrize("removal", [{"role": "agent"}, {"active": False}])
def test_of_two_administrators_who_remove_each_other_at_once_one_remains(
    house: Site, removal: dict[str, object]
) -> None:
    for number in range(6):
        pair = [house.add_staff(f"{number}-{side}", Role.ADMIN) for side in ("a", "b")]
        for admin in others(house, pair):
            with house.services.db.write() as work:
                work.staff.change(admin.id, role=Role.AGENT, now=house.clock())
        gate = threading.Barrier(2)

        def remove(by: StaffMember, whom: StaffMember, gate: threading.Barrier = gate) -> int:
            gate.wait(timeout=30)
            return change(house, whom, by=by.name, **removal).status_code

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(remove, pair[0], pair[1])
            second = pool.submit(remove, pair[1], pair[0])
            answers = sorted([first.result(timeout=60), second.result(timeout=60)])

        assert answers[0] == 200
        # too late, or signed out or without the role before it was asked
        assert answers[1] in (401, 403, 422)
        [left] = others(house, [])
        assert left in [stored(house, admin) for admin in pair]


def others(site: Site, but: list[StaffMember]) -> list[StaffMember]:
    """The active administrators besides those named."""
    with site.services.db.read() as work:
        staff = work.staff.list(active_only=True)
    named = {admin.id for admin in but}
    return [s for s in staff if s.role is Role.ADMIN and s.id not in named]
