"""Converting in a process of its own, with limits on memory and time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from webapp.conversion.child import BAD, RESULT
from webapp.conversion.document import KINDS, PICTURES, BadDocument, Converted, Document
from webapp.logs import get_logger

SECONDS = 90
WAIT = 10
"""How long a conversion waits for its turn: whoever waits keeps a thread from customers."""
AT_ONCE = 2
"""How many conversions one process has running; each may take a gigabyte."""
MAX_RESULT = 16 * 1024 * 1024

_log = get_logger(__name__)
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one conversion may take: bytes of memory, seconds of work, seconds in all."""

    memory: int = 1024 * 1024 * 1024
    work: int = 60
    patience: int = SECONDS


DEFAULT = Limits()


class ConversionBusy(Exception):
    """Too many documents are being converted; try again in a minute."""


class _Document(BaseModel):
    title: str
    markdown: str


class _Result(BaseModel):
    documents: list[_Document] = []
    pictures: list[str] = []
    remarks: list[str] = []
    problem: str | None = None


def convert(path: Path, folder: Path, *, limits: Limits = DEFAULT) -> Converted:
    """What is in a Word, PDF, HTML or Excel file; pictures are written below `folder`.

    Raises BadDocument for a file that cannot be converted, ConversionBusy.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        kinds = ", ".join(sorted(KINDS))
        raise BadDocument(f"files of this kind are not converted; take one of {kinds}.")
    if not _places.acquire(timeout=WAIT):
        raise ConversionBusy("Too many documents are being converted; try again in a minute.")
    try:
        code = _run(kind, path, folder, limits)
    finally:
        _places.release()
    result = _result(folder)
    if code == BAD and result is not None and result.problem:
        raise BadDocument(result.problem)
    if code != 0 or result is None:
        _log.warning("conversion.failed", kind=kind, code=code)
        message = "it takes too much memory or time, or is damaged; save it anew, or split it."
        raise BadDocument(message)
    names = [name for name in result.pictures if (folder / PICTURES / name).is_file()]
    documents = [Document(one.title, one.markdown) for one in result.documents]
    return Converted(documents, names, result.remarks)


def _run(kind: str, path: Path, folder: Path, limits: Limits) -> int:
    """The exit code of the process; -1 when it took too long."""
    command = [
        sys.executable, "-m", "webapp.conversion.child", kind, str(path.resolve()), str(folder),
        str(limits.memory), str(limits.work),
    ]  # fmt: skip
    # Nothing of our environment is for a process that reads foreign files.
    env = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limits.patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode


def _result(folder: Path) -> _Result | None:
    path = folder / RESULT
    try:
        if path.stat().st_size > MAX_RESULT:
            return None
        return _Result.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
