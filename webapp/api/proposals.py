"""Proposals: an agent says that his own reply is worth knowing; an editor makes a draft of it."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from dialogue.conversation import Message, Sender
from webapp import gap_drafts
from webapp.api.checks import must_see
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.db.errors import AlreadyExists
from webapp.db.types import BIGGEST_ID
from webapp.db.work import Work
from webapp.errors import InvalidInput, NothingHere
from webapp.learning_records import Proposal, ProposalState
from webapp.masking import without_numbers
from webapp.operations import Answered, Body, Operations, Query
from webapp.shapes.gaps import ProposalOut, ProposalsOut

bp = Blueprint("api_proposals", __name__)
route = Operations(bp)

_PATH = "/api/v1/knowledge/proposals"


class ProposalIn(Body):
    """The agents' messages of one conversation that hold the answer, and the question they answer;
    without it, what the customer said last before them."""

    message_ids: list[int] = Field(min_length=1, max_length=20)
    question: str | None = Field(default=None, min_length=1, max_length=300)


class ProposalsQuery(Query):
    """Which proposals."""

    state: ProposalState | None = ProposalState.WAITING
    limit: int = Field(default=100, ge=1, le=200)


class AcceptIn(Body):
    """The title of the article to begin; the question by default."""

    title: str | None = Field(default=None, min_length=1, max_length=200)


class RefuseIn(Body):
    """Why it is not taken over; the agent reads it."""

    reason: str = Field(min_length=1, max_length=500)


@route("POST", _PATH, body=ProposalIn, answers={201: ProposalOut}, problems=(404, 409))
def propose(body: ProposalIn) -> Answered:
    """Propose replies of an agent as knowledge, once; personal numbers are taken out"""
    staff, moment = required_staff(), now()
    with services().db.read() as work:
        messages = [_message(work, message_id) for message_id in dict.fromkeys(body.message_ids)]
    conversation_ids = {message.conversation_id for message in messages}
    for conversation_id in conversation_ids:
        must_see(conversation_id, staff.agent)
    with services().db.read() as work:
        if len(conversation_ids) > 1:
            raise InvalidInput("message_ids: take messages of one conversation.")
        if any(message.sender is not Sender.AGENT or message.internal for message in messages):
            raise InvalidInput("message_ids: take what agents said to the customer.")
        (conversation_id,) = conversation_ids
        question = body.question or _asked_before(work, messages)
    messages.sort(key=lambda message: message.seq)
    message_ids = tuple(message.id or 0 for message in messages)
    with services().db.write() as work:
        work.conversations.get(conversation_id)  # locked: of two at once the second is told
        _must_be_new(work, conversation_id, message_ids)
        proposal = work.proposals.add(
            conversation_id,
            message_ids,
            question=without_numbers(question)[:300],
            answer=without_numbers("\n\n".join(message.content for message in messages)),
            by=staff.name,
            now=moment,
        )
    return _out(proposal)


@route("GET", _PATH, query=ProposalsQuery, answers={200: ProposalsOut})
def list_proposals(query: ProposalsQuery) -> Answered:
    """What agents propose, the latest first"""
    with services().db.read() as work:
        found = work.proposals.list(state=query.state, limit=query.limit)
    return ProposalsOut(items=[_out(proposal) for proposal in found])


@route(
    "POST",
    f"{_PATH}/<int:proposal_id>/accept",
    body=AcceptIn,
    answers={201: ProposalOut},
    problems=(409,),
)
def accept(proposal_id: int, body: AcceptIn) -> Answered:
    """Begin an article from a proposal"""
    staff, moment = required_staff(), now()
    with services().db.write() as work:
        proposal = work.proposals.get(proposal_id)
        draft = gap_drafts.new_article(
            work,
            title=body.title or proposal.question,
            questions=[proposal.question],
            replies=proposal.answer.split("\n\n"),
            by=staff.name,
            now=moment,
        )
        # last: when somebody else was faster, the draft is rolled back with it
        decided = work.proposals.decide(
            proposal_id,
            ProposalState.ACCEPTED,
            by=staff.name,
            now=moment,
            article_id=draft.article_id,
        )
    return _out(decided)


@route(
    "POST",
    f"{_PATH}/<int:proposal_id>/refuse",
    body=RefuseIn,
    answers={200: ProposalOut},
    problems=(409,),
)
def refuse(proposal_id: int, body: RefuseIn) -> Answered:
    """Refuse a proposal and say why"""
    with services().db.write() as work:
        decided = work.proposals.decide(
            proposal_id,
            ProposalState.REFUSED,
            by=required_staff().name,
            now=now(),
            reason=body.reason,
        )
    return _out(decided)


def _message(work: Work, message_id: int) -> Message:
    found = work.messages.find(message_id) if 0 < message_id <= BIGGEST_ID else None
    if found is None:
        raise NothingHere(f"There is no message {message_id}.")
    return found


def _must_be_new(work: Work, conversation_id: str, message_ids: tuple[int, ...]) -> None:
    for known in work.proposals.of_conversation(conversation_id):
        if known.state is not ProposalState.REFUSED and set(known.message_ids) & set(message_ids):
            raise AlreadyExists(f"{known.proposed_by} has proposed this already.")


def _asked_before(work: Work, messages: list[Message]) -> str:
    first = min(message.seq for message in messages)
    said = work.conversations.messages(messages[0].conversation_id)
    asked = [m.content for m in said if m.sender is Sender.CUSTOMER and m.seq < first]
    if not asked:
        raise InvalidInput("question: the customer said nothing before; write the question.")
    return asked[-1]


def _out(proposal: Proposal) -> ProposalOut:
    return ProposalOut(
        id=proposal.id,
        conversation_id=proposal.conversation_id,
        message_ids=list(proposal.message_ids),
        question=proposal.question,
        answer=proposal.answer,
        state=proposal.state,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        reason=proposal.reason,
        article_id=proposal.article_id,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
    )
