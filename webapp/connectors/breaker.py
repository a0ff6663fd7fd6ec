"""Breaker: stops asking a system that keeps failing, so that customers need not wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row; after `patience` of them asks nothing for `rest_seconds`.

    Then one caller may try; its success closes the breaker, its failure starts another rest.
    Safe for threads.
    """

    def __init__(
        self,
        *,
        patience: int = 5,
        rest_seconds: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patience = patience
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Whether to ask now. Of several callers after a rest only the first one is let through."""
        with self._lock:
            if self._failures < self._patience:
                return True
            now = self._monotonic()
            if now < self._rests_until:
                return False
            self._rests_until = now + self._rest_seconds
            return True

    def succeeded(self) -> None:
        """The system answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The system did not answer, or answered nonsense."""
        with self._lock:
            self._failures += 1
            self._rests_until = self._monotonic() + self._rest_seconds
