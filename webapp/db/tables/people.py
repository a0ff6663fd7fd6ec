"""Staff with their sessions and tokens, and the customers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from handoff.agent import Role
from webapp.db.tables.columns import brand_column, id_column, metadata
from webapp.db.types import EnumText, JsonOf, UtcDateTime

staff = Table(
    "staff",
    metadata,
    id_column(),
    brand_column(),
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
    id_column(),
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
    id_column(),
    brand_column(),
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
