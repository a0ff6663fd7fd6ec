"""Articles with their drafts and revisions, the vectors of their passages, and terms."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from knowledge.article import ArticleStatus, KnowledgeTest
from knowledge.draft import DraftState
from knowledge.revision import RevisionState
from webapp.db.tables.columns import brand_column, id_column, metadata
from webapp.db.types import EnumText, JsonOf, PathText, UtcDateTime

articles = Table(
    "articles",
    metadata,
    Column("id", String(100), primary_key=True),
    brand_column(),
    Column("title", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", EnumText(ArticleStatus), nullable=False),
    Column("product", String(100)),
    Column("versions", JsonOf(tuple[str, ...]), nullable=False),
    Column("channels", JsonOf(tuple[str, ...]), nullable=False),
    Column("tags", JsonOf(tuple[str, ...]), nullable=False),
    Column("category", PathText, nullable=False, server_default=""),
    Column("publish_at", UtcDateTime),
    Column("valid_until", Date),
    Column("questions", JsonOf(tuple[str, ...]), nullable=False),
    Column("tests", JsonOf(tuple[KnowledgeTest, ...]), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("updated_at", UtcDateTime),
    Column("updated_by", String(100)),
    Column("revision", Integer, nullable=False),
)

article_changes = Table(
    "article_changes",
    metadata,
    Column("article_id", String(100), primary_key=True),
    # the value of the counter "articles" at its latest change that customers could notice
    Column("generation", Integer, nullable=False, index=True),
)

article_drafts = Table(
    "article_drafts",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("markdown", Text, nullable=False),
    Column("title", String(300), nullable=False),
    Column("state", EnumText(DraftState), nullable=False),
    # the revision of the live text that it started from; 0 when there was none
    Column("base", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("author", String(100), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("step_by", String(100), nullable=False),
    Column("step_at", UtcDateTime, nullable=False),
    Column("reason", Text),
    Column("publish_at", UtcDateTime),
    Column("failure", Text),
    Column("failures", Integer, nullable=False),
    Column("try_at", UtcDateTime),
    Index("ix_article_drafts_state_try_at", "state", "try_at"),
)

# Only ever added to, so that it outlives a draft of an article that never was.
article_revisions = Table(
    "article_revisions",
    metadata,
    Column("article_id", String(100), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", EnumText(RevisionState), nullable=False),
    Column("title", String(300), nullable=False),
    Column("markdown", Text, nullable=False),
    Column("author", String(100)),
    Column("step_by", String(100)),
    Column("step_at", UtcDateTime),
    Column("reason", Text),
    Column("restores", Integer),
)

passage_vectors = Table(
    "passage_vectors",
    metadata,
    # SHA-256 of the text that was encoded, and the encoder's fingerprint
    Column("text_hash", String(64), primary_key=True),
    Column("encoder", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

# Those of `passage_vectors` that nothing needed when the worker looked last, and since when;
# who asks for one of them takes it off.
unused_vectors = Table(
    "unused_vectors",
    metadata,
    Column("text_hash", String(64), primary_key=True),
    Column("encoder", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False, index=True),
)

knowledge_terms = Table(
    "knowledge_terms",
    metadata,
    id_column(),
    # NULL: it holds for every brand
    Column("brand_id", String(64)),
    Column("name", String(60), nullable=False),
    Column("synonyms", JsonOf(tuple[str, ...]), nullable=False),
    Column("meaning", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", String(100), nullable=False),
    sqlite_autoincrement=True,
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Integer, nullable=False),
)
