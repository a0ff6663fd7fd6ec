"""When each article changed last, so that searching processes read only what changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "article_changes",
        sa.Column("article_id", sa.String(length=100), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_changes")),
    )
    op.create_index(op.f("ix_article_changes_generation"), "article_changes", ["generation"])


def downgrade() -> None:
    """Undo this step."""
    op.drop_table("article_changes")
