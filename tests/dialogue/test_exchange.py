from __future__ import annotations

import pytest

from dialogue import exchange
from dialogue.conversation import Conversation, Holder, Reply, Sender, Status
from dialogue.errors import BadRating, ConversationNotFound, StateMoved
from dialogue.events import EventKind
from dialogue.exchange import Incoming, Received
from dialogue.state import DialogueState
from dialogue.turn import HandoffRequest, TicketDraft, Turn
from handoff.agent import Agent
from handoff.errors import NotYourConversation
from handoff.reason import Reason
from nlu.understanding import IntentScore
from tests.fakes import NOW, MemoryDesk, make_bot

ANA, BO = Agent(1, "Ana"), Agent(2, "Bo")
HELLO = Turn(state=DialogueState(), replies=(Reply("您好"),))
FETCH = Turn(
    state=DialogueState(),
    replies=(Reply("请稍等"),),
    handoff=HandoffRequest(Reason.ASKED_FOR_HUMAN, skill="tech"),
)


class Talk:
    """One conversation on a desk in memory."""

    def __init__(self) -> None:
        self.memory = MemoryDesk()
        self.conversation = Conversation(created_at=NOW, updated_at=NOW)
        exchange.open_conversation(
            self.conversation, greetings=(Reply("欢迎"),), desk=self.memory.desk, now=NOW
        )

    @property
    def id(self) -> str:
        return self.conversation.id

    def receive(self, turn: Turn | None, *, seen: int | None = None, key: str = "k") -> Received:
        return exchange.receive(
            Incoming(self.id, "在吗", key),
            turn=turn,
            seen_turns=self.conversation.turns if seen is None else seen,
            desk=self.memory.desk,
            now=NOW,
        )

    def kinds(self) -> list[EventKind]:
        return [event.kind for event in self.memory.events]


def test_a_new_conversation_begins_with_the_greeting() -> None:
    talk = Talk()
    assert [message.content for message in talk.memory.said] == ["欢迎"]
    assert talk.kinds() == [EventKind.CONVERSATION_CREATED, EventKind.MESSAGE_CREATED]


def test_the_bots_replies_belong_to_the_message_they_answer() -> None:
    talk = Talk()
    received = talk.receive(HELLO)
    assert received.message.seq == 2
    assert [reply.in_reply_to for reply in received.replies] == [2]
    assert talk.conversation.turns == 1


def test_the_intent_is_kept_with_the_message() -> None:
    intent = IntentScore("greet", 0.9)
    received = Talk().receive(Turn(state=DialogueState(), intent=intent))
    assert (received.message.intent, received.message.intent_confidence) == ("greet", 0.9)


def test_a_repeated_message_is_stored_once_and_answered_alike() -> None:
    talk = Talk()
    first, again = talk.receive(HELLO), talk.receive(HELLO)
    assert again.repeated
    assert (again.message, again.replies) == (first.message, first.replies)
    assert len(talk.memory.said) == 3


def test_a_turn_from_an_older_state_is_refused() -> None:
    talk = Talk()
    talk.receive(HELLO, key="1")
    with pytest.raises(StateMoved):
        talk.receive(HELLO, seen=0, key="2")


def test_a_message_without_a_turn_is_refused_while_the_bot_has_the_conversation() -> None:
    with pytest.raises(StateMoved):
        Talk().receive(None)


def test_the_bot_is_silent_once_a_person_was_asked_for() -> None:
    talk = Talk()
    talk.receive(FETCH, key="1")
    received = talk.receive(HELLO, key="2")
    assert received.replies == ()
    assert talk.conversation.holder is Holder.QUEUE


def test_a_hand_off_keeps_its_reason_skill_and_summary() -> None:
    talk = Talk()
    turn = make_bot().hand_over(DialogueState(), reason=Reason.VIP)
    talk.receive(turn)
    handoff = talk.conversation.handoff
    assert handoff is not None
    assert handoff.reason is Reason.VIP
    assert "“在吗”" in handoff.summary or "重要客户" in handoff.summary
    assert talk.kinds()[-1] is EventKind.CONVERSATION_UPDATED


def test_a_hand_off_without_a_brief_has_no_summary() -> None:
    talk = Talk()
    talk.receive(FETCH)
    assert talk.conversation.handoff is not None
    assert (talk.conversation.handoff.summary, talk.conversation.handoff.skill) == ("", "tech")


def test_a_ticket_of_the_turn_is_opened_for_the_conversation() -> None:
    talk = Talk()
    talk.conversation.contact_id = 7
    talk.receive(Turn(state=DialogueState(), tickets=(TicketDraft(kind="return", title="退"),)))
    ticket = talk.memory.tickets[1]
    assert (ticket.conversation_id, ticket.contact_id, ticket.kind) == (talk.id, 7, "return")


def test_a_customer_who_comes_back_reopens_the_conversation() -> None:
    talk = Talk()
    talk.receive(FETCH, key="1")
    exchange.resolve(talk.id, desk=talk.memory.desk, now=NOW)
    received = talk.receive(HELLO, key="2")
    assert [reply.content for reply in received.replies] == ["您好"]
    assert talk.conversation.status is Status.PENDING


