"""Plain records of the application: what the stores give to views, processes and the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from pydantic import JsonValue as JsonValue

from dialogue.conversation import Conversation, Message
from handoff.agent import Agent, Role

T = TypeVar("T")
JsonObject: TypeAlias = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff with an account. `password_hash` is argon2's own format."""

    id: int
    email: str
    name: str
    role: Role
    skills: tuple[str, ...]
    active: bool
    password_hash: str = field(repr=False)
    created_at: datetime
    brand_id: str = "default"

    @property
    def agent(self) -> Agent:
        """The same person as the desk sees one."""
        return Agent(id=self.id, name=self.name, role=self.role, skills=self.skills)


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in browser."""

    staff: StaffMember
    csrf_token: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer. `verified` means that the site proved who it is; else it is only a claim."""

    id: int
    identifier: str | None
    verified: bool
    name: str | None
    phone: str | None
    email: str | None
    created_at: datetime
    brand_id: str = "default"


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation with what a list or header shows beside it.

    `queue_position` counts from 1 and is None when nobody waits. `unread` counts customers'
    messages that the viewer has not seen; 0 where there is no viewer.
    """

    conversation: Conversation
    assignee_name: str | None = None
    contact: Contact | None = None
    last_message: Message | None = None
    unread: int = 0
    queue_position: int | None = None


@dataclass(frozen=True, slots=True)
class ConversationCounts:
    """How many conversations wait, are mine, are held by people or by the bot."""

    queue: int
    mine: int
    open: int
    bot: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; `next_cursor` None means that this was the last part."""

    items: tuple[T, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the stream sends it. `public_payload` None means: not for customers."""

    id: int
    kind: str
    conversation_id: str | None
    for_agents: bool
    agent_id: int | None
    former_agent_id: int | None
    payload: JsonObject
    public_payload: JsonObject | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Something to send to the world, leased to one worker."""

    id: int
    kind: str
    dedup_key: str
    payload: JsonObject
    attempts: int


class Announcement(StrEnum):
    """What other systems can be told by webhook."""

    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_ARCHIVED = "article.archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where another system is told what happens here. `secret` signs what is sent to it.

    `failing_since` is the first of the failures in a row up to now, `last_error` the last of them.
    """

    id: int
    url: str
    kinds: tuple[Announcement, ...]
    active: bool
    secret: str = field(repr=False)
    created_by: str
    created_at: datetime
    sent_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which thing, and when."""

    id: int
    at: datetime
    staff_id: int | None
    actor: str
    action: str
    subject: str
    detail: Mapping[str, str]
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """A picture or attachment of articles; its content is on disk under `sha256`, `size` bytes."""

    sha256: str
    name: str
    media_type: str
    size: int
    brand_id: str = "default"
    added_by: str | None = None
    added_at: datetime | None = None


class ImportState(StrEnum):
    """Where an import stands that runs by itself."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """An import that runs by itself: `done` of `total` articles, and in the end its `report`, or
    why nothing was imported. `beat_at` is its last sign of life."""

    id: str
    state: ImportState
    started_by: str
    started_at: datetime
    beat_at: datetime
    done: int = 0
    total: int = 0
    report: JsonObject = field(default_factory=dict)


class Standing(StrEnum):
    """Where an article stands, as its editors see it: its draft counts more than its live text."""

    PUBLISHED = "published"
    CHANGED = "changed"
    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    ARCHIVED = "archived"
