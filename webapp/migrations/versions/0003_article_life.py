"""Drafts and revisions of articles; what is live becomes the first revision that is kept."""

from __future__ import annotations

import sqlalchemy as sa
import yaml
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CHUNK = 500


def upgrade() -> None:
    """Apply this step."""
    op.add_column(
        "articles",
        sa.Column("category", sa.String(length=320), server_default="", nullable=False),
    )
    op.add_column("articles", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "article_drafts",
        sa.Column("article_id", sa.String(length=100), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step_by", sa.String(length=100), nullable=False),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_drafts_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_drafts")),
    )
    op.create_index(
        "ix_article_drafts_state_try_at", "article_drafts", ["state", "try_at"], unique=False
    )
    op.create_table(
        "article_revisions",
        sa.Column("article_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=True),
        sa.Column("step_by", sa.String(length=100), nullable=True),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_revisions")),
    )
    _keep_what_is_there()


def downgrade() -> None:
    """Undo this step."""
    op.drop_table("article_revisions")
    op.drop_index("ix_article_drafts_state_try_at", table_name="article_drafts")
    op.drop_table("article_drafts")
    op.execute("UPDATE articles SET status = 'draft' WHERE status = 'review'")
    with op.batch_alter_table("articles") as articles:
        articles.drop_column("publish_at")
        articles.drop_column("category")


def _keep_what_is_there() -> None:
    """Every article's text as a revision with the number that the article has reached."""
    articles = sa.table(
        "articles",
        *(sa.column(name, sa.String()) for name in ("id", "title", "status", "product", "body")),
        *(sa.column(name, sa.JSON()) for name in ("versions", "channels", "tags")),
        *(sa.column(name, sa.JSON()) for name in ("questions", "tests")),
        sa.column("valid_until", sa.Date()),
        sa.column("updated_at", sa.DateTime(timezone=True)),
        sa.column("updated_by", sa.String()),
        sa.column("revision", sa.Integer()),
    )
    revisions = sa.table(
        "article_revisions",
        *(sa.column(name, sa.String()) for name in ("article_id", "state", "title", "markdown")),
        *(sa.column(name, sa.String()) for name in ("author", "step_by")),
        sa.column("number", sa.Integer()),
        sa.column("step_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    ids = list(connection.scalars(sa.select(articles.c.id).order_by(articles.c.id)))
    for start in range(0, len(ids), _CHUNK):
        some = sa.select(articles).where(articles.c.id.in_(ids[start : start + _CHUNK]))
        connection.execute(
            sa.insert(revisions),
            [
                {
                    "article_id": row.id,
                    "number": row.revision,
                    "state": row.status,
                    "title": row.title,
                    "markdown": _source(row),
                    "author": row.updated_by,
                    "step_by": row.updated_by,
                    "step_at": row.updated_at,
                }
                for row in connection.execute(some).all()
            ],
        )


def _source(row: sa.Row[tuple[object, ...]]) -> str:
    """The article as a file; knowledge.front_matter.format_source on the day of this step."""
    entries: dict[str, object] = {"id": row.id, "title": row.title}
    if row.product:
        entries["product"] = row.product
    for key in ("versions", "channels", "tags", "questions"):
        if getattr(row, key):
            entries[key] = list(getattr(row, key))
    if row.valid_until:
        entries["valid_until"] = row.valid_until
    if row.tests:
        entries["tests"] = list(row.tests)
    head = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n\n{row.body.strip()}\n"
