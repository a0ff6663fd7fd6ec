"""Run another program: measure it until it ends, or serve from it, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import httpx
import psutil

_END_SECONDS = 30


class NotServing(Exception):
    """A server ended, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command took from its start to its end, and what it held at most."""

    seconds: float
    peak_mb: float


def finish(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Finished:
    """Run a command in the folder to its end; if it fails, so does this program, and says why."""
    started = time.perf_counter()
    with running(command, folder=folder, environment=environment) as process:
        # wait4 alone knows the memory of this one process; ru_maxrss is in units of 1,024 bytes,
        # and never below what this program held when it started the other.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{_said(folder)}")
    return Finished(seconds, usage.ru_maxrss * 1024 / 1e6)


@contextmanager
def running(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process that has ended when the block is left, however it is left.

    What it says goes to `output.log` in the folder, and into a NotServing that leaves the block.
    """
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    except NotServing as error:
        raise NotServing(f"{error}; it said:\n{_said(folder)}") from error
    finally:
        _end(process)


def wait_until_ready(
    process: subprocess.Popen[bytes], client: httpx.Client, *, seconds: float
) -> None:
    """Ask until the server understands a text. Raises NotServing."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NotServing(f"the server ended with {process.returncode}")
        with suppress(httpx.TransportError):
            if client.post("/model/parse", json={"text": "你好"}).is_success:
                return
        time.sleep(0.2)
    raise NotServing(f"the server did not answer within {seconds:g} s")


def memory(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """What a server holds in MB: its largest process, and all together with shared pages once."""
    first = psutil.Process(process.pid)
    held = [p.memory_full_info() for p in (first, *first.children(recursive=True))]
    return {"serving_mb": max(m.rss for m in held) / 1e6, "all_mb": sum(m.pss for m in held) / 1e6}


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _said(folder: Path) -> str:
    return (folder / "output.log").read_text("utf-8", "replace")[-2000:]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command, and what it has started, even where it ended before those."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
