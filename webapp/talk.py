"""One customer's message from arrival to stored answer: inference first, then one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from dialogue import exchange
from dialogue.conversation import Message, Sender
from dialogue.customer import Customer
from dialogue.errors import StateMoved
from dialogue.exchange import Incoming, Received
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.reason import Reason
from webapp import guesses
from webapp.db.errors import StoreUnavailable
from webapp.db.work import Work
from webapp.guesses import Guess
from webapp.records import Contact
from webapp.services import Services

_ATTEMPTS = 8
_TOO_BUSY = "Other messages of this conversation kept coming in; send this one again."
# A whole number: a shop's own customer number of a few digits must not pass for a phone's end.
_PHONE = re.compile(r"\+?[0-9]{11,15}")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read before the turn is computed; `state` None means that a person has it."""

    state: DialogueState | None
    turns: int
    customer: Customer


def answer(
    services: Services, incoming: Incoming, *, now: datetime, address: str | None = None
) -> Received:
    """Store what a customer said, with the bot's answer while the bot has the conversation.

    `address` is the network address it came from, where there is one. Raises ConversationNotFound,
    and StoreUnavailable also when other messages of the same conversation kept coming in between.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        with services.db.read() as work:
            repeated = _stored_before(work, incoming)
            seen = _see(work, incoming.conversation_id)
        if repeated is not None:
            return repeated
        turn, guess = _think(services, seen, incoming.content, address, now)
        try:
            with services.db.write() as work:
                received = exchange.receive(
                    incoming, turn=turn, seen_turns=seen.turns, desk=work.desk, now=now
                )
                if guess is not None and not received.repeated:
                    guesses.note(work, guess, address=address, now=now)
                return received
        except StateMoved as moved:
            if attempt == _ATTEMPTS:
                raise StoreUnavailable(_TOO_BUSY) from moved
    raise AssertionError("unreachable")


def hand_over(services: Services, conversation_id: str, *, now: datetime) -> tuple[Message, ...]:
    """Fetch a person because the customer pressed the button; nothing while a person has it.

    Raises ConversationNotFound and StoreUnavailable.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        with services.db.read() as work:
            seen = _see(work, conversation_id)
        if seen.state is None:
            return ()
        turn = _fetch_person(services, seen.state, Reason.ASKED_FOR_HUMAN)
        try:
            with services.db.write() as work:
                return exchange.request_human(
                    conversation_id, turn, seen_turns=seen.turns, desk=work.desk, now=now
                )
        except StateMoved as moved:
            if attempt == _ATTEMPTS:
                raise StoreUnavailable(_TOO_BUSY) from moved
    raise AssertionError("unreachable")


def _think(
    services: Services, seen: _Seen, text: str, address: str | None, now: datetime
) -> tuple[Turn | None, Guess | None]:
    """The turn that answers, and the guess in it; a person once there were too many wrong ones.

    Then a right guess gets the same words as a wrong one.
    """
    if seen.state is None:
        return None, None
    turn = _respond(services, seen.state, text, seen.customer, now)
    guess = guesses.guess_in(seen.state, turn.state)
    if guess is None:
        return turn, None
    with services.db.read() as work:
        if not guesses.are_too_many(work, guess, address=address, now=now):
            return turn, guess
    state = replace(seen.state, language=turn.state.language, turns=turn.state.turns)
    return _fetch_person(services, state, Reason.FLOW_FAILED), None


def _fetch_person(services: Services, state: DialogueState, reason: Reason) -> Turn:
    if services.bot is None:
        return _person(state, reason)
    return services.bot.hand_over(state, reason=reason)


def _respond(
    services: Services, state: DialogueState, text: str, customer: Customer, now: datetime
) -> Turn:
    if services.bot is None:
        return _person(state, Reason.ERROR)
    return services.bot.respond(state, text, customer=customer, now=now)


def _person(state: DialogueState, reason: Reason) -> Turn:
    return Turn(state, handoff=HandoffRequest(reason))


def _stored_before(work: Work, incoming: Incoming) -> Received | None:
    earlier = work.conversations.find_sent(
        incoming.conversation_id, Sender.CUSTOMER, incoming.client_msg_id
    )
    if earlier is None:
        return None
    return Received(earlier, tuple(work.conversations.replies_to(earlier)), repeated=True)


def _see(work: Work, conversation_id: str) -> _Seen:
    conversation = work.conversations.find(conversation_id)
    contact = None
    if conversation.contact_id is not None:
        contact = work.contacts.get(conversation.contact_id)
    return _Seen(conversation.state_for_bot(), conversation.turns, _customer(contact))


def _customer(contact: Contact | None) -> Customer:
    """What the bot may know. The shop signs the identifier alone: what stands beside it, the
    phone number too, is what the browser says."""
    if contact is None:
        return Customer()
    signed = contact.identifier or "" if contact.verified else ""
    return Customer(
        contact_id=contact.id,
        name=contact.name,
        verified_phone=signed if _PHONE.fullmatch(signed) else None,
    )
