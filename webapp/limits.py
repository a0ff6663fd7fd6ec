"""How often one address or conversation may call; generous, to stop machines and not offices."""

from __future__ import annotations

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded

from webapp.current import address, services
from webapp.errors import TooManyAttempts
from webapp.settings import Settings

_EXTENSION = "jiedai_limits"


def install(app: Flask, settings: Settings) -> None:
    """Count in memory, each process its own, or in Redis for all of them together.

    When Redis cannot be reached the processes count by themselves: a counter that is down must
    not close the shop.
    """
    app.extensions[_EXTENSION] = Limiter(
        key_func=address,
        app=app,
        storage_uri=settings.redis_url or "memory://",
        in_memory_fallback_enabled=settings.redis_url is not None,
        swallow_errors=True,
        key_prefix="jiedai",
    )


def limit_conversations() -> None:
    """Count a new conversation of this address; raises TooManyAttempts."""
    _spend("conversations", services().settings.limit_conversations, address())


def limit_messages(conversation_id: str) -> None:
    """Count a message of this conversation and of this address; raises TooManyAttempts."""
    settings = services().settings
    _spend("messages-of-one", settings.limit_messages_of_one, conversation_id)
    _spend("messages", settings.limit_messages, address())


def limit_parses() -> None:
    """Count a text to understand without an account; raises TooManyAttempts."""
    _spend("parses", services().settings.limit_parses, address())


def limit_logins() -> None:
    """Count a sign-in of this address; raises TooManyAttempts."""
    _spend("logins", services().settings.limit_logins, address())


def _spend(scope: str, limit: str, key: str) -> None:
    limiter: Limiter = current_app.extensions[_EXTENSION]
    try:
        with limiter.limit(limit, key_func=lambda: key, scope=scope):
            return
    except RateLimitExceeded as exceeded:
        raise TooManyAttempts(
            "Too many requests in a short time; wait a moment.",
            retry_after=exceeded.limit.limit.get_expiry() if exceeded.limit else 60,
        ) from None
