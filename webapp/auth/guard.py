"""The gate in front of every view: asks the table of permissions, refuses what it does not name."""

from __future__ import annotations

import re

from flask import Flask, request

from dialogue.errors import ConversationNotFound
from webapp.auth.permissions import ACCESS, Access, Who
from webapp.auth.session import must_carry_csrf_token, required_staff
from webapp.auth.tokens import token_fits
from webapp.current import bearer_token, services
from webapp.db.types import BIGGEST_ID
from webapp.errors import NotAllowed, NothingHere

_CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Put the gate in front of every view of the application."""
    app.before_request(guard)


def guard() -> None:
    """Refuse the request unless the table lets this caller through.

    Raises NotSignedIn, NotAllowed, BadCsrfToken; ConversationNotFound for a wrong token of a
    customer, as for a conversation that does not exist.
    """
    if request.endpoint is None or request.method == "OPTIONS":
        return
    access = ACCESS.get(request.endpoint)
    if access is None:
        raise NotAllowed("This address is closed: nobody has said whom it is for.")
    if access.who is Who.CUSTOMER:
        must_hold_token(str((request.view_args or {})["conversation_id"]))
    elif access.who is Who.STAFF:
        _must_be_staff(access)
        _must_be_possible_ids()


def must_hold_token(conversation_id: str) -> None:
    """Refuse a caller without the conversation's token; raises ConversationNotFound."""
    if not _CONVERSATION_ID.fullmatch(conversation_id):
        raise ConversationNotFound(conversation_id)
    token = bearer_token() or request.headers.get("X-Conversation-Token")
    with services().db.read() as work:
        stored = work.conversations.token_hash(conversation_id)
    if not token_fits(token, stored):
        raise ConversationNotFound(conversation_id)


def _must_be_staff(access: Access) -> None:
    if required_staff().role not in access.roles:
        raise NotAllowed("Your role may not do this; ask an administrator.")
    if request.method not in _SAFE:
        must_carry_csrf_token()


def _must_be_possible_ids() -> None:
    """What cannot be an id is not found; the database is not asked."""
    for name, value in (request.view_args or {}).items():
        if name == "conversation_id" and not _CONVERSATION_ID.fullmatch(str(value)):
            raise ConversationNotFound(str(value))
        if isinstance(value, int) and value > BIGGEST_ID:
            raise NothingHere("There is no such thing.")
        if isinstance(value, str) and "\0" in value:
            raise NothingHere("There is no such thing.")
