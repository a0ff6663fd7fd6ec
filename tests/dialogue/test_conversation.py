from __future__ import annotations

import pytest

from dialogue.conversation import Conversation, Holder, Reply, Sender, Status
from dialogue.errors import ConversationClosed
from dialogue.state import DialogueState
from handoff.agent import Agent, Role
from handoff.errors import AlreadyClaimed, NotYourConversation
from handoff.reason import Handoff, Reason
from tests.fakes import NOW

ANA, BO = Agent(1, "Ana"), Agent(2, "Bo")
CHIEF = Agent(3, "Chief", Role.SUPERVISOR)


def make_conversation(*, queued: bool = True) -> Conversation:
    conversation = Conversation(created_at=NOW, updated_at=NOW)
    if queued:
        conversation.hand_off(Handoff(Reason.ASKED_FOR_HUMAN, NOW))
    return conversation


def test_a_hand_off_puts_the_conversation_into_the_queue() -> None:
    conversation = make_conversation()
    assert (conversation.holder, conversation.status) == (Holder.QUEUE, Status.OPEN)
    assert conversation.queued_at == NOW
    assert conversation.state_for_bot() is None


def test_claiming_takes_it_out_of_the_queue() -> None:
    conversation = make_conversation()
    conversation.claim(ANA, now=NOW)
    assert (conversation.holder, conversation.assignee_id) == (Holder.AGENT, 1)
    assert conversation.queued_at is None


def test_only_one_agent_can_claim_it() -> None:
    conversation = make_conversation()
    conversation.claim(ANA, now=NOW)
    conversation.claim(ANA, now=NOW)
    with pytest.raises(AlreadyClaimed):
        conversation.claim(BO, now=NOW)


def test_a_transfer_needs_the_assignee_or_a_supervisor() -> None:
    conversation = make_conversation()
    conversation.claim(ANA, now=NOW)
    with pytest.raises(NotYourConversation):
        conversation.assign(2, by=BO, now=NOW)
    conversation.assign(2, by=ANA, now=NOW)
    conversation.assign(1, by=CHIEF, now=NOW)
    assert conversation.assignee_id == 1


def test_a_waiting_conversation_can_be_assigned_by_anybody_on_the_desk() -> None:
    conversation = make_conversation()
    conversation.assign(2, by=ANA, now=NOW)
    assert conversation.assignee_id == 2


def test_returning_to_the_queue_frees_the_agent() -> None:
    conversation = make_conversation()
    conversation.claim(ANA, now=NOW)
    conversation.return_to_queue(by=ANA, now=NOW)
    assert (conversation.holder, conversation.assignee_id) == (Holder.QUEUE, None)


def test_what_no_agent_holds_cannot_be_returned_to_the_queue() -> None:
    for conversation in (make_conversation(), make_conversation(queued=False)):
        with pytest.raises(NotYourConversation, match="No agent holds"):
            conversation.return_to_queue(by=CHIEF, now=NOW)


def test_somebody_elses_conversation_cannot_be_resolved() -> None:
    conversation = make_conversation()
    conversation.claim(ANA, now=NOW)
    with pytest.raises(NotYourConversation):
        conversation.resolve(by=BO, now=NOW)


def test_resolving_twice_is_harmless() -> None:
    conversation = make_conversation()
    conversation.resolve(now=NOW)
    turns = conversation.turns
    conversation.resolve(now=NOW)
    assert (conversation.status, conversation.turns) == (Status.RESOLVED, turns)


def test_a_resolved_conversation_takes_no_staff() -> None:
    conversation = make_conversation()
    conversation.resolve(by=CHIEF, now=NOW)
    with pytest.raises(ConversationClosed):
        conversation.claim(ANA, now=NOW)
    with pytest.raises(ConversationClosed):
        conversation.must_take_reply_from(ANA)


def test_only_the_assignee_may_reply() -> None:
    conversation = make_conversation()
    with pytest.raises(NotYourConversation):
        conversation.must_take_reply_from(ANA)
    conversation.claim(ANA, now=NOW)
    conversation.must_take_reply_from(ANA)
    with pytest.raises(NotYourConversation):
        conversation.must_take_reply_from(CHIEF)


def test_a_customer_who_comes_back_starts_afresh_but_keeps_language_and_wrong_proofs() -> None:
    conversation = make_conversation()
    conversation.state = DialogueState(language="en", wrong_proofs=2, slots={"order_id": "1"})
    conversation.resolve(now=NOW)
    fresh = conversation.state_for_bot()
    conversation.reopen(now=NOW)
    assert fresh == conversation.state == DialogueState(language="en", wrong_proofs=2)
    assert (conversation.status, conversation.holder) == (Status.PENDING, Holder.BOT)


def test_messages_are_numbered_without_gaps() -> None:
    conversation = make_conversation(queued=False)
    said = [conversation.post(Sender.BOT, Reply(str(n)), now=NOW) for n in range(3)]
    assert [message.seq for message in said] == [1, 2, 3]


def test_an_agents_message_carries_the_agents_name() -> None:
    message = make_conversation().post(Sender.AGENT, Reply("在"), now=NOW, author=ANA)
    assert (message.author_id, message.author_name) == (1, "Ana")
