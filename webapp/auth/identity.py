"""Who a customer is: proved by the shop's server with a keyed hash, never by what is typed."""

from __future__ import annotations

import hashlib
import hmac


def identifier_hash(identity_key: str, identifier: str) -> str:
    """HMAC-SHA256 of the identifier in hex, as the shop's server makes it for its page."""
    return hmac.new(identity_key.encode(), identifier.encode(), hashlib.sha256).hexdigest()


def is_proved(identity_key: str, identifier: str, given_hash: str) -> bool:
    """Whether the shop vouches for this identifier; compared in constant time."""
    expected = identifier_hash(identity_key, identifier)
    return hmac.compare_digest(expected.encode(), given_hash.strip().lower().encode())
