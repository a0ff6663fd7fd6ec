"""Journeys over HTTP: the client, and the command that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from dialogue.journeys import Journey, load_journeys, run_journey
from handoff.agent import Role
from tests.webapp.site import Site
from webapp.cli.chat import chat, shell
from webapp.demo_shop.__main__ import QuietHandler
from webapp.journey_client import ServerRefused, can_hold, talks_over_http

TALK = """
journeys:
  - name: 找人
    locale: en
    steps:
      - user: 你好
      - {bot: {contains: 你好, source: 退货}, intent: greet, holder: bot}
      - user: 人工
      - {holder: queue, reason: asked_for_human, slots: {order_id: ~}}
      - user: 在吗
      - bot: {silent: true}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.yml"
    path.write_text(TALK, encoding="utf-8")
    return path


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    transport = httpx.WSGITransport(app=site.app)
    with httpx.Client(transport=transport, base_url="http://site") as client:
        yield client


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site on a port of its own."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_with_a_staff_token_everything_is_compared(
    site: Site, client: httpx.Client, talk: Path
) -> None:
    site.add_staff("ana", Role.SUPERVISOR)
    opens = talks_over_http(client, staff_token=site.tokens["ana"])
    assert [run_journey(journey, opens) for journey in load_journeys(talk)] == [None]


def test_without_one_only_what_a_customer_sees_is(client: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("- {user: 你好, intent: goodbye, bot: {contains: 再见}}", encoding="utf-8")
    [journey] = load_journeys(path)
    failure = run_journey(journey, talks_over_http(client))
    assert failure is not None
    assert failure.problem == "expected the bot to say “再见”"


def test_what_the_server_refuses_is_told(client: httpx.Client) -> None:
    opens = talks_over_http(client, identity_key="not this site's")
    with pytest.raises(ServerRefused, match="identifier_hash"):
        opens(Journey(Path("x"), "x", (), phone="13800000001"))


def test_what_needs_a_closed_shop_or_a_key_cannot_be_held_everywhere() -> None:
    plain = Journey(Path("x"), "x", ())
    proved = Journey(Path("x"), "x", (), phone="13800000001")
    closed = Journey(Path("x"), "x", (), shop_down=True)
    assert [can_hold(journey) for journey in (plain, proved, closed)] == [True, False, False]
    assert can_hold(proved, identity_key="key")


def test_the_command_passes_and_fails_with_its_exit_code(address: str, talk: Path) -> None:
    passed = CliRunner().invoke(chat, ["test", str(talk), "--url", address])
    assert (passed.exit_code, passed.stderr) == (0, "1 passed, 0 failed\n")
    talk.write_text("- {user: 你好, bot: {contains: 再见}}", encoding="utf-8")
    failed = CliRunner().invoke(chat, ["test", str(talk), "--url", address])
    assert failed.exit_code == 1
    assert "expected the bot to say “再见”" in failed.stdout
    assert "talk.yml:1: talk" in failed.stdout


def test_journeys_that_cannot_be_held_are_counted(address: str, talk: Path) -> None:
    talk.write_text("{name: x, shop: down, steps: [{user: 你好}]}", encoding="utf-8")
    result = CliRunner().invoke(chat, ["test", str(talk), "--url", address])
    assert "0 passed, 0 failed, 1 left out" in result.stderr


def test_a_server_that_is_not_there_is_named(talk: Path) -> None:
    result = CliRunner().invoke(chat, ["test", str(talk), "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1
    assert "http://127.0.0.1:9 does not answer" in result.stderr


def test_a_spoilt_journey_is_wrong_usage(talk: Path) -> None:
    talk.write_text("- bot: hi", encoding="utf-8")
    result = CliRunner().invoke(chat, ["test", str(talk)])
    assert result.exit_code == 2
    assert "talk.yml:1: a journey begins with" in result.stderr


def test_a_folder_without_an_installation_is_wrong_usage(talk: Path, tmp_path: Path) -> None:
    nowhere = ["--data", str(tmp_path / "none")]
    for command, arguments in ((chat, ["test", str(talk), *nowhere]), (shell, nowhere)):
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == 2
        assert "jiedai init" in result.stderr
