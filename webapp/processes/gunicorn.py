"""Hooks for gunicorn: a worker that has ended no longer counts in the figures."""

from __future__ import annotations

from typing import Protocol

from prometheus_client import multiprocess


class _Worker(Protocol):
    pid: int


def child_exit(server: object, worker: _Worker) -> None:
    """Forget the gauges of a worker that has ended."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
