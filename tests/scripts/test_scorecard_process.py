from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
import psutil
import pytest
from scorecard_process import NotServing, finish, free_port, running, wait_until_ready


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_command_that_fails_ends_the_program_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"ended with 3:\nno such config"):
        finish(
            python("print('no such config'); raise SystemExit(3)"),
            folder=tmp_path,
            environment=os.environ,
        )


def test_what_a_command_held_at_most_counts_even_when_it_gave_it_back(tmp_path: Path) -> None:
    code = "text = b'x' * 600_000_000; del text"
    finished = finish(python(code), folder=tmp_path, environment=os.environ)
    assert finished.peak_mb > 600


def test_a_server_that_ended_is_reported_with_its_words(tmp_path: Path) -> None:
    with (
        pytest.raises(NotServing, match=r"(?s)ended with 1.*port is taken"),
        running(
            python("raise SystemExit('port is taken')"), folder=tmp_path, environment=os.environ
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{free_port()}") as client,
    ):
        wait_until_ready(process, client, seconds=60)


def test_a_server_is_ended_when_something_goes_wrong_beside_it(tmp_path: Path) -> None:
    forever = python("import signal; signal.pause()")
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117
        with running(forever, folder=tmp_path, environment=os.environ) as process:
            1 / 0  # noqa: B018
    assert not psutil.pid_exists(process.pid)
