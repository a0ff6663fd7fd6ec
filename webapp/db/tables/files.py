"""Pictures and attachments of articles, and imports that run by themselves."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from webapp.db.tables.columns import brand_column, metadata
from webapp.db.types import EnumText, JsonOf, UtcDateTime
from webapp.records import ImportState, JsonObject

article_files = Table(
    "article_files",
    metadata,
    # of the content, which is on disk under this name
    Column("sha256", String(64), primary_key=True),
    brand_column(),
    Column("name", String(100), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("added_by", String(100)),
    Column("added_at", UtcDateTime),
)

import_jobs = Table(
    "import_jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    brand_column(),
    Column("state", EnumText(ImportState), nullable=False),
    Column("started_by", String(100), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("report", JsonOf(JsonObject), nullable=False),
)
