"""What customers' questions and judgements teach those who write the knowledge."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from handoff.reason import Reason
from webapp.db.tables.columns import brand_column, id_column, metadata
from webapp.db.types import EnumText, JsonOf, UtcDateTime
from webapp.learning_records import CaseOutcome, GapState, ProposalState

message_feedback = Table(
    "message_feedback",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

health_reports = Table(
    "health_reports",
    metadata,
    Column("brand_id", String(64), primary_key=True),
    # the state of the articles that was examined: the counter of that name
    Column("generation", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("findings", JSON, nullable=False),
)

health_dismissals = Table(
    "health_dismissals",
    metadata,
    Column("key", String(24), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

gap_groups = Table(
    "gap_groups",
    metadata,
    id_column(),
    brand_column(),
    Column("name", String(200), nullable=False),
    Column("state", EnumText(GapState), nullable=False),
    Column("until", UtcDateTime),
    # the article that closed the gap
    Column("article_id", String(100)),
    Column("changed_by", String(100)),
    Column("changed_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

gap_questions = Table(
    "gap_questions",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("group_id", ForeignKey("gap_groups.id"), nullable=False, index=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    # without personal data
    Column("text", Text, nullable=False),
    # NULL: the customer said that the answer did not help
    Column("reason", EnumText(Reason)),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    # half-precision, of the encoder named
    Column("vector", LargeBinary, nullable=False),
    Column("encoder", String(64), nullable=False),
)

knowledge_proposals = Table(
    "knowledge_proposals",
    metadata,
    id_column(),
    brand_column(),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("message_ids", JsonOf(tuple[int, ...]), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("state", EnumText(ProposalState), nullable=False),
    Column("reason", Text),
    Column("article_id", String(100)),
    Column("proposed_by", String(100), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_by", String(100)),
    Column("decided_at", UtcDateTime),
    Index("ix_knowledge_proposals_state_id", "state", "id"),
    sqlite_autoincrement=True,
)

knowledge_test_runs = Table(
    "knowledge_test_runs",
    metadata,
    id_column(),
    brand_column(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("by", String(100), nullable=False),
    # what it was run for: all, save, publish
    Column("scope", String(16), nullable=False),
    Column("article_id", String(100)),
    Column("cases", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("recall_at_1", Float),
    Column("recall_at_5", Float),
    Column("mrr", Float),
    Column("answered", Float),
    Column("abstained", Float),
    Column("failures", JsonOf(tuple[CaseOutcome, ...]), nullable=False),
    sqlite_autoincrement=True,
)
