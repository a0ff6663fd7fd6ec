"""What the API, the stream and the pages show of conversations, messages, tickets and articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dialogue.conversation import ContentType, Holder, Message, Sender, Status
from dialogue.rating import Rating
from handoff.agent import Role
from handoff.reason import Handoff, Reason
from handoff.ticket import Ticket, TicketStatus
from knowledge.article import Answer, Article, ArticleStatus, Hit
from webapp.markdown import render_markdown
from webapp.masking import mask_email, mask_fields, mask_phone
from webapp.records import Contact, ConversationView, JsonObject, StoredEvent


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


def message_out(message: Message) -> MessageOut:
    """The message as everybody sees it; the caller leaves internal ones out for customers."""
    if message.id is None:
        raise ValueError("A message is shown only after it was stored.")
    markdown = message.content_type is ContentType.MARKDOWN
    return MessageOut(
        id=message.id,
        conversation_id=message.conversation_id,
        seq=message.seq,
        sender=message.sender,
        content=message.content,
        content_type=message.content_type,
        html=render_markdown(message.content) if markdown else None,
        created_at=message.created_at,
        client_msg_id=message.client_msg_id,
        sources=[
            SourceOut(article_id=s.article_id, title=s.title, heading=s.heading, score=s.score)
            for s in message.sources
        ],
        buttons=[ButtonOut(label=b.label, text=b.text) for b in message.buttons],
        internal=message.internal,
        in_reply_to=message.in_reply_to,
        author_name=message.author_name,
    )


def conversation_state(view: ConversationView) -> ConversationState:
    """What may be told to the customer; `queue_position` counts from 1."""
    conversation = view.conversation
    return ConversationState(
        id=conversation.id,
        status=conversation.status,
        holder=conversation.holder,
        assignee=_assignee(view),
        queue_position=view.queue_position,
        last_seq=conversation.last_seq,
        locale=conversation.locale,
    )


def conversation_out(view: ConversationView, *, masked: bool = True) -> ConversationOut:
    """The conversation as a list of staff shows it; `masked` hides personal numbers."""
    conversation = view.conversation
    handoff = conversation.handoff
    return ConversationOut(
        id=conversation.id,
        status=conversation.status,
        holder=conversation.holder,
        assignee=_assignee(view),
        contact=contact_out(view.contact, masked=masked) if view.contact else None,
        channel=conversation.channel,
        handoff=_handoff_out(handoff) if handoff else None,
        labels=list(conversation.labels),
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        queued_at=conversation.queued_at,
        resolved_at=conversation.resolved_at,
        locale=conversation.locale,
        page=conversation.page,
        last_seq=conversation.last_seq,
        unread=view.unread,
        queue_position=view.queue_position,
        last_message=message_out(view.last_message) if view.last_message else None,
    )


def _assignee(view: ConversationView) -> PersonOut | None:
    assignee_id = view.conversation.assignee_id
    if assignee_id is None:
        return None
    return PersonOut(id=assignee_id, name=view.assignee_name or "")


def _handoff_out(handoff: Handoff) -> HandoffOut:
    return HandoffOut(
        reason=handoff.reason, at=handoff.at, summary=handoff.summary, skill=handoff.skill
    )


def conversation_detail(
    view: ConversationView,
    *,
    messages: Sequence[Message],
    rating: Rating | None,
    tickets: Sequence[TicketOut],
    masked: bool = True,
) -> ConversationDetail:
    """Everything that whoever takes over should know; `masked` hides personal numbers."""
    conversation = view.conversation
    state = conversation.state
    return ConversationDetail(
        **dict(conversation_out(view, masked=masked)),
        messages=[message_out(m) for m in messages],
        slots=mask_fields(state.slots) if masked else dict(state.slots),
        intents=[
            IntentSeen(name=m.intent, confidence=m.intent_confidence, seq=m.seq)
            for m in messages
            if m.intent
        ],
        articles=[
            ArticleShown(id=a.article_id, title=a.title, heading=a.heading) for a in state.articles
        ],
        flow=state.flow.flow if state.flow else None,
        summary=conversation.handoff.summary if conversation.handoff else None,
        rating=rating_out(rating) if rating else None,
        tickets=list(tickets),
    )


def contact_out(contact: Contact, *, masked: bool = True) -> ContactOut:
    """The customer; `masked` hides all but the ends of phone and e-mail."""
    phone, email = contact.phone, contact.email
    return ContactOut(
        id=contact.id,
        identifier=contact.identifier,
        name=contact.name,
        phone=mask_phone(phone) if masked and phone else phone,
        email=mask_email(email) if masked and email else email,
        verified=contact.verified,
    )


def rating_out(rating: Rating) -> RatingOut:
    """What the customer thought of it."""
    return RatingOut(score=rating.score, comment=rating.comment or None, created_at=rating.rated_at)


def event_out(event: StoredEvent, *, public: bool) -> EventOut:
    """An event as the stream sends it; `public` is the customer's view of it."""
    payload = event.public_payload if public else event.payload
    return EventOut(
        id=event.id,
        kind=event.kind,
        conversation_id=event.conversation_id,
        data=payload or {},
        created_at=event.created_at,
    )


def ticket_out(ticket: Ticket, *, assignee: PersonOut | None = None) -> TicketOut:
    """The ticket as staff and outside systems see it."""
    if ticket.id is None:
        raise ValueError("A ticket is shown only after it was stored.")
    return TicketOut(
        id=ticket.id,
        title=ticket.title,
        kind=ticket.kind,
        body=ticket.body,
        status=ticket.status,
        conversation_id=ticket.conversation_id,
        contact_id=ticket.contact_id,
        order_id=ticket.order_id,
        assignee=assignee,
        created_by=ticket.created_by,
        fields=dict(ticket.fields),
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        resolved_at=ticket.resolved_at,
    )


def article_out(article: Article) -> ArticleOut:
    """The article as a list shows it."""
    return ArticleOut(
        id=article.id,
        title=article.title,
        status=article.status,
        product=article.product,
        versions=list(article.versions),
        channels=list(article.channels),
        tags=list(article.tags),
        valid_until=article.valid_until,
        updated_at=article.updated_at,
        updated_by=article.updated_by,
        revision=article.revision,
    )


def article_detail(article: Article, *, markdown: str) -> ArticleDetail:
    """The whole article; `markdown` is its source with front matter."""
    return ArticleDetail(
        **dict(article_out(article)),
        body=article.body,
        markdown=markdown,
        html=render_markdown(article.body),
        questions=list(article.questions),
        tests=[ArticleTestOut(question=t.question, heading=t.heading) for t in article.tests],
    )


def hit_out(hit: Hit) -> HitOut:
    """One passage with its score and why."""
    return HitOut(
        article_id=hit.article_id,
        title=hit.title,
        heading=hit.heading,
        heading_path=list(hit.heading_path),
        passage=hit.passage,
        html=render_markdown(hit.passage),
        score=hit.score,
        why=dict(hit.why),
    )


def search_out(answer: Answer) -> SearchOut:
    """A search's ranked hits and whether the best is good enough to be said."""
    return SearchOut(answerable=answer.answerable, hits=[hit_out(h) for h in answer.hits])
