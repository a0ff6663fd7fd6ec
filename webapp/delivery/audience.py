"""Audiences: who listens, which events they may see, and what of an event they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handoff.agent import Agent
from webapp.db.work import Work
from webapp.records import StoredEvent


class Audience(Protocol):
    """Somebody who listens."""

    @property
    def kind(self) -> str:
        """`customer` or `staff`, for the figures."""
        ...

    @property
    def public(self) -> bool:
        """Whether only the customer's view of an event may be shown."""
        ...

    def sees(self, event: StoredEvent) -> bool:
        """Whether this event is for them."""
        ...

    def missed(self, work: Work, after: int, *, limit: int) -> list[StoredEvent]:
        """Their events after an id, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer listens to one conversation, and never to what is internal."""

    conversation_id: str
    kind: str = "customer"
    public: bool = True

    def sees(self, event: StoredEvent) -> bool:
        """Whether the event is of this conversation and public."""
        return event.conversation_id == self.conversation_id and event.public_payload is not None

    def missed(self, work: Work, after: int, *, limit: int) -> list[StoredEvent]:
        """The conversation's public events after an id, in order."""
        return work.events.after(after, conversation_id=self.conversation_id, limit=limit)


@dataclass(frozen=True, slots=True)
class Staff:
    """A supervisor listens to everything, an agent to the queue and their own conversations.

    `credential` is the hash of the session's or API token's secret: when it is revoked, the
    stream ends.
    """

    agent: Agent
    credential: str
    kind: str = "staff"
    public: bool = False

    def sees(self, event: StoredEvent) -> bool:
        """Whether this member of staff may see the event."""
        if self.agent.oversees or event.for_agents:
            return True
        return self.agent.id in (event.agent_id, event.former_agent_id)

    def missed(self, work: Work, after: int, *, limit: int) -> list[StoredEvent]:
        """What this member of staff may see after an id, in order."""
        if self.agent.oversees:
            return work.events.after(after, limit=limit)
        return work.events.after_for_agent(after, self.agent.id, limit=limit)
