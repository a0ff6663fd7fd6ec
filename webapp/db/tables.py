"""Every table, in one metadata, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dialogue.conversation import Button, ContentType, Holder, Sender, Source, Status
from dialogue.state import DialogueState
from handoff.agent import Role
from handoff.reason import Handoff
from handoff.ticket import TicketStatus
from knowledge.article import ArticleStatus, KnowledgeTest
from webapp.db.types import EnumText, JsonOf, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _brand() -> Column[str]:
    return Column("brand_id", String(64), nullable=False, server_default="default")


staff = Table(
    "staff",
    metadata,
    _id(),
    _brand(),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("role", EnumText(Role), nullable=False),
    Column("skills", JsonOf(tuple[str, ...]), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

login_failures = Table(
    "login_failures",
    metadata,
    # an e-mail address, a network address or an order number, prefixed with which of them it is
    Column("key", String(300), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    _brand(),
    Column("identifier", String(200)),
    Column("verified", Boolean, nullable=False),
    Column("name", String(100)),
    Column("phone", String(40)),
    Column("email", String(254)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
# An identifier that anybody may claim must not lead to somebody else's record.
Index(
    "uq_contacts_verified_identifier",
    contacts.c.brand_id,
    contacts.c.identifier,
    unique=True,
    sqlite_where=text("verified"),
    postgresql_where=text("verified"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    _brand(),
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
    Column("resolved_at", UtcDateTime),
    Column("last_seq", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("labels", JsonOf(tuple[str, ...]), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # SHA-256 of the customer's token; the token itself is not kept
    Column("token_hash", String(64)),
    Column("version", Integer, nullable=False),
    Index("ix_conversations_holder_queued_at", "holder", "queued_at"),
    Index("ix_conversations_assignee_id_status", "assignee_id", "status"),
    Index("ix_conversations_status_updated_at", "status", "updated_at"),
)

messages = Table(
    "messages",
    metadata,
    _id(),
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
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "sender", "client_msg_id"),
    sqlite_autoincrement=True,
)

assignments = Table(
    "assignments",
    metadata,
    _id(),
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
    _id(),
    _brand(),
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

events = Table(
    "events",
    metadata,
    # never used again, not even after old events are deleted: readers resume from it
    _id(),
    _brand(),
    Column("kind", String(40), nullable=False),
    Column("conversation_id", String(32)),
    Column("ticket_id", Integer),
    # which staff besides supervisors: every agent, or the one or two concerned
    Column("for_agents", Boolean, nullable=False),
    Column("agent_id", Integer),
    Column("former_agent_id", Integer),
    Column("payload", JSON, nullable=False),
    # what the customer may see; NULL means: not for customers
    Column("public_payload", JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Index("ix_events_conversation_id_id", "conversation_id", "id"),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(100), primary_key=True),
    _brand(),
    Column("title", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", EnumText(ArticleStatus), nullable=False),
    Column("product", String(100)),
    Column("versions", JsonOf(tuple[str, ...]), nullable=False),
    Column("channels", JsonOf(tuple[str, ...]), nullable=False),
    Column("tags", JsonOf(tuple[str, ...]), nullable=False),
    Column("valid_until", Date),
    Column("questions", JsonOf(tuple[str, ...]), nullable=False),
    Column("tests", JsonOf(tuple[KnowledgeTest, ...]), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("updated_at", UtcDateTime),
    Column("updated_by", String(100)),
    Column("revision", Integer, nullable=False),
)

passage_vectors = Table(
    "passage_vectors",
    metadata,
    # SHA-256 of the text that was encoded, and the encoder's fingerprint
    Column("text_hash", String(64), primary_key=True),
    Column("encoder", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _brand(),
    Column("kind", String(40), nullable=False),
    Column("dedup_key", String(200), nullable=False, unique=True),
    # rows of one group are sent in order, one at a time
    Column("order_group", String(100)),
    Column("payload", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("lease_by", String(64)),
    Column("last_error", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index("ix_outbox_state_next_at", "state", "next_at"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _brand(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("staff_id", Integer),
    Column("actor", String(254), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", JsonOf(dict[str, str]), nullable=False),
    Column("address", String(64)),
    sqlite_autoincrement=True,
)
