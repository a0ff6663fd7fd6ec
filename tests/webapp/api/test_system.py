import io
import json
import logging

import pytest

from tests.webapp.site import PASSWORD, Clock, Parrot, Site
from webapp.app import create_app
from webapp.db.database import Database
from webapp.logs import configure_logging
from webapp.secrets import Secrets
from webapp.services import Services
from webapp.settings import Settings

CANARY = "银行卡6222021234567890123"


def test_the_process_says_that_it_is_alive(site: Site) -> None:
    assert site.get("/healthz").get_json() == {"status": "alive"}


def test_ready_lists_every_part(site: Site) -> None:
    ready = site.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.get_json()["parts"]) >= {"database", "encoder", "model", "index", "bot"}


def test_a_missing_part_is_named_with_its_remedy_and_no_folder_of_the_server(
    sqlite_db: Database, tmp_path
) -> None:
    fault = f"No model in {tmp_path}/models/nlu; run `jiedai init`."
    services = Services(
        settings=Settings(data=tmp_path, database_url=sqlite_db.url),
        db=sqlite_db,
        secrets=Secrets(identity_key="i"),
        faults={"model": fault},
        clock=Clock(),
    )
    client = create_app(services).test_client()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["parts"]["model"] == {
        "ready": False,
        "message": "Not loaded; run `jiedai doctor` on the server: it says why, and what to do.",
    }
    parsed = client.post("/model/parse", json={"text": "你好"})
    assert (parsed.status_code, parsed.get_json()["error"]) == (503, "NotReady")
    assert "jiedai doctor" in parsed.get_json()["message"]
    for answer in (ready, parsed):
        assert str(tmp_path) not in answer.get_data(as_text=True)


def test_without_a_bot_the_customer_still_gets_a_person(sqlite_db: Database, tmp_path) -> None:
    services = Services(
        settings=Settings(data=tmp_path, database_url=sqlite_db.url),
        db=sqlite_db,
        secrets=Secrets(identity_key="i"),
        clock=Clock(),
    )
    client = create_app(services).test_client()
    opened = client.post("/api/v1/widget/conversations", json={}).get_json()
    path = f"/api/v1/widget/conversations/{opened['id']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    body = {"content": "你好", "client_msg_id": "a"}
    assert client.post(f"{path}/messages", json=body, headers=headers).status_code == 201
    assert client.get(path, headers=headers).get_json()["holder"] == "queue"


def test_a_database_that_is_gone_is_answered_with_503_and_comes_back(site: Site) -> None:
    visitor = site.open_conversation()
    file = site.services.settings.data / "jiedai.db"
    site.services.db.dispose()
    hidden = file.rename(file.with_suffix(".gone"))
    file.mkdir()
    refused = visitor.say("在吗", "a")
    assert (refused.status_code, refused.get_json()["error"]) == (503, "StoreUnavailable")
    assert int(refused.headers["Retry-After"]) > 0
    unready = site.get("/readyz")
    assert unready.status_code == 503
    assert str(file.parent) not in unready.get_data(as_text=True) + refused.get_data(as_text=True)
    assert "jiedai_database_up 0.0" in site.get("/metrics").get_data(as_text=True)
    browser = site.client()
    browser.set_cookie("jiedai_session", "x")
    page = browser.get("/desk", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (503, "text/html")
    file.rmdir()
    hidden.rename(file)
    assert visitor.say("在吗", "a").status_code == 201
    assert site.get("/readyz").status_code == 200


def test_parse_answers_in_rasas_shape(site: Site) -> None:
    parsed = site.post("/model/parse", json={"text": "转人工"}).get_json()
    assert parsed["text"] == "转人工"
    assert parsed["intent"] == {"name": "request_human", "confidence": 0.9}
    assert parsed["intent_ranking"] == [{"name": "request_human", "confidence": 0.9}]
    assert parsed["entities"][0] == {
        "entity": "char",
        "value": "转",
        "start": 0,
        "end": 1,
        "text": "转",
    }


def test_parse_takes_a_body_without_a_content_type(site: Site) -> None:
    parsed = site.post("/model/parse", data='{"text": "你好"}'.encode())
    assert parsed.status_code == 200


def test_the_figures_count_turns_hand_offs_and_the_queue(site: Site) -> None:
    site.waiting_customer()
    figures = site.get("/metrics").get_data(as_text=True)
    assert "jiedai_queue_length 1.0" in figures
    assert 'jiedai_handoffs_total{reason="asked_for_human"}' in figures
    assert 'jiedai_turns_total{holder="bot"}' in figures
    assert 'route="/api/v1/widget/conversations/<conversation_id>/messages"' in figures


@pytest.fixture
def log_lines():
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logging("DEBUG", to=stream)
    yield lambda: stream.getvalue()
    root.handlers = handlers
    root.setLevel(level)


def test_neither_what_customers_say_nor_any_secret_is_in_logs_figures_or_errors(
    site: Site, log_lines
) -> None:
    anna = site.add_staff("anna")
    visitor = site.open_conversation(contact={"name": CANARY, "phone": "13900009999"})
    answers = [
        visitor.say(CANARY, "same"),
        visitor.say(f"人工 {CANARY}"),
        site.post("/model/parse", json={"text": CANARY}),
        site.post("/model/parse", json={"text": [CANARY]}),
        site.post("/api/v1/session", json={"email": anna.email, "password": PASSWORD}),
        site.post("/api/v1/session", json={"email": anna.email, "password": CANARY}),
        site.get(f"/api/v1/articles/search?q={CANARY}", by="anna"),
        site.get(f"/api/v1/{CANARY}"),
    ]
    assert {a.status_code for a in answers} == {200, 201, 401, 404, 422}
    object.__setattr__(site.services, "understands", _Broken())
    assert site.post("/model/parse", json={"text": CANARY}).status_code == 500
    logged = log_lines()
    figures = site.get("/metrics").get_data(as_text=True)
    session = answers[4].headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    secrets = [CANARY, CANARY[3:], "13900009999", visitor.token, site.tokens["anna"], PASSWORD]
    for secret in [*secrets, session, "argon2"]:
        assert secret not in logged
        assert secret not in figures
    for refused in answers[3:4] + answers[7:]:
        assert CANARY not in refused.get_data(as_text=True)


def test_every_request_and_every_turn_is_one_line_with_the_same_id(site: Site, log_lines) -> None:
    visitor = site.open_conversation()
    answer = visitor.say("转人工")
    entries = [json.loads(line) for line in log_lines().splitlines()]
    mine = [e for e in entries if e.get("request_id") == answer.headers["X-Request-Id"]]
    assert [e["event"] for e in mine] == ["turn", "request"]
    turn, request = mine
    assert turn["conversation_id"] == request["conversation_id"] == visitor.id
    assert (turn["handoff"], turn["repeated"]) == ("asked_for_human", False)
    assert (request["status"], request["method"]) == (201, "POST")


class _Broken(Parrot):
    def understand(self, text, *, now=None):
        raise RuntimeError(text)


def test_a_method_that_a_caller_invents_makes_no_figure_of_its_own(site: Site) -> None:
    assert site.call("INVENTED", "/healthz").status_code == 405
    figures = site.get("/metrics").get_data(as_text=True)
    assert "INVENTED" not in figures
    assert 'method="other"' in figures
