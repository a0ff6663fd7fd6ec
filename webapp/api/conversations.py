"""The desk's side of conversations: lists, the whole context, and everything an agent may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from flask import Blueprint
from pydantic import Field

from dialogue import exchange
from dialogue.conversation import Holder, Reply, Status
from dialogue.errors import ConversationNotFound
from handoff.agent import Agent
from webapp.api.checks import must_be_at_desk, must_see
from webapp.api.fields import ClientId, Said
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.db.inbox import InboxFilter
from webapp.db.types import BIGGEST_ID
from webapp.db.work import Work
from webapp.errors import InvalidInput
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.conversations import (
    ConversationDetail,
    ConversationOut,
    ConversationsOut,
    CountsOut,
    ReadOut,
)
from webapp.shapes.messages import MessagePosted
from webapp.wire import conversation_detail, conversation_out, message_out, ticket_out

bp = Blueprint("api_conversations", __name__)
route = Operations(bp)

_ONE = "/api/v1/conversations/<conversation_id>"


class ListQuery(Query):
    """Which conversations; the queue comes in its order, others the latest change first."""

    status: Status | None = None
    assignee: Literal["me", "none", "any"] = "any"
    holder: Holder | None = None
    cursor: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=50, ge=1, le=200)


class AgentMessageIn(Body):
    """What an agent says; the same `client_msg_id` again stores nothing twice."""

    content: Said
    client_msg_id: ClientId | None = None


class AssignIn(Body):
    """To whom."""

    agent_id: int = Field(ge=1, le=BIGGEST_ID)


class ReadIn(Body):
    """The last message that was seen."""

    seq: int = Field(ge=0, le=BIGGEST_ID)


@route("GET", "/api/v1/conversations", query=ListQuery, answers={200: ConversationsOut})
def list_conversations(query: ListQuery) -> Answered:
    """What the caller may see: agents the queue and their own, supervisors all"""
    agent = _me()
    wanted = InboxFilter(
        status=query.status,
        holder=query.holder,
        assignee_id=agent.id if query.assignee == "me" else None,
        unassigned=query.assignee == "none",
    )
    with services().db.read() as work:
        page = work.inbox.list(
            wanted, viewer=agent, cursor=_cursor(query.cursor), limit=query.limit
        )
        counts = work.inbox.counts(agent)
        return ConversationsOut(
            items=[conversation_out(view, masked=not agent.oversees) for view in page.items],
            next_cursor=page.next_cursor,
            counts=CountsOut(
                queue=counts.queue, mine=counts.mine, open=counts.open, bot=counts.bot
            ),
        )


@route("GET", _ONE, answers={200: ConversationDetail})
def show_conversation(conversation_id: str) -> Answered:
    """The whole context: messages, slots, intents, articles shown, reason, contact, summary"""
    agent = _me()
    masked = not agent.oversees
    with services().db.read() as work:
        view = work.inbox.view(conversation_id, viewer=agent)
        return conversation_detail(
            view,
            messages=work.conversations.messages(conversation_id),
            rating=work.ratings.find(conversation_id),
            tickets=[
                ticket_out(t, masked=masked) for t in work.tickets.of_conversation(conversation_id)
            ],
            proposals=work.proposals.of_conversation(conversation_id),
            masked=masked,
        )


@route("POST", f"{_ONE}/claim", answers={200: ConversationOut}, problems=(409,))
def claim(conversation_id: str) -> Answered:
    """Take a waiting conversation; 409 AlreadyClaimed when somebody else was faster"""
    agent = _me()
    with services().db.write() as work:
        _must_be_with_people(conversation_id, agent, work)
        exchange.claim(conversation_id, agent=agent, desk=work.desk, now=now())
        return _shown(conversation_id, agent, work)


@route("POST", f"{_ONE}/assign", body=AssignIn, answers={200: ConversationOut}, problems=(409,))
def assign(conversation_id: str, body: AssignIn) -> Answered:
    """Give the conversation to a colleague"""
    agent = _me()
    with services().db.write() as work:
        _must_be_with_people(conversation_id, agent, work)
        must_be_at_desk(body.agent_id, work, field="agent_id")
        exchange.assign(
            conversation_id, to_agent_id=body.agent_id, by=agent, desk=work.desk, now=now()
        )
        return _shown(conversation_id, agent, work)


@route("POST", f"{_ONE}/queue", answers={200: ConversationOut}, problems=(409,))
def return_to_queue(conversation_id: str) -> Answered:
    """Put the conversation back, for somebody else to take"""
    agent = _me()
    with services().db.write() as work:
        _must_be_with_people(conversation_id, agent, work)
        exchange.return_to_queue(conversation_id, by=agent, desk=work.desk, now=now())
        return _shown(conversation_id, agent, work)


@route("POST", f"{_ONE}/resolve", answers={200: ConversationOut}, problems=(409,))
def resolve(conversation_id: str) -> Answered:
    """End the conversation; ending it twice is harmless"""
    agent = _me()
    with services().db.write() as work:
        _must_be_with_people(conversation_id, agent, work)
        exchange.resolve(conversation_id, by=agent, desk=work.desk, now=now())
        return _shown(conversation_id, agent, work)


@route(
    "POST",
    f"{_ONE}/messages",
    body=AgentMessageIn,
    answers={201: MessagePosted},
    problems=(409,),
)
def post_message(conversation_id: str, body: AgentMessageIn) -> Answered:
    """Say something to the customer, as the one who holds the conversation"""
    with services().db.write() as work:
        message = exchange.reply_as_agent(
            conversation_id,
            Reply(body.content),
            agent=_me(),
            client_msg_id=body.client_msg_id,
            desk=work.desk,
            now=now(),
        )
    return MessagePosted(message=message_out(message))


@route("POST", f"{_ONE}/notes", body=AgentMessageIn, answers={201: MessagePosted})
def post_note(conversation_id: str, body: AgentMessageIn) -> Answered:
    """Leave a note that only staff see"""
    agent = _me()
    must_see(conversation_id, agent)
    with services().db.write() as work:
        message = exchange.add_note(
            conversation_id,
            body.content,
            agent=agent,
            client_msg_id=body.client_msg_id,
            desk=work.desk,
            now=now(),
        )
    return MessagePosted(message=message_out(message))


@route("POST", f"{_ONE}/read", body=ReadIn, answers={200: ReadOut})
def mark_read(conversation_id: str, body: ReadIn) -> Answered:
    """Remember how far one has read, for the unread marks"""
    agent = _me()
    must_see(conversation_id, agent)
    with services().db.write() as work:
        work.inbox.mark_read(conversation_id, staff_id=agent.id, seq=body.seq)
    return ReadOut(seq=body.seq)


def _must_be_with_people(conversation_id: str, agent: Agent, work: Work) -> None:
    """Keep agents' hands off what the bot has, which they do not see; supervisors may step in.

    Raises ConversationNotFound. What a colleague holds is refused in words of its own by whatever
    comes next: it stood in the queue a moment ago.
    """
    if not agent.oversees and work.conversations.get(conversation_id).holder is Holder.BOT:
        raise ConversationNotFound(conversation_id)


def _me() -> Agent:
    return required_staff().agent


def _shown(conversation_id: str, agent: Agent, work: Work) -> ConversationOut:
    """The conversation after a change, which may have taken it out of the caller's sight."""
    return conversation_out(work.inbox.view(conversation_id), masked=not agent.oversees)


def _cursor(text: str | None) -> str | None:
    if text is None:
        return None
    moment, _, last = text.partition("~")
    try:
        ours = datetime.fromisoformat(moment).tzinfo is UTC
    except ValueError:
        ours = False
    if not ours or not last:
        raise InvalidInput("cursor: take it as it is from `next_cursor` of the page before.")
    return text
