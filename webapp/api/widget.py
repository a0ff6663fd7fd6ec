"""The customer's side: open a conversation, write, read, ask for a person, rate."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint
from pydantic import Field

from dialogue import exchange
from dialogue.conversation import Conversation, Sender
from dialogue.exchange import Incoming
from dialogue.state import DialogueState
from webapp import talk
from webapp.api.fields import MAX_CHARACTERS, ClientId, Said
from webapp.api.turns import record_button, record_turn
from webapp.auth.identity import is_proved
from webapp.auth.tokens import hash_token, new_token
from webapp.current import address, now, services
from webapp.db.types import BIGGEST_ID
from webapp.db.work import Work
from webapp.errors import InvalidInput, NothingHere
from webapp.limits import limit_conversations, limit_messages
from webapp.localisation import locale_for, script_catalogue
from webapp.operations import Answered, Body, Operations, Query
from webapp.records import Contact
from webapp.shapes.conversations import RatingOut
from webapp.shapes.knowledge_use import FeedbackOut
from webapp.shapes.messages import ButtonOut, MessagesOut
from webapp.shapes.widget import (
    ConversationOpened,
    ConversationState,
    HandedOff,
    Sent,
    WidgetConfig,
)
from webapp.wire import conversation_state, message_out, rating_out

bp = Blueprint("api_widget", __name__)
route = Operations(bp)


class ContactIn(Body):
    """Who the customer says they are; with `identifier_hash` the shop's server vouches for it."""

    identifier: str | None = Field(default=None, min_length=1, max_length=200)
    name: str | None = Field(default=None, max_length=100)
    phone: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)
    identifier_hash: str | None = Field(default=None, max_length=128)


class ConversationIn(Body):
    """A new conversation."""

    contact: ContactIn | None = None
    locale: str | None = Field(default=None, max_length=20)
    page: str | None = Field(default=None, max_length=2000)


class MessageIn(Body):
    """Something to say; sending the same `client_msg_id` again stores nothing twice."""

    content: Said
    client_msg_id: ClientId


class HandoffIn(Body):
    """The customer wants a person."""

    client_msg_id: ClientId | None = None


class FeedbackIn(Body):
    """Whether an answer helped."""

    helpful: bool


class RatingIn(Body):
    """How content the customer is, 1 to 5."""

    score: int = Field(ge=1, le=5)
    comment: str | None = Field(default=None, max_length=2000)


class ConfigQuery(Query):
    """Which language."""

    locale: str | None = Field(default=None, max_length=20)


class AfterQuery(Query):
    """From where on."""

    after: int = Field(default=0, ge=0, le=BIGGEST_ID, description="Id of the last known message")


@route("GET", "/api/v1/widget/config", query=ConfigQuery, answers={200: WidgetConfig})
def config(query: ConfigQuery) -> Answered:
    """Texts, hot questions and the bot's name, before a conversation is opened"""
    locale = locale_for(query.locale)
    bot = services().bot
    greetings = bot.greet(locale) if bot else ()
    return WidgetConfig(
        locale=locale,
        greeting=[reply.content for reply in greetings],
        hot_questions=[
            ButtonOut(label=b.label, text=b.text) for reply in greetings for b in reply.buttons
        ],
        texts=script_catalogue(locale),
        max_characters=MAX_CHARACTERS,
        bot_name=bot.name_in(locale) if bot else None,
    )


@route(
    "POST",
    "/api/v1/widget/conversations",
    body=ConversationIn,
    answers={201: ConversationOpened},
    problems=(429,),
)
def create_conversation(body: ConversationIn) -> Answered:
    """Open a conversation; the token is shown this once"""
    limit_conversations()
    moment, locale, token = now(), locale_for(body.locale), new_token()
    bot = services().bot
    greetings = bot.greet(locale) if bot else ()
    conversation = Conversation(
        created_at=moment,
        updated_at=moment,
        locale=locale,
        page=_web_address(body.page),
        state=DialogueState(language=locale),
    )
    with services().db.write() as work:
        contact = _contact(body.contact, work)
        conversation.contact_id = contact.id if contact else None
        messages = exchange.open_conversation(
            conversation, greetings=greetings, desk=work.desk, now=moment
        )
        work.conversations.set_token(conversation.id, hash_token(token))
        state = _state(conversation.id, work)
    return ConversationOpened(
        id=conversation.id,
        token=token,
        messages=[message_out(m) for m in messages],
        conversation=state,
    )


