"""The service key that the demo shop and its callers share, in a file of its own."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def read_or_create(path: Path) -> str:
    """The key in `path`; a new one is made, readable by its owner only, when there is none.

    Raises OSError when the file can be neither read nor made.
    """
    if not path.exists():
        _create(path)
    return path.read_text(encoding="utf-8").strip()


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(32))
    # Linking the finished file means that no other process ever reads half a key.
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
