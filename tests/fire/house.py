"""A really running product to shoot at: `jiedai up` on a data folder of its own."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import httpx
import psutil

from handoff.agent import Role
from nlu.artefact import save_model
from nlu.encoder import load_encoder
from nlu.formats import read_training_data
from nlu.train import train
from webapp import secrets
from webapp.auth.passwords import hash_password
from webapp.auth.tokens import hash_token, new_token
from webapp.db import schema
from webapp.db.database import Database
from webapp.processes.supervisor import running
from webapp.settings import Settings, write_config

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0
_FEW_INTENTS = ("greet", "goodbye", "request_human", "thanks", "track_order", "ask_invoice")
_FEW_EXAMPLES = 20
# The stream answers 401 to nobody in particular.
_ADDRESSES = {"web": "/healthz", "stream": "/api/v1/events"}


@dataclass(frozen=True)
class Colleague:
    """An agent's account."""

    id: int
    name: str
    token: str


@dataclass
class House:
    """A running product, its settings and its agents."""

    settings: Settings
    agents: list[Colleague]
    process: subprocess.Popen[str]
    base_url: str
    said: list[str] = field(default_factory=list)
    listening: threading.Thread | None = None

    @cached_property
    def db(self) -> Database:
        """A way to look at what was really stored."""
        return Database(self.settings.database_url)

    def stop(self) -> float:
        """Ctrl-C; the seconds until everything had ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        self.db.dispose()
        if self.listening is not None:
            self.listening.join(timeout=10)
        return time.monotonic() - began


def left_behind(settings: Settings) -> list[str]:
    """The command lines of processes that still work on a data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("JIEDAI_DATA") == str(settings.data):
                found.append(" ".join(process.cmdline()))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def furnish(folder: Path, database_url: str, *, agents: int) -> tuple[Settings, list[Colleague]]:
    """A data folder with tables, keys, a small trained model and agents."""
    write_config(folder, {"pack": "ecommerce", "database_url": database_url})
    settings = Settings(data=folder, database_url=database_url)
    schema.upgrade(database_url)
    secrets.create(settings.secrets_folder)
    _train_small_model(settings)
    now, db, made = datetime.now(UTC), Database(database_url), []
    with db.write() as work:
        for number in range(agents):
            token, name = new_token(), f"坐席{number}"
            member = work.staff.add(
                email=f"agent{number}@example.com",
                name=name,
                role=Role.AGENT,
                password_hash=hash_password(new_token()),
                now=now,
            )
            work.tokens.add(hash_token(token), staff_id=member.id, name="fire", now=now)
            made.append(Colleague(member.id, name, token))
    db.dispose()
    return settings, made


def start(settings: Settings, agents: list[Colleague], *, within: Sequence[str] = ()) -> House:
    """Start `jiedai up` on a free port and wait until it says where it is.

    `within` is a command that makes a surrounding and then becomes the one that follows it.
    """
    command = [*within, sys.executable, "-c", "from webapp.cli import main; main()", "up"]
    command += ["--data", str(settings.data), "--port", "0"]
    environment = {**settings.environment(), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    said: list[str] = []
    address = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                said.append(line.rstrip())
                if "running at" in line:
                    address.set()

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    deadline = time.monotonic() + START_SECONDS
    while not address.wait(0.1):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            listening.join(timeout=10)
            raise AssertionError("The product did not start:\n" + "\n".join(said))
    found = re.search(r"running at (\S+)", "\n".join(said))
    assert found is not None
    return House(settings, agents, process, found.group(1), said, listening)


@dataclass
class Gunner:
    """Kills processes of a house, one at a time, each alive again before the next shot."""

    house: House
    targets: list[str]
    pause: tuple[float, float]
    seed: int
    shots: list[tuple[str, int]] = field(default_factory=list)

    def start(self) -> threading.Thread:
        """Shoot in a thread until every target was hit."""
        thread = threading.Thread(target=self._shoot_all, daemon=True)
        thread.start()
        return thread

    def _shoot_all(self) -> None:
        rng = random.Random(self.seed)
        for name in rng.sample(self.targets, len(self.targets)):
            time.sleep(rng.uniform(*self.pause))
            pid = self._alive(name)
            workers = [child.pid for child in psutil.Process(pid).children()]
            victim = rng.choice([pid, *workers])
            os.kill(victim, signal.SIGKILL)
            self.shots.append((name, victim))

    def _alive(self, name: str) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            pid = running(self.house.settings).get(name)
            if pid is not None and psutil.pid_exists(pid) and self._answers(name):
                return pid
            time.sleep(0.1)
        raise AssertionError(f"{name} did not come back")

    def _answers(self, name: str) -> bool:
        """Whether the process behind the front answers; the worker answers nobody."""
        path = _ADDRESSES.get(name)
        if path is None:
            return True
        try:
            return httpx.get(self.house.base_url + path, timeout=5).status_code in (200, 401)
        except httpx.TransportError:
            return False


def _train_small_model(settings: Settings) -> None:
    """A real model of a few intents: the bot must answer, not be clever."""
    data = read_training_data([ROOT / "training_data" / "ecommerce" / "nlu"])
    examples = []
    for intent in _FEW_INTENTS:
        own = [e for e in data.examples if e.intent == intent]
        examples += own[:_FEW_EXAMPLES]
    encoder = load_encoder(ROOT / "models" / "encoder")
    trained = train(examples, encoder.features)
    save_model(
        trained.model,
        settings.nlu_model,
        encoder=encoder.fingerprint,
        examples=examples,
        scores={},
        created_at=datetime.now(UTC),
    )
