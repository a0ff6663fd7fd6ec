"""Messages, with their sources and buttons."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from dialogue.conversation import ContentType, Sender
from webapp.shapes.wire import Wire


class SourceOut(Wire):
    """Where an answer comes from."""

    article_id: str
    title: str
    heading: str
    score: float


class ButtonOut(Wire):
    """A choice offered instead of typing; pressing it says `text`."""

    label: str
    text: str


class MessageOut(Wire):
    """One message. `html` is the sanitised rendering of Markdown; None means plain text.

    `content` is always the whole. `short` is what is enough to tell first, as Markdown, with its
    rendering `short_html`; None when the whole is short. `helpful` is what the customer thought of
    it.
    """

    id: int
    conversation_id: str
    seq: int
    sender: Sender
    content: str
    content_type: ContentType
    html: str | None = None
    short: str | None = None
    short_html: str | None = None
    created_at: datetime
    client_msg_id: str | None = None
    sources: list[SourceOut] = Field(default_factory=list)
    buttons: list[ButtonOut] = Field(default_factory=list)
    internal: bool = False
    in_reply_to: int | None = None
    author_name: str | None = None
    helpful: bool | None = None


class MessagesOut(Wire):
    """Messages in order."""

    messages: list[MessageOut]


class MessagePosted(Wire):
    """A message or note of staff as it was stored."""

    message: MessageOut
