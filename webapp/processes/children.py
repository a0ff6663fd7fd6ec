"""The processes of one installation: how each is started, and how it dies with its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from webapp.settings import Settings

_LOG_BYTES = 50 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
# A path to a Unix socket may have 107 bytes on Linux and 103 elsewhere.
_LONGEST_SOCKET_PATH = 100


class CannotListen(Exception):
    """A port or socket cannot be opened; the message names the remedy."""


@dataclass(slots=True)
class Listener:
    """A listening socket that the supervisor keeps open over its child's restarts.

    Connections that come while the child is away wait in the socket's queue.
    """

    path: Path | None
    socket: socket.socket

    def ensure(self) -> int:
        """The socket's number for the child; opened again when its file has been removed."""
        if self.path is not None and not self.path.exists():
            self.socket.close()
            self.socket = _bind_unix(self.path)
        return self.socket.fileno()


@dataclass(frozen=True, slots=True)
class Plan:
    """One process: its name, its command line (`{fd}` is the listener) and what it listens on."""

    name: str
    command: tuple[str, ...]
    listener: Listener | None = None
    stop_seconds: float = 5.0
    environment: Mapping[str, str] = field(default_factory=dict)


def listen_tcp(host: str, port: int) -> Listener:
    """Open the public port; 0 takes any that is free. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Cannot listen on {host} port {port}: {error.strerror}. Stop the program that uses "
            "it, or choose another one with --port."
        ) from error
    listener.listen(1024)
    return Listener(None, listener)


def listen_unix(path: Path) -> Listener:
    """Open a Unix socket; the file of an earlier run is replaced. Raises CannotListen."""
    return Listener(path, _bind_unix(path))


def socket_path(settings: Settings, name: str) -> Path:
    """Where a process's socket is; beside the temporary files when the folder's name is long."""
    path = settings.run_folder / f"{name}.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    short = Path(f"/tmp/jiedai-{os.getuid()}-{os.getpid()}")  # noqa: S108 - made private below
    short.mkdir(mode=0o700, exist_ok=True)
    return short / f"{name}.sock"


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plans(settings: Settings, public: Listener) -> list[Plan]:
    """Every process in the order of starting; the front comes last."""
    web = listen_unix(socket_path(settings, "web"))
    stream = listen_unix(socket_path(settings, "stream"))
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(settings.run_folder / "metrics")}
    planned = []
    if settings.demo and settings.has_demo_shop and settings.shop_url is None:
        shop = _demo_shop(settings, free_port())
        shared["JIEDAI_SHOP_URL"] = f"http://127.0.0.1:{shop.command[-1]}"
        planned.append(shop)
    threads = str(settings.web_threads)
    many = str(settings.stream_threads)
    planned += [
        Plan(
            "web",
            (
                *_gunicorn("webapp.wsgi:build()", workers=settings.web_workers),
                *("--threads", threads, "--timeout", "120", "--graceful-timeout", "10"),
            ),
            web,
            stop_seconds=12.0,
            environment=shared,
        ),
        Plan(
            "stream",
            (
                *_gunicorn("webapp.delivery.wsgi:build()", workers=1),
                *("--threads", many, "--worker-connections", str(settings.stream_threads + 200)),
                *("--timeout", "60", "--graceful-timeout", "1"),
            ),
            stream,
            environment=shared,
        ),
        Plan("worker", (sys.executable, "-m", "webapp.processes.worker"), environment=shared),
        _front(settings, public, web, stream),
    ]
    return planned


def start(plan: Plan, settings: Settings) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, writing to its log file."""
    pass_fds: tuple[int, ...] = ()
    command = plan.command
    if plan.listener is not None:
        number = plan.listener.ensure()
        os.set_inheritable(number, True)
        pass_fds = (number,)
        command = tuple(part.replace("{fd}", str(number)) for part in command)
    with _log_file(settings, plan.name).open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own programs, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**settings.environment(), **plan.environment},
            pass_fds=pass_fds,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _gunicorn(app: str, *, workers: int) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "gunicorn", app, "--config", "python:webapp.processes.gunicorn"),
        *("--bind", "fd://{fd}", "--worker-class", "gthread", "--workers", str(workers)),
        *("--keep-alive", "5", "--log-level", "warning", "--no-control-socket"),
    )


def _front(settings: Settings, public: Listener, web: Listener, stream: Listener) -> Plan:
    command = [sys.executable, "-m", "webapp.processes.front", "--fd", "{fd}"]
    command += ["--web", str(web.path), "--stream", str(stream.path)]
    if settings.trusted_proxies > 1:
        command.append("--trust-forwarded")
    return Plan("front", tuple(command), public)


def _demo_shop(settings: Settings, port: int) -> Plan:
    command = [sys.executable, "-m", "webapp.demo_shop"]
    command += ["--db", str(settings.data / "demo-shop.db")]
    command += ["--key-file", str(settings.secrets_folder / "shop.key"), "--port", str(port)]
    return Plan("shop", tuple(command))


def _bind_unix(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Cannot open the socket {path}: {error.strerror}. Check that the folder is writable."
        ) from error
    path.chmod(0o600)
    listener.listen(2048)
    return listener


def _log_file(settings: Settings, name: str) -> Path:
    path = settings.logs_folder / f"{name}.log"
    if path.exists() and path.stat().st_size > _LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path


def _die_with_parent() -> None:
    """Run in the child before exec: the kernel ends it when the supervisor is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
