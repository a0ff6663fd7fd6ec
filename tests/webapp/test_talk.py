"""Talk: inference before the transaction, one answer for one message, a person if all fails."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from dialogue import exchange
from dialogue.bot import Bot
from dialogue.conversation import Conversation, Holder, Reply
from dialogue.customer import Customer
from dialogue.errors import ConversationNotFound
from dialogue.exchange import Incoming
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, Turn
from handoff.reason import Reason
from webapp import talk
from webapp.db.database import Database
from webapp.guesses import MOST
from webapp.secrets import Secrets
from webapp.services import Services
from webapp.settings import Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class Parrot:
    """A bot that repeats what it hears and notes whom it talked to."""

    customers: list[Customer] = field(default_factory=list)

    def respond(
        self, state: DialogueState, text: str, *, customer: Customer, now: datetime
    ) -> Turn:
        self.customers.append(customer)
        return Turn(DialogueState(slots={**state.slots, text: "heard"}), (Reply(f"{text}！"),))

    def hand_over(self, state: DialogueState, *, reason: Reason) -> Turn:
        return Turn(state, (Reply("请稍等"),), HandoffRequest(reason))


def services(db: Database, bot: Parrot | None, folder: Path) -> Services:
    settings = Settings(data=folder, database_url=db.url)
    return Services(settings=settings, db=db, secrets=Secrets("a"), bot=cast("Bot | None", bot))


class Doorkeeper(Parrot):
    """Takes every message for the end of the phone number of one order; 0001 is right."""

    def respond(
        self, state: DialogueState, text: str, *, customer: Customer, now: datetime
    ) -> Turn:
        state = replace(state, slots={"order_id": "20261101000001"})
        if text == "0001":
            return Turn(replace(state, verified_orders=("20261101000001",)), (Reply("已发货"),))
        return Turn(replace(state, wrong_proofs=state.wrong_proofs + 1), (Reply("不对"),))


def opened(db: Database, *, verified: bool | None = None, identifier: str = "13800001234") -> str:
    conversation = Conversation(created_at=NOW, updated_at=NOW)
    with db.write() as work:
        if verified is not None:
            contact = work.contacts.add(
                identifier=identifier, verified=verified, name="张三", phone="13900000009", now=NOW
            )
            conversation.contact_id = contact.id
        exchange.open_conversation(conversation, greetings=(), desk=work.desk, now=NOW)
    return conversation.id


def test_a_message_is_answered_and_the_state_is_kept(db: Database, tmp_path: Path) -> None:
    conversation_id, ours = opened(db), services(db, Parrot(), tmp_path)

    received = talk.answer(ours, Incoming(conversation_id, "你好", "m1"), now=NOW)

    assert [reply.content for reply in received.replies] == ["你好！"]
    with db.read() as work:
        assert work.conversations.find(conversation_id).state.slots == {"你好": "heard"}


def test_a_message_that_comes_again_is_not_thought_about_again(
    db: Database, tmp_path: Path
) -> None:
    bot, conversation_id = Parrot(), opened(db)
    ours = services(db, bot, tmp_path)
    first = talk.answer(ours, Incoming(conversation_id, "你好", "m1"), now=NOW)

    again = talk.answer(ours, Incoming(conversation_id, "你好", "m1"), now=NOW)

    assert again.repeated
    assert again.message.id == first.message.id
    assert len(bot.customers) == 1


def test_messages_of_one_customer_at_once_are_each_answered_once_on_top_of_one_another(
    db: Database, tmp_path: Path
) -> None:
    conversation_id, ours = opened(db), services(db, Parrot(), tmp_path)
    gate = threading.Barrier(4)
    failures: list[Exception] = []

    def say(number: int) -> None:
        gate.wait(timeout=30)
        try:
            talk.answer(ours, Incoming(conversation_id, f"话{number}", f"m{number}"), now=NOW)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=say, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with db.read() as work:
        conversation = work.conversations.find(conversation_id)
        messages = work.conversations.messages(conversation_id)
    assert set(conversation.state.slots) == {"话0", "话1", "话2", "话3"}
    assert conversation.turns == 4
    assert [m.seq for m in messages] == list(range(1, 9))


def test_without_a_bot_the_customer_gets_a_person(sqlite_db: Database, tmp_path: Path) -> None:
    conversation_id, ours = opened(sqlite_db), services(sqlite_db, None, tmp_path)

    talk.answer(ours, Incoming(conversation_id, "你好", "m1"), now=NOW)

    with sqlite_db.read() as work:
        conversation = work.conversations.find(conversation_id)
    assert conversation.holder is Holder.QUEUE
    assert conversation.handoff is not None
    assert conversation.handoff.reason is Reason.ERROR


def test_the_bot_is_silent_while_a_person_has_the_conversation(
    sqlite_db: Database, tmp_path: Path
) -> None:
    bot, conversation_id = Parrot(), opened(sqlite_db)
    ours = services(sqlite_db, bot, tmp_path)
    talk.hand_over(ours, conversation_id, now=NOW)

    received = talk.answer(ours, Incoming(conversation_id, "在吗", "m1"), now=NOW)

    assert received.replies == ()
    assert bot.customers == []
    assert talk.hand_over(ours, conversation_id, now=NOW) == ()


@pytest.mark.parametrize(
    ("verified", "identifier", "phone"),
    [
        (True, "13800001234", "13800001234"),
        (False, "13800001234", None),
        (True, "u1", None),  # the phone number beside it is not signed
        (True, "0001", None),  # a customer number is not the end of a phone number
    ],
)
def test_only_a_proved_phone_number_is_told_to_the_bot(
    sqlite_db: Database, tmp_path: Path, verified: bool, identifier: str, phone: str | None
) -> None:
    bot = Parrot()
    conversation_id = opened(sqlite_db, verified=verified, identifier=identifier)

    talk.answer(
        services(sqlite_db, bot, tmp_path), Incoming(conversation_id, "你好", "m1"), now=NOW
    )

    assert [c.verified_phone for c in bot.customers] == [phone]


def guess(db: Database, folder: Path, tail: str) -> list[str]:
    """What a new conversation is told for one guess."""
    incoming = Incoming(opened(db), tail, "m1")
    received = talk.answer(services(db, Doorkeeper(), folder), incoming, now=NOW)
    return [reply.content for reply in received.replies]


def test_guessing_in_ever_new_conversations_ends_with_a_person(
    sqlite_db: Database, tmp_path: Path
) -> None:
    tried = [guess(sqlite_db, tmp_path, f"9{number:03}") for number in range(MOST + 1)]
    assert tried == [["不对"]] * MOST + [["请稍等"]]
    assert guess(sqlite_db, tmp_path, "0001") == ["请稍等"]  # nobody learns that it was right


def test_the_owner_clears_the_count_of_wrong_guesses(sqlite_db: Database, tmp_path: Path) -> None:
    for _ in range(MOST - 1):
        guess(sqlite_db, tmp_path, "9999")
    assert guess(sqlite_db, tmp_path, "0001") == ["已发货"]
    assert guess(sqlite_db, tmp_path, "9999") == ["不对"]


def test_an_unknown_conversation_is_not_found(sqlite_db: Database, tmp_path: Path) -> None:
    with pytest.raises(ConversationNotFound):
        talk.answer(services(sqlite_db, None, tmp_path), Incoming("0" * 32, "x", "m"), now=NOW)
