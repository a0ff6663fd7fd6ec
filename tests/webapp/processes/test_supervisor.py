"""The supervisor: restarts what dies, stops everything, lets nobody share its folder or port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.processes.children import CannotListen, Plan, listen_tcp, listen_unix
from webapp.processes.supervisor import (
    AlreadyRunning,
    FolderLock,
    Supervisor,
    WillNotStart,
    figures_in_memory,
    prepare_folders,
    running,
)
from webapp.settings import Settings

PATIENCE = 20.0
SLEEP = (sys.executable, "-c", "import time; time.sleep(1000)")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'x.db'}")
    prepare_folders(made)
    return made


def eventually(check: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Whether a process runs (and is no zombie of ours)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def supervised(settings: Settings, *plans: Plan, during: Callable[[], None]) -> list[str]:
    """Run a supervisor over the plans while a thread does something; what was said."""
    said: list[str] = []
    supervisor = Supervisor(settings, plans, say=said.append)

    def act() -> None:
        try:
            during()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=act)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    thread.start()
    try:
        supervisor.run(ready=lambda: True)
    finally:
        thread.join()
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    return said


def test_a_process_that_is_killed_is_started_again(settings: Settings) -> None:
    pids: list[int] = []

    def kill_it() -> None:
        assert eventually(lambda: "sleeper" in running(settings))
        pids.append(running(settings)["sleeper"])
        os.kill(pids[0], signal.SIGKILL)
        assert eventually(lambda: running(settings).get("sleeper", pids[0]) != pids[0])
        pids.append(running(settings)["sleeper"])

    said = supervised(settings, Plan("sleeper", SLEEP), during=kill_it)

    assert any("signal 9" in line for line in said)
    assert not alive(pids[1])
    assert running(settings) == {}


def test_a_process_whose_id_cannot_be_noted_runs_all_the_same(
    settings: Settings, tmp_path: Path
) -> None:
    (settings.run_folder / "sleeper.pid").mkdir()  # stands for a disk without room
    done = tmp_path / "done"
    code = f"import pathlib, time; pathlib.Path({str(done)!r}).touch(); time.sleep(1000)"

    def look() -> None:
        assert eventually(done.exists)
        (settings.run_folder / "sleeper.pid").rmdir()

    said = supervised(settings, Plan("sleeper", (sys.executable, "-c", code)), during=look)

    assert any("cannot be noted" in line for line in said)


def test_a_process_that_ignores_the_wish_to_stop_is_killed(settings: Settings) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(1000)"
    plan = Plan("deaf", (sys.executable, "-c", code), stop_seconds=0.3)
    pids: list[int] = []

    def note() -> None:
        assert eventually(lambda: "deaf" in running(settings))
        pids.append(running(settings)["deaf"])

    supervised(settings, plan, during=note)

    assert not alive(pids[0])


def test_a_process_that_cannot_start_ends_the_attempt_with_its_last_words(
    settings: Settings,
) -> None:
    code = "import sys; sys.exit('no model here')"
    supervisor = Supervisor(
        settings, [Plan("broken", (sys.executable, "-c", code))], say=lambda text: None
    )

    with pytest.raises(WillNotStart, match="no model here"):
        supervisor.run(ready=lambda: False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent")
def test_children_die_with_a_supervisor_that_is_killed(settings: Settings, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from webapp.processes.children import Plan\n"
        "from webapp.processes.supervisor import Supervisor\n"
        "from webapp.settings import Settings\n"
        "settings = Settings(data=Path(sys.argv[1]), database_url='sqlite:///x')\n"
        "plan = Plan('sleeper', (sys.executable, '-c', 'import time; time.sleep(1000)'))\n"
        "Supervisor(settings, [plan], say=print).run(ready=lambda: True)\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    assert eventually(lambda: "sleeper" in running(settings))
    child = running(settings)["sleeper"]

    supervisor.kill()
    supervisor.wait()

    assert eventually(lambda: not alive(child))


def test_a_second_supervisor_on_one_folder_is_refused(settings: Settings) -> None:
    with FolderLock(settings), pytest.raises(AlreadyRunning, match="--data"), FolderLock(settings):
        pass
    with FolderLock(settings):
        pass


def test_a_port_in_use_is_refused_with_the_remedy() -> None:
    first = listen_tcp("127.0.0.1", 0)
    port = int(first.socket.getsockname()[1])

    with pytest.raises(CannotListen, match="--port"):
        listen_tcp("127.0.0.1", port)
    first.socket.close()


def test_the_socket_file_of_an_earlier_run_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "web.sock"
    left_behind = listen_unix(path)
    left_behind.socket.close()
    assert path.exists()

    listener = listen_unix(path)

    assert path.stat().st_mode & 0o077 == 0
    path.unlink()
    number = listener.ensure()
    assert path.exists()
    assert number == listener.socket.fileno()
    listener.socket.close()


def test_figures_lie_outside_of_the_data_folder_and_go_when_the_run_ends(
    settings: Settings,
) -> None:
    metrics = settings.run_folder / "metrics"

    with figures_in_memory(settings):
        place = metrics.resolve()
        (metrics / "counter_1.db").touch()
        assert not place.is_relative_to(settings.data)
        assert place.stat().st_mode & 0o777 == 0o700

    assert not place.exists()
    assert not metrics.is_symlink()


def test_figures_of_a_run_that_was_killed_are_cleared_by_the_next(settings: Settings) -> None:
    metrics = settings.run_folder / "metrics"
    killed = figures_in_memory(settings)
    killed.__enter__()
    left = metrics.resolve()

    with figures_in_memory(settings):
        assert metrics.resolve() != left
        assert not left.exists()
