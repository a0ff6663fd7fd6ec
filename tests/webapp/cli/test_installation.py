"""`init`, `user`, `token`, `doctor`, `up`: from an empty folder to a running product."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
from click.testing import CliRunner, Result

from dialogue.customer import Customer
from dialogue.state import DialogueState
from webapp.auth.passwords import verify_password
from webapp.auth.tokens import hash_token
from webapp.bootstrap import build_services
from webapp.cli import main
from webapp.db.database import Database
from webapp.processes.supervisor import running
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 120.0

pytestmark = pytest.mark.usefixtures("at_home")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def own_pack(tmp_path: Path, small_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of somebody's own, with training data only, in a home of its own."""
    home = tmp_path / "home"
    pack = home / "training_data" / "own"
    (home / "models").mkdir(parents=True)
    (home / "models" / "encoder").symlink_to(small_home / "models" / "encoder")
    shutil.copytree(small_home / "training_data" / "common", pack.parent / "common")
    shutil.copytree(small_home / "training_data" / "ecommerce" / "nlu", pack / "nlu")
    monkeypatch.setenv("JIEDAI_HOME", str(home))
    return pack


def database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'jiedai.db'}")


def test_init_makes_an_installation_with_a_password_for_everybody(
    made: tuple[Path, Result],
) -> None:
    folder, result = made
    assert result.exit_code == 0, result.stderr
    shown = re.findall(r"Account (\S+) \((\w+)\): password, shown this once: (\S+)", result.stderr)

    assert [role for _, role, _ in shown] == ["admin", "supervisor", "agent", "editor", "ml"]
    with database(folder).read() as work:
        for email, _, password in shown:
            member = work.staff.by_email(email)
            assert member is not None
            assert verify_password(member.password_hash, password)
        assert len(work.articles.published()) == 2
    for secret in (folder / "secrets").iterdir():
        assert secret.stat().st_mode & 0o777 == 0o600


def test_init_again_replaces_nothing_and_shows_no_password(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()}
    model = (folder / "models" / "nlu" / "manifest.json").read_bytes()

    again = run("init", "--data", str(folder), "--demo")

    assert again.exit_code == 0, again.stderr
    assert "shown this once" not in again.stderr
    assert "2 unchanged" in again.stderr
    assert {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()} == before
    assert (folder / "models" / "nlu" / "manifest.json").read_bytes() == model


def test_init_says_what_comes_next_to_people_and_to_who_starts_it_itself(folder: Path) -> None:
    alone = run("init", "--data", str(folder))
    assert alone.stderr.splitlines()[-1] == f"Ready. Start with: jiedai up --data {folder}"
    followed = run("init", "--data", str(folder), "--starting")
    assert followed.stderr.splitlines()[-1] == "Ready, starting …"


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("--pack", "nonsense"), "There is no pack 'nonsense'; there is: ecommerce"),
        (("--admin-email", "a@b.cn", "--admin-password", "short"), "at least"),
        (("--admin-password", "a long enough one"), "--admin-email"),
    ],
)
def test_init_refuses_wrong_usage_with_the_remedy(
    tmp_path: Path, arguments: tuple[str, ...], remedy: str
) -> None:
    result = run("init", "--data", str(tmp_path / "new"), *arguments)

    assert result.exit_code == 2
    assert remedy in result.stderr


def test_a_pack_that_no_bot_can_speak_for_leaves_nothing_behind(
    own_pack: Path, tmp_path: Path
) -> None:
    (own_pack / "conduct.yml").write_text("small_talk: {greet: hullo}", encoding="utf-8")

    result = run("init", "--data", str(tmp_path / "new"), "--pack", own_pack.name)

    assert result.exit_code == 1
    assert re.search(r"conduct\.yml:1: message “hullo” is in no wording file", result.stderr)
    assert not (tmp_path / "new").exists()


def test_a_pack_of_nothing_but_utterances_is_served_by_what_packs_share(
    own_pack: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new"

    result = run("init", "--data", str(folder), "--demo", "--pack", own_pack.name)

    assert result.exit_code == 0, result.stderr
    assert "the pack has none" in result.stderr
    services = build_services(Settings.from_env(data=folder))
    assert services.bot is not None, services.faults
    [greeting] = services.bot.greet("zh")
    assert "小助手" in greeting.content
    turn = services.bot.respond(
        DialogueState(), "转人工", customer=Customer(), now=datetime(2026, 11, 22, tzinfo=UTC)
    )
    assert turn.handoff is not None
    services.db.dispose()


def test_a_folder_keeps_the_pack_that_it_was_made_for(folder: Path) -> None:
    result = run("init", "--data", str(folder), "--pack", "own")

    assert result.exit_code == 2
    assert "was made for the pack 'ecommerce'" in result.stderr
    assert "--data" in result.stderr


def test_init_says_where_it_may_not_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    result = run("init", "--data", str(tmp_path / "file" / "data"))

    assert result.exit_code == 2
    assert "--data" in result.stderr


def test_broken_settings_name_the_file_and_the_remedy(folder: Path) -> None:
    (folder / "jiedai.toml").write_text("pack = [")

    result = run("doctor", "--data", str(folder))

    assert result.exit_code == 2
    assert "jiedai.toml" in result.stderr


def test_a_token_is_printed_alone_and_opens_the_account(folder: Path) -> None:
    created = run(
        "user", "create", "Wang@Example.com", "--role", "agent", "--skills", "退货, 发票",
        "--data", str(folder),
    )  # fmt: skip
    token = run("token", "create", "wang@example.com", "--data", str(folder))

    assert created.exit_code == 0, created.stderr
    assert "Password, shown this once" in created.stderr
    assert created.stdout == ""
    assert re.fullmatch(r"[\w-]{40,}\n", token.stdout)
    with database(folder).read() as work:
        owner = work.tokens.owner(hash_token(token.stdout.strip()))
    assert owner is not None
    assert (owner.email, owner.skills) == ("wang@example.com", ("退货", "发票"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("user", "create", "agent@demo.local", "--role", "agent"), 1),
        (("user", "create", "nobody", "--role", "agent"), 2),
        (("user", "create", "a@b.cn", "--role", "king"), 2),
        (("user", "create", "a@b.cn", "--role", "agent", "--password", "password12"), 2),
        (("token", "create", "nobody@demo.local"), 2),
    ],
)
def test_what_cannot_be_created_is_refused(
    folder: Path, arguments: tuple[str, ...], code: int
) -> None:
    result = run(*arguments, "--data", str(folder))

    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [("doctor",), ("up",), ("token", "create", "a@b.cn")])
