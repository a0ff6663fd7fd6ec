"""Passwords: hashed with argon2id, never default, refused when everybody would guess them."""

from __future__ import annotations

import re
import secrets
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.errors import WeakPassword

MIN_LENGTH = 10
MAX_LENGTH = 256

# OWASP ASVS 5.0 Appendix C: argon2id with 2 passes over at least 19 MiB, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without the pairs that are misread: il1 o0


def hash_password(password: str) -> str:
    """The argon2id hash to store; does not judge the password (see `check_password`)."""
    return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password fits. None (an unknown account) takes the same time and is False."""
    try:
        fits = _hasher.verify(password_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


def check_password(password: str, *, email: str = "") -> None:
    """Accept the password for an account, or raise WeakPassword saying what to choose instead."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"Choose a password of at least {MIN_LENGTH} characters.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword(f"Choose a password of at most {MAX_LENGTH} characters.")
    folded = password.casefold()
    if folded in _common() or len(set(folded)) < 4:
        raise WeakPassword("This password is among the first that are guessed; choose another.")
    name = email.partition("@")[0].casefold()
    if len(name) >= 4 and re.sub(r"[\d\W_]+", "", folded) == re.sub(r"[\d\W_]+", "", name):
        raise WeakPassword("The password is the e-mail address with a number; choose another.")


def generate_password() -> str:
    """A random password of 79 bits in readable groups, for showing once."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))


@cache
def _common() -> frozenset[str]:
    text = (files("webapp.auth") / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.strip().casefold() for line in text.splitlines() if line.strip())
