import re

import pytest
from flask.testing import FlaskClient

from handoff.agent import Role
from tests.webapp.site import PASSWORD, Site
from webapp.auth.session import (
    ABSOLUTE,
    COOKIE,
    FAILURE_WINDOW,
    FAILURES_BY_ACCOUNT,
    FAILURES_BY_ADDRESS,
    IDLE,
)

LOGIN = "/api/v1/session"
ME = "/api/v1/me"


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **rest):
    return client.post(LOGIN, json={"email": email, "password": password}, **rest)


@pytest.fixture
def anna(site: Site):
    return site.add_staff("anna", Role.ADMIN)


@pytest.fixture
def browser(site: Site, anna) -> FlaskClient:
    client = site.client()
    assert sign_in(client, anna.email).status_code == 200
    return client


def csrf(client: FlaskClient) -> dict[str, str]:
    return {"X-CSRF-Token": client.get(ME).get_json()["csrf_token"]}


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(site: Site, anna) -> None:
    answer = sign_in(site.client(), anna.email)
    cookie = answer.headers["Set-Cookie"]
    assert answer.get_json()["name"] == "anna"
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    value = re.match(rf"{COOKIE}=([^;]+)", cookie)
    assert value is not None
    assert len(value[1]) >= 43  # 256 bits


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(site: Site, anna) -> None:
    answer = sign_in(site.client(), anna.email, base_url="https://localhost")
    assert answer.headers["Set-Cookie"].startswith("__Host-jiedai_session=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_the_cookie_is_stored_as_a_hash_only(site: Site, browser: FlaskClient) -> None:
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    stored = (site.services.settings.data / "jiedai.db").read_bytes()
    wal = (site.services.settings.data / "jiedai.db-wal").read_bytes()
    assert cookie.value.encode() not in stored + wal


def test_the_session_is_new_at_every_sign_in_and_the_old_one_ends(site: Site, anna) -> None:
    client = site.client()
    client.set_cookie(COOKIE, "chosen-by-the-attacker")
    sign_in(client, anna.email)
    first = client.get_cookie(COOKIE)
    sign_in(client, anna.email)
    second = client.get_cookie(COOKIE)
    assert len({"chosen-by-the-attacker", first.value, second.value}) == 3
    other = site.client()
    other.set_cookie(COOKIE, first.value)
    assert other.get(ME).status_code == 401


def test_signing_out_ends_the_session_on_the_server(site: Site, browser: FlaskClient) -> None:
    cookie = browser.get_cookie(COOKIE)
    assert browser.delete(LOGIN, headers=csrf(browser)).status_code == 204
    thief = site.client()
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get(ME).status_code == 401


def test_a_session_ends_when_it_is_not_used(site: Site, browser: FlaskClient) -> None:
    site.clock.forward(seconds=IDLE.total_seconds() - 1)
    assert browser.get(ME).status_code == 200
    site.clock.forward(seconds=IDLE.total_seconds() - 1)
    assert browser.get(ME).status_code == 200
    site.clock.forward(seconds=IDLE.total_seconds() + 1)
    assert browser.get(ME).status_code == 401


def test_a_session_ends_at_last_even_when_it_is_used(site: Site, browser: FlaskClient) -> None:
    hours = int(ABSOLUTE.total_seconds() // 3600)
    answers = []
    for _ in range(hours + 1):
        site.clock.forward(hours=1)
        answers.append(browser.get(ME).status_code)
    assert answers[hours - 2] == 200
    assert answers[-1] == 401


def test_a_changed_password_ends_every_other_session(site: Site, anna, browser) -> None:
    other = site.client()
    sign_in(other, anna.email)
    body = {"current": PASSWORD, "new": "another long sentence"}
    assert browser.put(f"{ME}/password", json=body, headers=csrf(browser)).status_code == 204
    assert browser.get(ME).status_code == 200
    assert other.get(ME).status_code == 401
    assert sign_in(site.client(), anna.email).status_code == 401
    assert sign_in(site.client(), anna.email, "another long sentence").status_code == 200


def test_changing_the_password_needs_the_current_one_and_a_good_new_one(browser) -> None:
    headers = csrf(browser)
    wrong = {"current": "wrong password!", "new": "another long sentence"}
    assert browser.put(f"{ME}/password", json=wrong, headers=headers).status_code == 401
    weak = browser.put(
        f"{ME}/password", json={"current": PASSWORD, "new": "1234567890"}, headers=headers
    )
    assert (weak.status_code, weak.get_json()["error"]) == (422, "WeakPassword")


def test_a_disabled_account_loses_sessions_and_tokens_at_once(site: Site, browser) -> None:
    bo = site.add_staff("bo")
    theirs = site.client()
    sign_in(theirs, bo.email)
    change = {"active": False}
    changed = browser.put(f"/api/v1/accounts/{bo.id}", json=change, headers=csrf(browser))
    assert changed.get_json()["active"] is False
    assert theirs.get(ME).status_code == 401
    assert site.get(ME, by="bo").status_code == 401
    assert sign_in(site.client(), bo.email).status_code == 401


def test_a_password_set_by_an_administrator_ends_the_sessions(site: Site, browser) -> None:
    bo = site.add_staff("bo")
    theirs = site.client()
    sign_in(theirs, bo.email)
    change = {"password": "given by the administrator"}
    browser.put(f"/api/v1/accounts/{bo.id}", json=change, headers=csrf(browser))
    assert theirs.get(ME).status_code == 401


def test_a_change_of_role_counts_at_once(site: Site, browser) -> None:
    bo = site.add_staff("bo")
    assert site.get("/api/v1/conversations", by="bo").status_code == 200
    browser.put(f"/api/v1/accounts/{bo.id}", json={"role": "editor"}, headers=csrf(browser))
    assert site.get("/api/v1/conversations", by="bo").status_code == 403


def test_the_last_administrator_cannot_be_removed(site: Site, anna, browser) -> None:
    for change in ({"active": False}, {"role": "agent"}):
        answer = browser.put(f"/api/v1/accounts/{anna.id}", json=change, headers=csrf(browser))
        assert answer.status_code == 422
    site.add_staff("bo", Role.ADMIN)
    answer = browser.put(
        f"/api/v1/accounts/{anna.id}", json={"role": "agent"}, headers=csrf(browser)
    )
    assert answer.status_code == 200


def test_the_eleventh_wrong_password_is_refused_even_if_right(site: Site, anna) -> None:
    answers = [
        sign_in(site.client(), anna.email, "wrong").status_code for _ in range(FAILURES_BY_ACCOUNT)
    ]
    assert set(answers) == {401}
    locked = sign_in(site.client(), anna.email)
    assert (locked.status_code, locked.get_json()["error"]) == (429, "TooManyAttempts")
    assert int(locked.headers["Retry-After"]) > 0
    site.clock.forward(minutes=16)
    assert sign_in(site.client(), anna.email).status_code == 200


def test_an_unknown_account_is_told_the_same_in_the_same_way(site: Site, anna) -> None:
    answers = {}
    for email in (anna.email, "nobody@example.com"):
        bodies = [sign_in(site.client(), email, "wrong") for _ in range(FAILURES_BY_ACCOUNT + 1)]
        answers[email] = [(b.status_code, b.get_data()) for b in bodies]
    assert answers[anna.email] == answers["nobody@example.com"]


def test_many_accounts_from_one_address_are_slowed_too(site: Site, anna) -> None:
    with site.services.db.write() as work:
        for _ in range(FAILURES_BY_ADDRESS):
            work.login_failures.add("address:127.0.0.1", within=FAILURE_WINDOW, now=site.clock())
    assert sign_in(site.client(), anna.email).status_code == 429


def test_a_change_without_the_csrf_token_is_refused(site: Site, browser: FlaskClient) -> None:
    body = {"title": "纸箱破了"}
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": "不"}):
        answer = browser.post("/api/v1/tickets", json=body, headers=headers)
        assert (answer.status_code, answer.get_json()["error"]) == (403, "BadCsrfToken")
    right = browser.post("/api/v1/tickets", json=body, headers=csrf(browser))
    assert right.status_code == 201


def test_a_change_from_another_site_is_refused_with_the_token_too(browser: FlaskClient) -> None:
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        headers = {**csrf(browser), **foreign}
        answer = browser.post("/api/v1/tickets", json={"title": "x"}, headers=headers)
        assert answer.status_code == 403


def test_signing_in_from_another_site_is_refused(site: Site, anna) -> None:
    answer = sign_in(site.client(), anna.email, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_an_api_token_needs_no_csrf_token(site: Site, anna) -> None:
    assert site.post("/api/v1/tickets", by="anna", json={"title": "x"}).status_code == 201


def test_a_wrong_api_token_is_refused_even_beside_a_good_session(browser: FlaskClient) -> None:
    for value in ("Bearer wrong", "Basic dTpw", "Bearer"):
        assert browser.get(ME, headers={"Authorization": value}).status_code == 401


def test_headers_that_proxies_set_for_others_sign_nobody_in(site: Site, anna) -> None:
    for name in ("X-Forwarded-User", "Remote-User", "X-Remote-User"):
        assert site.get(ME, headers={name: anna.email}).status_code == 401


def test_somebody_who_is_not_signed_in_is_sent_to_the_login_page(site: Site) -> None:
    page = site.get("/desk?filter=mine", headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["Location"] == "/login?next=/desk%3Ffilter%3Dmine"


def test_an_address_as_long_as_it_may_be_is_refused_in_the_same_words(any_site: Site) -> None:
    email = f"{'a' * 242}@example.com"
    refused = sign_in(any_site.client(), email, "some password")
    assert (len(email), refused.status_code) == (254, 401)
    assert refused.get_json()["error"] == "WrongLogin"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("/tickets?status=open", "/tickets?status=open"),
        ("//evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("/\t/evil.example", "/desk"),  # browsers drop the tab
        ("https://evil.example", "/desk"),
    ],
)
def test_signing_in_leads_nowhere_but_into_this_site(
    browser: FlaskClient, wanted: str, shown: str
) -> None:
    page = browser.get("/login", query_string={"next": wanted})
    assert (page.status_code, page.headers["Location"]) == (302, shown)


def test_accounts_are_created_with_a_generated_password_shown_once(site, browser) -> None:
    headers = csrf(browser)
    body = {"email": "new@example.com", "name": "新人", "role": "agent"}
    made = browser.post("/api/v1/accounts", json=body, headers=headers).get_json()
    assert sign_in(site.client(), "NEW@example.com", made["password"]).status_code == 200
    again = browser.post("/api/v1/accounts", json=body, headers=headers)
    assert (again.status_code, again.get_json()["error"]) == (409, "AlreadyExists")
    listed = browser.get("/api/v1/accounts").get_data(as_text=True)
    assert made["password"] not in listed
    assert "argon2" not in listed