def test_a_turn_computed_before_the_end_is_refused_after_it() -> None:
    talk = Talk()
    seen = talk.conversation.turns
    exchange.resolve(talk.id, desk=talk.memory.desk, now=NOW)
    with pytest.raises(StateMoved):
        talk.receive(HELLO, seen=seen)
    assert talk.conversation.status is Status.RESOLVED


def test_the_button_fetches_a_person_once() -> None:
    talk = Talk()
    first = exchange.request_human(talk.id, FETCH, desk=talk.memory.desk, now=NOW)
    again = exchange.request_human(talk.id, FETCH, desk=talk.memory.desk, now=NOW)
    assert ([message.content for message in first], again) == (["请稍等"], ())
    assert first[0].in_reply_to is None


def test_the_button_does_not_forget_what_was_answered_meanwhile() -> None:
    talk = Talk()
    seen = talk.conversation.turns
    talk.receive(HELLO)
    with pytest.raises(StateMoved):
        exchange.request_human(talk.id, FETCH, seen_turns=seen, desk=talk.memory.desk, now=NOW)
    assert talk.conversation.holder is Holder.BOT


def test_the_button_also_works_after_the_end() -> None:
    talk = Talk()
    exchange.resolve(talk.id, desk=talk.memory.desk, now=NOW)
    exchange.request_human(talk.id, FETCH, desk=talk.memory.desk, now=NOW)
    assert (talk.conversation.status, talk.conversation.holder) == (Status.OPEN, Holder.QUEUE)


def test_an_agent_replies_after_claiming() -> None:
    talk = Talk()
    talk.receive(FETCH)
    with pytest.raises(NotYourConversation):
        reply(talk, ANA, "r1")
    exchange.claim(talk.id, agent=ANA, desk=talk.memory.desk, now=NOW)
    assert reply(talk, ANA, "r1").sender is Sender.AGENT


def reply(talk: Talk, agent: Agent, key: str | None) -> exchange.Message:
    return exchange.reply_as_agent(
        talk.id, Reply("您好，我是人工"), agent=agent, client_msg_id=key,
        desk=talk.memory.desk, now=NOW,
    )  # fmt: skip


def test_an_agents_repeated_reply_is_stored_once_even_after_a_transfer() -> None:
    talk = Talk()
    talk.receive(FETCH)
    exchange.claim(talk.id, agent=ANA, desk=talk.memory.desk, now=NOW)
    first = reply(talk, ANA, "r1")
    exchange.assign(talk.id, to_agent_id=2, by=ANA, desk=talk.memory.desk, now=NOW)
    assert reply(talk, ANA, "r1") is first
    assert reply(talk, BO, None).seq == first.seq + 1


def test_a_note_is_for_staff_only_and_stored_once() -> None:
    talk = Talk()
    notes = [
        exchange.add_note(
            talk.id, "老客户", agent=ANA, client_msg_id="n", desk=talk.memory.desk, now=NOW
        )
        for _ in range(2)
    ]
    assert notes[0] is notes[1]
    assert notes[0].internal
    assert talk.memory.events[-1].internal


def test_a_conversation_goes_back_to_the_queue_and_to_a_colleague() -> None:
    talk = Talk()
    talk.receive(FETCH)
    desk = talk.memory.desk
    exchange.claim(talk.id, agent=ANA, desk=desk, now=NOW)
    exchange.return_to_queue(talk.id, by=ANA, desk=desk, now=NOW)
    assert exchange.claim(talk.id, agent=BO, desk=desk, now=NOW).assignee_id == 2


def test_ending_is_announced_once() -> None:
    talk = Talk()
    for _ in range(2):
        exchange.resolve(talk.id, desk=talk.memory.desk, now=NOW)
    assert talk.kinds().count(EventKind.CONVERSATION_UPDATED) == 1


def test_a_rating_names_the_agent_and_replaces_the_earlier_one() -> None:
    talk = Talk()
    talk.receive(FETCH)
    exchange.claim(talk.id, agent=ANA, desk=talk.memory.desk, now=NOW)
    for score in (2, 5):
        exchange.rate(talk.id, score=score, comment="好", desk=talk.memory.desk, now=NOW)
    rating = talk.memory.ratings[talk.id]
    assert (rating.score, rating.agent_id, rating.comment) == (5, 1, "好")


@pytest.mark.parametrize("score", [0, 6])
def test_a_rating_has_one_to_five_stars(score: int) -> None:
    talk = Talk()
    with pytest.raises(BadRating):
        exchange.rate(talk.id, score=score, desk=talk.memory.desk, now=NOW)


def test_an_unknown_conversation_is_not_found() -> None:
    with pytest.raises(ConversationNotFound):
        exchange.claim("nobody", agent=ANA, desk=MemoryDesk().desk, now=NOW)


def test_why_a_message_got_no_answer_is_kept_with_it() -> None:
    talk = Talk()
    missed = Turn(state=DialogueState(), replies=(Reply("不知道"),), gap=Reason.KNOWLEDGE_GAP)
    assert talk.receive(missed).message.gap is Reason.KNOWLEDGE_GAP
    assert talk.receive(HELLO, key="k2").message.gap is None


def test_the_button_for_a_person_marks_when_the_customer_gave_up() -> None:
    talk = Talk()
    talk.receive(HELLO)
    (said,) = exchange.request_human(talk.id, FETCH, desk=talk.memory.desk, now=NOW)
    assert said.gap is Reason.ASKED_FOR_HUMAN
