"""Figures for Prometheus, added up over every process; none of them says what a customer said.

With PROMETHEUS_MULTIPROC_DIR set to one folder for all processes, each writes its figures there
and `render_metrics` in any of them shows the sum.
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUEST_SECONDS = Histogram(
    "jiedai_request_seconds",
    "Time to answer a request",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
TURNS = Counter("jiedai_turns", "Customers' messages by who answered", ["holder"])
TURN_SECONDS = Histogram(
    "jiedai_turn_seconds",
    "Time from a customer's message to its stored answer",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
HANDOFFS = Counter("jiedai_handoffs", "Conversations given to people", ["reason"])
ERRORS = Counter("jiedai_errors", "Unexpected errors answered with 500", ["route"])
SSE_CLIENTS = Gauge(
    "jiedai_stream_clients",
    "Open event streams and long polls",
    ["audience"],
    multiprocess_mode="livesum",
)


class _Now(Collector):
    def __init__(self, waiting: int | None) -> None:
        self._waiting = waiting

    def collect(self) -> Iterable[GaugeMetricFamily]:
        up = 0 if self._waiting is None else 1
        yield GaugeMetricFamily("jiedai_database_up", "Whether the database answers", value=up)
        if self._waiting is not None:
            yield GaugeMetricFamily(
                "jiedai_queue_length", "Conversations waiting for a person", value=self._waiting
            )


def render_metrics(*, waiting: int | None) -> bytes:
    """Everything in Prometheus' text format.

    `waiting` is the number of conversations in the queue, None when the database is gone.
    """
    registry = CollectorRegistry()
    if getattr(values.ValueClass, "_multiprocess", False):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        figures = generate_latest(registry)
    else:
        figures = generate_latest(REGISTRY)
    now = CollectorRegistry()
    now.register(_Now(waiting))
    return figures + generate_latest(now)
