"""The shapes of everything that leaves the program as JSON."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dialogue.conversation import ContentType, Holder, Sender, Status
from handoff.agent import Role
from handoff.reason import Reason
from handoff.ticket import TicketStatus
from knowledge.article import ArticleStatus
from nlu.understanding import Language, Mood
from webapp.records import JsonObject


class Wire(BaseModel):
    """Base of everything that leaves the program as JSON."""

    model_config = ConfigDict(frozen=True)


class ErrorOut(Wire):
    """The one shape of every error; `error` is a stable code, `message` says what to do."""

    error: str
    message: str
    details: JsonValue = None


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
    """One message. `html` is the sanitised rendering of Markdown; None means plain text."""

    id: int
    conversation_id: str
    seq: int
    sender: Sender
    content: str
    content_type: ContentType
    html: str | None = None
    created_at: datetime
    client_msg_id: str | None = None
    sources: list[SourceOut] = Field(default_factory=list)
    buttons: list[ButtonOut] = Field(default_factory=list)
    internal: bool = False
    in_reply_to: int | None = None
    author_name: str | None = None


class PersonOut(Wire):
    """A member of staff, as far as others need to know."""

    id: int
    name: str


class HandoffOut(Wire):
    """Why a person was called, when, what they should know, and who suits."""

    reason: Reason
    at: datetime
    summary: str
    skill: str | None = None


class ContactOut(Wire):
    """The customer. Phone and e-mail are masked for roles that do not need them."""

    id: int
    identifier: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    verified: bool = False


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


class ConversationOut(Wire):
    """One conversation as staff see it in a list."""

    id: str
    status: Status
    holder: Holder
    assignee: PersonOut | None = None
    contact: ContactOut | None = None
    channel: str
    handoff: HandoffOut | None = None
    labels: list[str] = Field(default_factory=list)
    created_at: datetime
    updated_at: datetime
    queued_at: datetime | None = None
    resolved_at: datetime | None = None
    locale: str = "zh"
    page: str | None = None
    last_seq: int = 0
    unread: int = 0
    queue_position: int | None = None
    last_message: MessageOut | None = None


class RatingOut(Wire):
    """What the customer thought of it, 1 to 5."""

    score: int
    comment: str | None = None
    created_at: datetime | None = None


class ArticleShown(Wire):
    """A passage that the customer was shown in this conversation."""

    id: str
    title: str
    heading: str = ""


class IntentSeen(Wire):
    """What the bot understood of one message."""

    name: str
    confidence: float | None = None
    seq: int | None = None


class TicketOut(Wire):
    """One ticket."""

    id: int
    title: str
    kind: str
    body: str
    status: TicketStatus
    conversation_id: str | None = None
    contact_id: int | None = None
    order_id: str | None = None
    assignee: PersonOut | None = None
    created_by: str
    fields: dict[str, str] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime | None = None
    resolved_at: datetime | None = None


class ConversationDetail(ConversationOut):
    """One conversation with everything that whoever takes over should know."""

    messages: list[MessageOut] = Field(default_factory=list)
    slots: dict[str, str] = Field(default_factory=dict)
    intents: list[IntentSeen] = Field(default_factory=list)
    articles: list[ArticleShown] = Field(default_factory=list)
    flow: str | None = None
    summary: str | None = None
    rating: RatingOut | None = None
    tickets: list[TicketOut] = Field(default_factory=list)


class ArticleTestOut(Wire):
    """A question with the heading that must answer it; None means: must abstain."""

    question: str
    heading: str | None


class ArticleOut(Wire):
    """One article as a list shows it."""

    id: str
    title: str
    status: ArticleStatus
    product: str | None = None
    versions: list[str] = Field(default_factory=list)
    channels: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    valid_until: date | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    revision: int = 1


class ArticleDetail(ArticleOut):
    """One article whole; `markdown` is its source with front matter, `html` the safe rendering."""

    body: str
    markdown: str
    html: str
    questions: list[str] = Field(default_factory=list)
    tests: list[ArticleTestOut] = Field(default_factory=list)


class HitOut(Wire):
    """One passage that may answer; `score` in [0, 1] and what contributed to it."""

    article_id: str
    title: str
    heading: str
    heading_path: list[str]
    passage: str
    html: str
    score: float
    why: dict[str, float]


class SearchOut(Wire):
    """What the bot would use, best first."""

    answerable: bool
    hits: list[HitOut]


class EventOut(Wire):
    """One thing that happened; `id` is the cursor to resume from."""

    id: int
    kind: str
    conversation_id: str | None = None
    data: JsonObject
    created_at: datetime


class EventsOut(Wire):
    """What a long poll brings: events in order, and the cursor to go on from."""

    events: list[EventOut]
    cursor: int


class StaffOut(Wire):
    """A colleague to whom a conversation can be given."""

    id: int
    name: str
    role: Role
    skills: list[str] = Field(default_factory=list)
    online: bool = False


class AccountOut(StaffOut):
    """An account, as administrators see it."""

    email: str
    active: bool = True


class MeOut(AccountOut):
    """The one who asks, with the token that state-changing calls of a session must carry."""

    csrf_token: str | None = None


class AliveOut(Wire):
    """The process answers."""

    status: str


class PartOut(Wire):
    """One part of the program; `message` says what is wrong and what to do."""

    ready: bool
    message: str | None = None


class ReadyOut(Wire):
    """Whether the program can serve, with each part's state."""

    ready: bool
    parts: dict[str, PartOut]


class IntentOut(Wire):
    """One intent with its calibrated probability."""

    name: str
    confidence: float


class EntityOut(Wire):
    """A detail; `start` and `end` index the text as it was sent."""

    entity: str
    value: str
    start: int
    end: int
    text: str


class ParseOut(Wire):
    """An understanding in Rasa's shape, with what Rasa does not have."""

    text: str
    intent: IntentOut
    intent_ranking: list[IntentOut]
    entities: list[EntityOut]
    in_scope: float
    language: Language
    mood: Mood


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


class MessagesOut(Wire):
    """Messages in order."""

    messages: list[MessageOut]


class HandedOff(Wire):
    """Who has the conversation now, and what was said about it."""

    conversation: ConversationState
    messages: list[MessageOut]


class CountsOut(Wire):
    """How many conversations wait, are mine, are held by people or by the bot."""

    queue: int
    mine: int
    open: int
    bot: int


class ConversationsOut(Wire):
    """One page of conversations; `next_cursor` null means that there are no more."""

    items: list[ConversationOut]
    next_cursor: str | None
    counts: CountsOut


class MessagePosted(Wire):
    """A message or note of staff as it was stored."""

    message: MessageOut


class ReadOut(Wire):
    """How far somebody has read."""

    seq: int


class TicketsOut(Wire):
    """One page of tickets; `next_cursor` null means that there are no more."""

    items: list[TicketOut]
    next_cursor: str | None


class StaffList(Wire):
    """Colleagues."""

    items: list[StaffOut]


class AccountsOut(Wire):
    """Accounts."""

    items: list[AccountOut]


class AccountCreated(AccountOut):
    """A new account; a generated password is shown this once."""

    password: str | None = None


class ArticlesOut(Wire):
    """Articles by title."""

    items: list[ArticleOut]


class PreviewOut(Wire):
    """Markdown as customers would see it; `problem` says what is wrong with the source."""

    html: str
    title: str | None = None
    problem: str | None = None


class ImportOut(Wire):
    """What an import did, by article id."""

    added: list[str]
    changed: list[str]
    unchanged: list[str]
