"""Hooks for gunicorn: a worker that ends does so at once and no longer counts in the figures."""

from __future__ import annotations

import os
from typing import Protocol

from prometheus_client import multiprocess


class _Worker(Protocol):
    pid: int


def worker_exit(server: object, worker: _Worker) -> None:
    """End now. Python would first join the threads of open event streams, which go on for as long
    as their readers listen: a worker whose master was killed would stay behind."""
    os._exit(0)


def child_exit(server: object, worker: _Worker) -> None:
    """Forget the gauges of a worker that has ended."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
