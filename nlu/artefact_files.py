"""The files of a model's folder: written whole, named by their content; no others are touched."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from nlu.errors import ModelMismatch, UnusableFolder

MANIFEST: Final = "manifest.json"
REMEDY: Final = "train again: `jiedai train nlu --data PATH --out DIR`"

_PART: Final = re.compile(r"(?:arrays|words|spelling|mood|entities|emotion)-[0-9a-f]{64}")
_LEFTOVER: Final = re.compile(rf"(?:{_PART.pattern}|{re.escape(MANIFEST)})(?:\.\d+\.new)?")
_OURS: Final = ("format", "encoder", "files")  # fields that every manifest of ours has had


def part_name(part: str, content: bytes) -> str:
    """The name of a part's file, which says what must be in it."""
    return f"{part}-{_sha(content)}"


def is_part_name(name: object) -> bool:
    """Whether this is the name of a part's file, and no path to another folder."""
    return isinstance(name, str) and _PART.fullmatch(name) is not None


def prepare_folder(folder: Path) -> None:
    """Make the folder for a model, before anything takes long.

    Raises UnusableFolder with the remedy when it cannot be made or holds another program's
    manifest, which a model's would replace.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        content = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        message = f"{folder} cannot hold a model ({error.strerror}): name another folder"
        raise UnusableFolder(message) from error
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or any(name not in fields for name in _OURS):
        raise UnusableFolder(
            f"{folder / MANIFEST} is no model's and would be replaced: name another folder,"
            " or remove it"
        )


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step. Raises OSError, which names a file."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:  # writing to a full disk does not say where
        error.filename = error.filename or str(path)
        raise
    finally:
        beside.unlink(missing_ok=True)


def read_part(path: Path) -> bytes:
    """A part's content. Raises ModelMismatch when it is not what the name says."""
    content = path.read_bytes()
    if not path.name.endswith(_sha(content)):
        raise ModelMismatch(f"{path} is not what was trained (its SHA-256 differs): {REMEDY}")
    return content


def clear_folder(folder: Path, *, keep: Collection[str]) -> None:
    """Remove what earlier models and killed trainings left behind, and nothing else."""
    for path in folder.iterdir():
        if path.name not in keep and _LEFTOVER.fullmatch(path.name) and path.is_file():
            path.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Two trainings at once would clear away each other's files: one waits."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
