"""Desk: the stores that one transaction works on, as the use cases need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dialogue.conversation import Conversation, Message, Sender
from dialogue.events import Event
from dialogue.rating import Rating
from handoff.ticket import Ticket


class Conversations(Protocol):
    """Where conversations are kept."""

    def get(self, conversation_id: str) -> Conversation:
        """The conversation, locked until the transaction ends; raises ConversationNotFound."""
        ...

    def add(self, conversation: Conversation) -> None:
        """Keep a new conversation."""
        ...

    def store(self, message: Message) -> None:
        """Keep a message and give it its id."""
        ...

    def find_sent(self, conversation_id: str, sender: Sender, client_msg_id: str) -> Message | None:
        """The message that was stored earlier under the sender's own id."""
        ...

    def replies_to(self, message: Message) -> list[Message]:
        """The bot's replies to a customer's message, in order."""
        ...

    def messages(self, conversation_id: str) -> list[Message]:
        """Every message of the conversation, in order of `seq`."""
        ...


class Tickets(Protocol):
    """Where tickets are kept."""

    def get(self, ticket_id: int) -> Ticket:
        """The ticket, locked until the transaction ends; raises TicketNotFound."""
        ...

    def add(self, ticket: Ticket) -> None:
        """Keep a new ticket and give it its id."""
        ...


class Ratings(Protocol):
    """Where ratings are kept."""

    def put(self, rating: Rating) -> None:
        """Keep the rating; a later one for the same conversation replaces it."""
        ...


class Announces(Protocol):
    """Where events go: stored in the same transaction, read by the stream."""

    def announce(self, event: Event) -> None:
        """Store an event."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The stores of one transaction."""

    conversations: Conversations
    tickets: Tickets
    ratings: Ratings
    events: Announces