@route("GET", "/api/v1/widget/conversations/<conversation_id>", answers={200: ConversationState})
def show_conversation(conversation_id: str) -> Answered:
    """Who has the conversation, and the place in the queue"""
    with services().db.read() as work:
        return _state(conversation_id, work)


@route(
    "POST",
    "/api/v1/widget/conversations/<conversation_id>/messages",
    body=MessageIn,
    answers={201: Sent, 200: Sent},
)
def post_message(conversation_id: str, body: MessageIn) -> Answered:
    """Say something; 200 when this `client_msg_id` was stored before"""
    limit_messages(conversation_id)
    incoming = Incoming(conversation_id, body.content, body.client_msg_id)
    began = perf_counter()
    received = talk.answer(services(), incoming, now=now(), address=address())
    seconds = perf_counter() - began
    with services().db.read() as work:
        record_turn(received, work.conversations.find(conversation_id), seconds)
    sent = Sent(
        message=message_out(received.message),
        replies=[message_out(reply) for reply in received.replies],
    )
    return sent, 200 if received.repeated else 201


@route(
    "GET",
    "/api/v1/widget/conversations/<conversation_id>/messages",
    query=AfterQuery,
    answers={200: MessagesOut},
)
def list_messages(conversation_id: str, query: AfterQuery) -> Answered:
    """What was said after a message, in order"""
    with services().db.read() as work:
        messages = work.messages.after(conversation_id, query.after)
        judged = work.feedback.of_conversation(conversation_id)
        return MessagesOut(
            messages=[message_out(m, helpful=judged.get(m.id or 0)) for m in messages]
        )


@route(
    "POST",
    "/api/v1/widget/conversations/<conversation_id>/handoff",
    body=HandoffIn,
    answers={200: HandedOff},
)
def hand_off(conversation_id: str, body: HandoffIn) -> Answered:
    """Ask for a person; pressing it again changes nothing"""
    limit_messages(conversation_id)
    messages = talk.hand_over(services(), conversation_id, now=now())
    if messages:
        record_button(conversation_id)
    with services().db.read() as work:
        return HandedOff(
            conversation=_state(conversation_id, work),
            messages=[message_out(m) for m in messages],
        )


@route(
    "POST",
    "/api/v1/widget/conversations/<conversation_id>/rating",
    body=RatingIn,
    answers={201: RatingOut},
)
def rate(conversation_id: str, body: RatingIn) -> Answered:
    """Say how content one is; rating again replaces the earlier rating"""
    limit_messages(conversation_id)
    with services().db.write() as work:
        rating = exchange.rate(
            conversation_id,
            score=body.score,
            comment=body.comment or "",
            desk=work.desk,
            now=now(),
        )
    return rating_out(rating)


@route(
    "POST",
    "/api/v1/widget/conversations/<conversation_id>/messages/<int:message_id>/feedback",
    body=FeedbackIn,
    answers={200: FeedbackOut},
)
def give_feedback(conversation_id: str, message_id: int, body: FeedbackIn) -> Answered:
    """Say whether one of the bot's answers helped; a later word replaces the earlier one"""
    limit_messages(conversation_id)
    with services().db.write() as work:
        message = work.messages.find(message_id) if message_id <= BIGGEST_ID else None
        if message is None or message.conversation_id != conversation_id or message.internal:
            raise NothingHere("There is no such message in this conversation.")
        if message.sender is not Sender.BOT:
            raise InvalidInput("Only what the bot said can be judged; rate the talk as a whole.")
        work.feedback.put(message_id, helpful=body.helpful, now=now())
    return FeedbackOut(message_id=message_id, helpful=body.helpful)


def _state(conversation_id: str, work: Work) -> ConversationState:
    rating = work.ratings.find(conversation_id)
    return conversation_state(work.inbox.view(conversation_id), rating=rating)


def _contact(given: ContactIn | None, work: Work) -> Contact | None:
    if given is None or not given.model_fields_set:
        return None
    verified = False
    if given.identifier_hash is not None:
        key = services().secrets.identity_key
        if not given.identifier or not is_proved(key, given.identifier, given.identifier_hash):
            raise InvalidInput(
                "contact.identifier_hash does not belong to contact.identifier: make it on the "
                "shop's server as HMAC-SHA256(identity key, identifier) in hex."
            )
        verified = True
    return work.contacts.add(
        identifier=given.identifier,
        verified=verified,
        name=given.name,
        phone=given.phone,
        email=given.email,
        now=now(),
    )


def _web_address(page: str | None) -> str | None:
    """The page that the customer looks at, unless it is something else than a web address."""
    return page if page and page.startswith(("http://", "https://", "/")) else None
