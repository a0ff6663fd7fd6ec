"""Secrets: the keys of one installation, made once, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

_IDENTITY, _SETUP = "identity.key", "setup-code"


class SecretsMissing(Exception):
    """A key is missing or unreadable; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """`identity_key` is shared with the shop, whose server proves who a customer is with it
    (`identifier_hash` = HMAC-SHA256, hex)."""

    identity_key: str = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> Secrets:
        """Read the keys; raises SecretsMissing."""
        return cls(identity_key=_read(folder / _IDENTITY))


def create(folder: Path) -> None:
    """Make the keys that are not there yet; existing ones are never replaced."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_once(folder / _IDENTITY, secrets.token_urlsafe(32))


def setup_code(folder: Path) -> str:
    """The one-time code that proves, on the first-run page, that one may read this computer."""
    _write_once(folder / _SETUP, secrets.token_hex(4))
    return _read(folder / _SETUP)


def forget_setup_code(folder: Path) -> None:
    """The first account exists: the code is worth nothing any more."""
    (folder / _SETUP).unlink(missing_ok=True)


def read_or_create(path: Path) -> str:
    """A key of another program's, such as the shop's; made when it is not there yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_once(path, secrets.token_urlsafe(32))
    return _read(path)


def _write_once(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretsMissing(
            f"{path} cannot be read ({error.strerror}): run `jiedai init --data DIR`, as the user "
            "who runs the program."
        ) from error
