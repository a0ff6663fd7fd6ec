"""A function of texts that remembers what it made of the texts that it was lately asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

_MOST_KEPT_CALL: Final = 64  # training passes thousands of texts once; they would push out the rest

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """Calls `make` for texts that are not remembered, each once, shortest first; safe for threads.

    The `size` texts that were asked for last are remembered. What is returned is shared: do not
    write to it.
    """

    def __init__(self, make: Callable[[Sequence[str]], Sequence[Made]], *, size: int) -> None:
        self._make = make
        self._size = size
        self._kept: OrderedDict[str, Made] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> list[Made]:
        """What was made of each text, in their order."""
        found = self._remembered(texts)
        missing = sorted({text for text in texts if text not in found}, key=lambda t: (len(t), t))
        if missing:
            found.update(zip(missing, self._make(missing), strict=True))
            self._remember(missing, found)
        return [found[text] for text in texts]

    def _remembered(self, texts: Sequence[str]) -> dict[str, Made]:
        found = {}
        with self._lock:
            for text in texts:
                if text in self._kept:
                    self._kept.move_to_end(text)
                    found[text] = self._kept[text]
        return found

    def _remember(self, texts: Sequence[str], made: dict[str, Made]) -> None:
        if len(texts) > _MOST_KEPT_CALL:
            return
        with self._lock:
            for text in texts:
                self._kept[text] = made[text]
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
