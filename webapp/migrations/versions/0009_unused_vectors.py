"""Vectors that nothing needs: noted by text and encoder since when, so that they go in the end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "unused_vectors",
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("encoder", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", "encoder", name=op.f("pk_unused_vectors")),
    )
    op.create_index(op.f("ix_unused_vectors_since"), "unused_vectors", ["since"])


def downgrade() -> None:
    """Undo this step."""
    op.drop_table("unused_vectors")
