"""From what the program knows to the shapes that the API, the stream and the pages show."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.conversation import ContentType, Message
from dialogue.rating import Rating
from handoff.reason import Handoff
from handoff.ticket import Ticket
from knowledge.article import Answer, Hit
from webapp.learning_records import Proposal
from webapp.markdown import render_markdown
from webapp.masking import mask_email, mask_fields, mask_phone, mask_text
from webapp.records import Contact, ConversationView, StaffMember, StoredEvent
from webapp.shapes.articles import HitOut, ReadTermOut, SearchOut
from webapp.shapes.conversations import (
    ArticleShown,
    ContactOut,
    ConversationDetail,
    ConversationOut,
    HandoffOut,
    IntentSeen,
    ProposedOut,
    RatingOut,
)
from webapp.shapes.events import EventOut
from webapp.shapes.messages import ButtonOut, MessageOut, SourceOut
from webapp.shapes.staff import AccountOut, PersonOut, StaffOut
from webapp.shapes.tickets import TicketOut
from webapp.shapes.widget import ConversationState


def message_out(message: Message, *, helpful: bool | None = None) -> MessageOut:
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
        short=message.short or None,
        short_html=render_markdown(message.short) if message.short else None,
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
        helpful=helpful,
    )


def conversation_state(
    view: ConversationView, *, rating: Rating | None = None
) -> ConversationState:
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
        rating=rating.score if rating else None,
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
        ranked_at=conversation.ranked_at,
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
    proposals: Sequence[Proposal] = (),
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
        proposed=[
            ProposedOut(
                message_ids=list(proposal.message_ids),
                state=proposal.state,
                reason=proposal.reason,
                proposed_by=proposal.proposed_by,
            )
            for proposal in proposals
        ],
    )


def contact_out(contact: Contact, *, masked: bool = True) -> ContactOut:
    """The customer; `masked` hides all but the ends of phone and e-mail, as identifier too."""
    identifier, phone, email = contact.identifier, contact.phone, contact.email
    return ContactOut(
        id=contact.id,
        identifier=mask_text(identifier) if masked and identifier else identifier,
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


def ticket_out(
    ticket: Ticket, *, assignee: PersonOut | None = None, masked: bool = True
) -> TicketOut:
    """The ticket as staff and outside systems see it; `masked` hides personal numbers."""
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
        fields=mask_fields(ticket.fields) if masked else dict(ticket.fields),
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        resolved_at=ticket.resolved_at,
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
        rows=list(hit.rows),
        short=hit.short or None,
        score=hit.score,
        why=dict(hit.why),
    )


def search_out(answer: Answer, *, min_score: float, told_from: float) -> SearchOut:
    """A search's ranked hits and from which score on the best is said."""
    return SearchOut(
        answerable=answer.answerable,
        min_score=min_score,
        told_from=max(min_score, told_from),
        hits=[hit_out(h) for h in answer.hits],
        read=[ReadTermOut(said=read.said, term=read.term) for read in answer.read],
    )


def staff_out(staff: StaffMember) -> StaffOut:
    """A colleague, for choosing whom to give something."""
    return StaffOut(id=staff.id, name=staff.name, role=staff.role, skills=list(staff.skills))


def account_out(staff: StaffMember) -> AccountOut:
    """An account, for administrators and its owner."""
    return AccountOut(**dict(staff_out(staff)), email=staff.email, active=staff.active)
