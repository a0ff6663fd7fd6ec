"""JSON lines about what the program does, never about what customers say.

An exception is logged as its class and the places it passed: its message may quote a customer.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logging(level: str = "INFO", *, to: TextIO | None = None) -> None:
    """Send this program's and its libraries' records as JSON lines to `to` (default: stderr)."""
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                name_exception,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore"):  # they log addresses, which hold order numbers
        logging.getLogger(chatty).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `log.info("turn", conversation_id=…)`, never with what was said."""
    return structlog.stdlib.get_logger(name)


def name_exception(logger: WrappedLogger, method: str, entry: EventDict) -> EventDict:
    """Replace `exc_info` by the exception's class and the places it passed."""
    given = entry.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, BaseException):
        given = (type(given), given, given.__traceback__)
    if not isinstance(given, tuple) or given[1] is None:
        return entry
    entry["exception"] = given[0].__name__
    entry["frames"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(given[2])[-12:]
    ]
    cause = given[1].__cause__
    if cause is not None:
        entry["cause"] = type(cause).__name__
    return entry


# At import, not in `configure_logging`: structlog's own default prints the values of variables
# with a traceback, and a command that forgot to configure anything must not do that either.
structlog.configure(
    processors=[*_SHARED, name_exception, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
