"""What the customer's window gets."""

from __future__ import annotations

from dialogue.conversation import Holder, Status
from webapp.shapes.messages import ButtonOut, MessageOut
from webapp.shapes.staff import PersonOut
from webapp.shapes.wire import Wire


class WidgetConfig(Wire):
    """What a customer's window needs before a conversation is opened.

    `texts` maps the Chinese source strings to those of the locale; it is empty for Chinese.
    """

    locale: str
    greeting: list[str]
    hot_questions: list[ButtonOut]
    texts: dict[str, str]
    max_characters: int
    bot_name: str | None = None


class ConversationState(Wire):
    """What a customer may know of the conversation; also the payload of its events."""

    id: str
    status: Status
    holder: Holder
    assignee: PersonOut | None = None
    queue_position: int | None = None
    last_seq: int = 0
    locale: str = "zh"
    rating: int | None = None


class ConversationOpened(Wire):
    """A new conversation; the token is the customer's key to it and is shown this once."""

    id: str
    token: str
    messages: list[MessageOut]
    conversation: ConversationState


class Sent(Wire):
    """A customer's message as it was stored, and what the bot replied."""

    message: MessageOut
    replies: list[MessageOut]


class HandedOff(Wire):
    """Who has the conversation now, and what was said about it."""

    conversation: ConversationState
    messages: list[MessageOut]