def test_a_folder_that_was_never_made_is_refused_with_the_remedy(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = run(*command, "--data", str(tmp_path / "nothing"))

    assert result.exit_code == 2
    assert "jiedai init --data" in result.stderr


def test_the_doctor_finds_a_fresh_installation_well(folder: Path) -> None:
    result = run("doctor", "--data", str(folder), "--json")

    assert result.exit_code == 0, result.output
    findings = {f["name"]: f for f in json.loads(result.stdout)["findings"]}
    assert all(finding["ok"] for finding in findings.values())
    assert set(findings) >= {
        "database", "migrations", "encoder", "model", "index", "pack", "secrets", "processes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "name", "remedy"),
    [
        ("models/nlu", "model", "jiedai init --data"),
        ("jiedai.db", "database", "unable to open"),
        ("secrets/identity.key", "secrets", "jiedai init"),
    ],
)
def test_the_doctor_names_what_is_broken_and_the_remedy(
    folder: Path, spoil: str, name: str, remedy: str
) -> None:
    path = folder / spoil
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    result = run("doctor", "--data", str(folder), "--json")

    assert result.exit_code == 1
    findings = {f["name"]: f for f in json.loads(result.stdout)["findings"]}
    assert not findings[name]["ok"]
    assert remedy in findings[name]["message"]


def test_the_doctor_sees_an_encoder_that_another_version_made(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older"
    shutil.copytree(ROOT / "models" / "encoder", older)
    manifest = json.loads((older / "manifest.json").read_text("utf-8"))
    (older / "manifest.json").write_text(json.dumps(manifest | {"adaptation_sha256": "0" * 64}))
    monkeypatch.setenv("JIEDAI_ENCODER", str(older))

    result = run("doctor", "--data", str(folder), "--json")

    assert result.exit_code == 1
    findings = {f["name"]: f for f in json.loads(result.stdout)["findings"]}
    assert not findings["encoder"]["ok"]
    assert "scripts/setup" in findings["encoder"]["message"]


def test_the_doctor_says_what_pgvector_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEDAI_VECTOR_INDEX", "pgvector")
    result = run("doctor", "--data", str(folder), "--json")
    assert result.exit_code == 1
    findings = {f["name"]: f for f in json.loads(result.stdout)["findings"]}
    for name in ("vector index", "index"):
        assert not findings[name]["ok"]
        assert "needs PostgreSQL" in findings[name]["message"]


def test_the_doctor_sees_that_others_can_read_a_secret(folder: Path) -> None:
    (folder / "secrets" / "identity.key").chmod(0o644)

    result = run("doctor", "--data", str(folder))

    assert result.exit_code == 1
    assert "chmod 600" in result.stdout


def test_a_port_in_use_ends_with_1_and_the_remedy(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        result = run("up", "--data", str(folder), "--port", port)

    assert result.exit_code == 1
    assert "--port" in result.stderr


def test_up_serves_everything_and_ctrl_c_stops_everything(folder: Path) -> None:
    process, address = start(folder)
    try:
        ready = json.loads(get(f"{address}/readyz"))
        assert ready["ready"], ready
        assert b"<html" in get(f"{address}/")
        settings = Settings.from_env(data=folder)
        pids = running(settings)
        assert set(pids) == {"front", "web", "stream", "worker", "shop"}
        family = [psutil.Process(pid) for pid in pids.values()]
        family += [child for parent in family for child in parent.children()]

        second = run("up", "--data", str(folder), "--port", "0")
        assert second.exit_code == 1
        assert "already runs" in second.stderr
        assert run("doctor", "--data", str(folder)).exit_code == 0
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)

    assert code == 0
    assert [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """`jiedai up` in a process of its own, as soon as it says where it is."""
    command = [sys.executable, "-c", "from webapp.cli import main; main()"]
    command += ["up", "--data", str(folder), "--port", "0"]
    log = folder.parent / "up.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stderr=file, env=dict(os.environ))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"running at (\S+)", log.read_text())
        if found:
            return process, found.group(1)
        threading.Event().wait(0.1)
    process.kill()
    raise AssertionError(log.read_text())


def get(url: str) -> bytes:
    """The body of a page."""
    return httpx.get(url, timeout=30).content
