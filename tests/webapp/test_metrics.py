"""Figures of several processes are added up; tried with real processes."""

import os
import subprocess
import sys
from pathlib import Path

COUNT = "from webapp.metrics import HANDOFFS; HANDOFFS.labels('vip').inc({n})"
SHOW = "from webapp.metrics import render_metrics; print(render_metrics(waiting=3).decode())"


def run(code: str, folder: Path) -> str:
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_figures_of_two_processes_are_one_sum(tmp_path: Path) -> None:
    run(COUNT.format(n=2), tmp_path)
    run(COUNT.format(n=5), tmp_path)
    shown = run(SHOW, tmp_path)
    assert 'jiedai_handoffs_total{reason="vip"} 7.0' in shown
    assert "jiedai_queue_length 3.0" in shown
