"""Tokens: unguessable values that are given out once and kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A value of 256 random bits, safe in headers and addresses."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. It is random, so that a fast hash keeps it secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def token_fits(token: str | None, token_hash: str | None) -> bool:
    """Whether the token is the one whose hash is stored; compared in constant time."""
    if not token or not token_hash:
        return False
    return hmac.compare_digest(hash_token(token), token_hash)
