"""Keeps the features of training texts in a file, so that training again encodes only new ones."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import numpy as np

from nlu.encoder import Encode
from nlu.encoder_network import Vectors

MOST_KEPT: Final = 40_000
"""Texts in a file, those used last: 120 MB with 768 features."""


class KeptFeatures:
    """Wraps an encoder's features; what is asked for is remembered."""

    def __init__(self, encode: Encode, known: dict[bytes, Vectors]) -> None:
        self._encode = encode
        self._known = known
        self.used: dict[bytes, Vectors] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """As the encoder's: float32 of shape (texts, dimension)."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16] for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._known
        }
        if missing:
            self._known.update(zip(missing, self._encode([*missing.values()]), strict=True))
        elif not keys:
            return self._encode([])
        self.used.update((key, self._known[key]) for key in keys)
        return np.stack([self._known[key] for key in keys])


@contextmanager
def kept_features(encode: Encode, file: Path) -> Iterator[KeptFeatures]:
    """Features from the file where it has them, and the file with all that were asked for.

    `file` belongs to one encoder: name it after the encoder's fingerprint. A file that cannot be
    read or written costs time, nothing else.
    """
    known = _read(file)
    features = KeptFeatures(encode, dict(known))
    yield features
    if features.used.keys() - known.keys():
        rest = {key: row for key, row in known.items() if key not in features.used}
        _write(file, {**features.used, **rest})


def _read(file: Path) -> dict[bytes, Vectors]:
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as stored:
            keys, rows = stored["keys"], stored["rows"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return {}
    if keys.shape != (len(rows), 16) or rows.dtype != np.float32 or rows.ndim != 2:
        return {}
    return {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}


def _write(file: Path, rows: dict[bytes, Vectors]) -> None:
    kept = [*rows.items()][:MOST_KEPT]
    keys = np.frombuffer(b"".join(key for key, _ in kept), np.uint8).reshape(-1, 16)
    beside = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _clear_unfinished(file)
        with beside.open("wb") as out:
            np.savez(out, keys=keys, rows=np.stack([row for _, row in kept]))
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()


def _clear_unfinished(file: Path) -> None:
    """Remove what processes left that were killed while they wrote."""
    ending = re.compile(re.escape(file.name) + r"\.([1-9]\d{0,8})\.new")
    for path in file.parent.iterdir():
        found = ending.fullmatch(path.name)
        if found and not _is_running(int(found[1])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True
