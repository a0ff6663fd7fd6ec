"""Supervisor: starts every process, restarts what dies, stops all of them together."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from webapp.processes.children import Plan, start
from webapp.settings import Settings

LONGEST_PAUSE = 10.0
STEADY_SECONDS = 20.0
FAILURES_BEFORE_GIVING_UP = 5
_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it is private


class AlreadyRunning(Exception):
    """Another supervisor works on the same data folder."""


class WillNotStart(Exception):
    """A process ends again and again right after its start; the message names its log."""


@dataclass(slots=True)
class Child:
    """One supervised process. `failures` counts ends shortly after a start."""

    plan: Plan
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float = 0.0


class Supervisor:
    """Keeps the planned processes running until `stop` is asked for."""

    def __init__(
        self,
        settings: Settings,
        plans: Sequence[Plan],
        *,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._children = [Child(plan) for plan in plans]
        self._say = say
        self._clock = clock
        self._stopping = False

    def run(self, *, ready: Callable[[], bool]) -> None:
        """Run until SIGINT or SIGTERM; `ready` is asked until it says yes, then no more.

        Raises WillNotStart when a process cannot be started at all; everything is stopped then.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        is_ready = False
        try:
            while not self._stopping:
                for child in self._children:
                    self._look_after(child, hopeful=is_ready)
                is_ready = is_ready or ready()
                time.sleep(0.1)
        finally:
            self.stop()

    def stop(self) -> None:
        """End every process: the front first, so that nobody is let in any more."""
        for child in reversed(self._children):
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        for child in reversed(self._children):
            self._await_end(child)

    def _look_after(self, child: Child, *, hopeful: bool) -> None:
        now = self._clock()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            self._note_end(child, code, lived=now - child.started_at, hopeful=hopeful)
        if now < child.start_at:
            return
        child.process = start(child.plan, self._settings)
        child.started_at = now
        self._note_pid(child.plan.name, child.process.pid)

    def _note_pid(self, name: str, pid: int) -> None:
        try:
            _pid_file(self._settings, name).write_text(str(pid))
        except OSError as error:  # such as a full disk: the process runs all the same
            self._say(f"{name} runs as {pid}, which cannot be noted: {error.strerror}")

    def _note_end(self, child: Child, code: int, *, lived: float, hopeful: bool) -> None:
        child.process = None
        child.failures = 0 if lived > STEADY_SECONDS else child.failures + 1
        log = self._settings.logs_folder / f"{child.plan.name}.log"
        if not hopeful and child.failures >= FAILURES_BEFORE_GIVING_UP:
            raise WillNotStart(
                f"The process `{child.plan.name}` does not start (exit code {code}); the reason "
                f"is at the end of {log}.\n{_tail(log)}"
            )
        pause = min(LONGEST_PAUSE, 0.25 * 2**child.failures) if child.failures > 1 else 0.0
        child.start_at = self._clock() + pause
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self._say(f"{child.plan.name} ended ({how}); starting it again. See {log}")

    def _await_end(self, child: Child) -> None:
        if child.process is None:
            return
        try:
            child.process.wait(timeout=child.plan.stop_seconds)
        except subprocess.TimeoutExpired:
            # the whole session, so that gunicorn's workers do not stay behind
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        _pid_file(self._settings, child.plan.name).unlink(missing_ok=True)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


class FolderLock:
    """Keeps a second supervisor away from a data folder; the kernel frees it when we die."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.run_folder / "up.lock"

    def __enter__(self) -> None:
        self._file = self._path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise AlreadyRunning(
                f"`jiedai up` already runs on {self._path.parent.parent}: stop it first, or choose "
                "another folder with --data."
            ) from error

    def __exit__(self, *_: object) -> None:
        self._file.close()


def prepare_folders(settings: Settings) -> None:
    """Make the folders of the running processes."""
    for folder in (settings.run_folder, settings.logs_folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def figures_in_memory(settings: Settings) -> Iterator[None]:
    """Keep the processes' figures of this run in memory, behind `run/metrics`.

    Processes map these files; on a full disk the kernel would end whoever comes to a new page of
    one (SIGBUS). Where there is no such place in memory they lie beside the temporary files.
    """
    link = settings.run_folder / "metrics"
    _forget(link)  # a run that was killed left them behind
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    link.symlink_to(tempfile.mkdtemp(prefix="jiedai-metrics-", dir=memory))
    try:
        yield
    finally:
        _forget(link)


def running(settings: Settings) -> dict[str, int]:
    """The processes that a supervisor has started and that are alive, with their ids."""
    found = {}
    for path in sorted(settings.run_folder.glob("*.pid")):
        try:
            number = int(path.read_text())
            os.kill(number, 0)
        except (ValueError, ProcessLookupError, FileNotFoundError):
            continue
        except PermissionError:
            pass
        found[path.stem] = number
    return found


def _forget(link: Path) -> None:
    shutil.rmtree(link.resolve(), ignore_errors=True)
    link.unlink(missing_ok=True)


def _pid_file(settings: Settings, name: str) -> Path:
    return settings.run_folder / f"{name}.pid"


def _tail(path: Path, *, lines: int = 15) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
