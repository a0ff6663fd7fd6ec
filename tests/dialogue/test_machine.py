"""Whatever happens in whatever order, a conversation keeps its promises."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dialogue import exchange
from dialogue.conversation import Conversation, Holder, Reply, Sender, Status
from dialogue.errors import ConversationClosed, StateMoved
from dialogue.events import EventKind
from dialogue.exchange import Incoming
from dialogue.state import DialogueState
from dialogue.turn import Turn
from handoff.agent import Agent, Role
from handoff.errors import AlreadyClaimed, NotYourConversation
from tests.fakes import NOBODY, NOW, MemoryDesk, make_bot

AGENTS = (Agent(1, "Ana"), Agent(2, "Bo"), Agent(3, "Chief", Role.SUPERVISOR))
TEXTS = ("你好", "查物流", "20261101000001", "0001", "0002", "转人工", "我要投诉", "算了", "嗯嗯呃")
agents = st.sampled_from(AGENTS)
keys = st.integers(min_value=0, max_value=40).map(str)


class ConversationMachine(RuleBasedStateMachine):
    """Customers, agents and the bot act on one conversation in any order."""

    @initialize()
    def begin(self) -> None:
        self.memory = MemoryDesk()
        self.bot = make_bot()
        self.conversation = Conversation(created_at=NOW, updated_at=NOW)
        self.pending: tuple[Turn | None, int] | None = None
        exchange.open_conversation(
            self.conversation, greetings=self.bot.greet("zh"), desk=self.memory.desk, now=NOW
        )

    def _computed(self, text: str) -> tuple[Turn | None, int]:
        state: DialogueState | None = self.conversation.state_for_bot()
        turn = None
        if state is not None:
            turn = self.bot.respond(state, text, customer=NOBODY, now=NOW)
        return turn, self.conversation.turns

    def _receive(self, key: str, turn: Turn | None, seen: int) -> None:
        before = len(self.memory.said)
        known = self.memory.find_sent(self.conversation.id, Sender.CUSTOMER, key)
        people_had_it = self.conversation.state_for_bot() is None
        try:
            received = exchange.receive(
                Incoming(self.conversation.id, "x", key),
                turn=turn, seen_turns=seen, desk=self.memory.desk, now=NOW,
            )  # fmt: skip
        except StateMoved:
            assert not people_had_it
            assert len(self.memory.said) == before
            return
        if known is not None:
            assert received.repeated
            assert len(self.memory.said) == before
        elif people_had_it:
            assert received.replies == ()

    @rule(text=st.sampled_from(TEXTS), key=keys)
    def customer_says(self, text: str, key: str) -> None:
        self._receive(key, *self._computed(text))

    @rule(text=st.sampled_from(TEXTS))
    def a_slow_turn_is_computed(self, text: str) -> None:
        self.pending = self._computed(text)

    @rule(key=keys)
    def the_slow_turn_arrives(self, key: str) -> None:
        if self.pending is not None:
            self._receive(key, *self.pending)
            self.pending = None

    @rule()
    def customer_presses_the_button(self) -> None:
        state = self.conversation.state_for_bot()
        turn = self.bot.hand_over(state or DialogueState())
        said = exchange.request_human(self.conversation.id, turn, desk=self.memory.desk, now=NOW)
        assert bool(said) is (state is not None)

    @rule(agent=agents)
    def agent_claims(self, agent: Agent) -> None:
        owner = self.conversation.assignee_id if self._held_by_agent else None
        try:
            exchange.claim(self.conversation.id, agent=agent, desk=self.memory.desk, now=NOW)
        except AlreadyClaimed:
            assert owner not in (None, agent.id)
        except ConversationClosed:
            assert self.conversation.status is Status.RESOLVED
        else:
            assert self.conversation.assignee_id == agent.id

    @rule(agent=agents, other=agents)
    def agent_transfers(self, agent: Agent, other: Agent) -> None:
        with suppress(NotYourConversation, ConversationClosed):
            exchange.assign(
                self.conversation.id, to_agent_id=other.id, by=agent,
                desk=self.memory.desk, now=NOW,
            )  # fmt: skip

    @rule(agent=agents)
    def agent_returns_it(self, agent: Agent) -> None:
        with suppress(NotYourConversation, ConversationClosed):
            exchange.return_to_queue(self.conversation.id, by=agent, desk=self.memory.desk, now=NOW)

    @rule(agent=agents, key=keys)
    def agent_replies(self, agent: Agent, key: str) -> None:
        known = self.memory.find_sent(self.conversation.id, Sender.AGENT, key)
        allowed = self._held_by_agent and self.conversation.assignee_id == agent.id
        try:
            said = exchange.reply_as_agent(
                self.conversation.id, Reply("在"), agent=agent, client_msg_id=key,
                desk=self.memory.desk, now=NOW,
            )  # fmt: skip
        except (NotYourConversation, ConversationClosed):
            assert not allowed
        else:
            assert allowed or said is known

    @rule(agent=st.none() | agents)
    def it_is_resolved(self, agent: Agent | None) -> None:
        with suppress(NotYourConversation):
            exchange.resolve(self.conversation.id, by=agent, desk=self.memory.desk, now=NOW)

    @property
    def _held_by_agent(self) -> bool:
        return (
            self.conversation.holder is Holder.AGENT
            and self.conversation.status is not Status.RESOLVED
        )

    @invariant()
    def messages_are_numbered_without_gaps(self) -> None:
        seqs = [message.seq for message in self.memory.said]
        assert (
            seqs == list(range(1, len(seqs) + 1)) == list(range(1, self.conversation.last_seq + 1))
        )

    @invariant()
    def an_active_conversation_has_an_assignee_exactly_when_an_agent_holds_it(self) -> None:
        if self.conversation.status is not Status.RESOLVED:
            assert (self.conversation.assignee_id is not None) is self._held_by_agent

    @invariant()
    def only_waiting_conversations_are_in_the_queue(self) -> None:
        waiting = (
            self.conversation.holder is Holder.QUEUE and self.conversation.status is Status.OPEN
        )
        assert (self.conversation.queued_at is not None) is waiting
        assert (self.conversation.ranked_at is not None) is waiting

    @invariant()
    def nothing_is_stored_twice(self) -> None:
        sent = [
            (message.sender, message.client_msg_id)
            for message in self.memory.said
            if message.client_msg_id is not None
        ]
        assert len(sent) == len(set(sent))

    @invariant()
    def every_message_is_announced_once(self) -> None:
        announced = [
            event.message_id
            for event in self.memory.events
            if event.kind is EventKind.MESSAGE_CREATED
        ]
        assert announced == [message.id for message in self.memory.said]


ConversationMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None
)
TestConversation = ConversationMachine.TestCase
