"""`jiedai up`: starts every process under one supervisor and prints where to find it."""

from __future__ import annotations

import http.client
import json
from pathlib import Path

import click

from webapp import secrets
from webapp.cli.options import data_option, existing, plain_errors
from webapp.db import schema
from webapp.db.database import Database
from webapp.processes.children import CannotListen, listen_tcp, plans
from webapp.processes.supervisor import (
    AlreadyRunning,
    FolderLock,
    Supervisor,
    WillNotStart,
    figures_in_memory,
    prepare_folders,
)
from webapp.settings import Settings


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def up(data: Path | None, host: str, port: int) -> None:
    """Start every process; Ctrl-C stops all of them."""
    with plain_errors():
        settings = existing(data)
        prepare_folders(settings)
        schema.check_current(settings.database_url)
    try:
        with FolderLock(settings), figures_in_memory(settings):
            public = listen_tcp(host, port)
            name, number = public.socket.getsockname()[:2]
            probe = _Probe(settings, str(name), int(number))
            supervisor = Supervisor(settings, plans(settings, public), say=_say)
            supervisor.run(ready=probe.ready)
    except (AlreadyRunning, CannotListen, WillNotStart) as error:
        raise click.ClickException(str(error)) from error
    _say("Stopped.")


class _Probe:
    """Asks the running program whether it is ready, and says so once."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self._settings = settings
        self._host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        self._shown_host = f"[{host}]" if ":" in host else host
        self._port = port

    def ready(self) -> bool:
        """Whether the web process answers; then prints the addresses."""
        answer = self._ask("/readyz")
        if answer is None:
            return False
        base = self._settings.public_url or f"http://{self._shown_host}:{self._port}"
        _say(f"Jiedai is running at {base}")
        _say(f"  customers: {base}/  ·  agents: {base}/desk  ·  knowledge: {base}/knowledge")
        for name, part in answer.items():
            if not part.get("ready", False):
                _say(f"  not ready: {name}: {part.get('message')}")
        self._say_setup(base)
        return True

    def _say_setup(self, base: str) -> None:
        with Database(self._settings.database_url).read() as work:
            staff = work.staff.count()
        if staff == 0:
            code = secrets.setup_code(self._settings.secrets_folder)
            _say(f"  no account yet: open {base}/setup with the code {code}")

    def _ask(self, path: str) -> dict[str, dict[str, str]] | None:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=2)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        try:
            parts = json.loads(body).get("parts")
        except (ValueError, AttributeError):
            return None
        return parts if isinstance(parts, dict) else None


def _say(text: str) -> None:
    click.echo(text, err=True)
