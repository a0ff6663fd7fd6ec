"""Vectors that nothing needs are noted by text and encoder; the worker notes them anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    _replace(
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("encoder", sa.String(length=64), nullable=False),
    )


def downgrade() -> None:
    """Undo this step."""
    _replace(sa.Column("text_hash", sa.String(length=64), nullable=False))


def _replace(*key: sa.Column[str]) -> None:
    op.drop_table("unused_vectors")
    op.create_table(
        "unused_vectors",
        *key,
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*(column.name for column in key), name=op.f("pk_unused_vectors")),
    )
    op.create_index(op.f("ix_unused_vectors_since"), "unused_vectors", ["since"])
