"""What is told to those who listen, to other systems and to auditors."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from webapp.db.tables.columns import brand_column, id_column, metadata
from webapp.db.types import JsonOf, UtcDateTime
from webapp.records import Announcement

events = Table(
    "events",
    metadata,
    # never used again, not even after old events are deleted: readers resume from it
    id_column(),
    brand_column(),
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

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    brand_column(),
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

webhooks = Table(
    "webhooks",
    metadata,
    # never used again: what still waits for a removed one must not reach another
    id_column(),
    brand_column(),
    Column("url", String(2000), nullable=False),
    Column("kinds", JsonOf(tuple[Announcement, ...]), nullable=False),
    Column("active", Boolean, nullable=False),
    # as it is, since every delivery is signed with it
    Column("secret", String(100), nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("last_error", Text),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    brand_column(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("staff_id", Integer),
    Column("actor", String(254), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", JsonOf(dict[str, str]), nullable=False),
    Column("address", String(64)),
    sqlite_autoincrement=True,
)
