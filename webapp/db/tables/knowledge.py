"""Articles and the vectors of their passages."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table, Text

from knowledge.article import ArticleStatus, KnowledgeTest
from webapp.db.tables.columns import brand_column, metadata
from webapp.db.types import EnumText, JsonOf, UtcDateTime

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
