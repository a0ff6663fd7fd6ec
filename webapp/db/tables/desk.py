"""Conversations with all that was said and done in them, and tickets."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from dialogue.conversation import Button, ContentType, Holder, Sender, Source, Status
from dialogue.state import DialogueState
from handoff.reason import Handoff, Reason
from handoff.ticket import TicketStatus
from webapp.db.tables.columns import brand_column, id_column, metadata
from webapp.db.types import EnumText, JsonOf, UtcDateTime

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    brand_column(),
    Column("channel", String(32), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("page", Text),
    Column("status", EnumText(Status), nullable=False),
    Column("holder", EnumText(Holder), nullable=False),
    Column("assignee_id", ForeignKey("staff.id")),
    Column("contact_id", ForeignKey("contacts.id"), index=True),
    Column("state", JsonOf(DialogueState), nullable=False),
    Column("handoff", JsonOf(Handoff)),
    Column("queued_at", UtcDateTime),
    Column("ranked_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("last_seq", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("labels", JsonOf(tuple[str, ...]), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # SHA-256 of the customer's token; the token itself is not kept
    Column("token_hash", String(64)),
    Column("version", Integer, nullable=False),
    Index("ix_conversations_holder_ranked_at", "holder", "ranked_at"),
    Index("ix_conversations_assignee_id_status", "assignee_id", "status"),
    Index("ix_conversations_status_updated_at", "status", "updated_at"),
)

messages = Table(
    "messages",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("sender", EnumText(Sender), nullable=False),
    Column("content", Text, nullable=False),
    Column("content_type", EnumText(ContentType), nullable=False),
    Column("client_msg_id", String(100)),
    Column("sources", JsonOf(tuple[Source, ...]), nullable=False),
    Column("buttons", JsonOf(tuple[Button, ...]), nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("in_reply_to", Integer),
    Column("author_id", ForeignKey("staff.id")),
    Column("author_name", String(100)),
    Column("intent", String(100)),
    Column("intent_confidence", Float),
    # why the bot had no answer
    Column("gap", EnumText(Reason)),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_messages_gap_id", "gap", "id"),
    Index("ix_messages_sender_created_at", "sender", "created_at"),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "sender", "client_msg_id"),
    sqlite_autoincrement=True,
)

assignments = Table(
    "assignments",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)
Index(
    "uq_assignments_active",
    assignments.c.conversation_id,
    unique=True,
    sqlite_where=assignments.c.ended_at.is_(None),
    postgresql_where=assignments.c.ended_at.is_(None),
)

conversation_reads = Table(
    "conversation_reads",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("seq", Integer, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("agent_id", ForeignKey("staff.id")),
    Column("rated_at", UtcDateTime, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    id_column(),
    brand_column(),
    Column("title", String(300), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", EnumText(TicketStatus), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), index=True),
    Column("contact_id", ForeignKey("contacts.id")),
    Column("order_id", String(64)),
    Column("assignee_id", ForeignKey("staff.id")),
    Column("created_by", String(100), nullable=False),
    Column("fields", JsonOf(dict[str, str]), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_tickets_status_created_at", "status", "created_at"),
)
