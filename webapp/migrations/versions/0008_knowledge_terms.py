"""Terms: what customers call what the articles name; proposals found by their conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PROPOSALS = "ix_knowledge_proposals_conversation_id"


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "knowledge_terms",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("brand_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_terms")),
        sqlite_autoincrement=True,
    )
    op.create_index(_PROPOSALS, "knowledge_proposals", ["conversation_id"])


def downgrade() -> None:
    """Undo this step."""
    op.drop_index(_PROPOSALS, "knowledge_proposals")
    op.drop_table("knowledge_terms")
    op.execute("DELETE FROM counters WHERE name = 'terms'")
