"""The order of the queue in a column of its own."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# handoff.queue.URGENT_LEAD on the day of this step
_LEAD = timedelta(minutes=30)


def upgrade() -> None:
    """Apply this step."""
    op.add_column(
        "conversations", sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True)
    )
    _rank_those_who_wait()
    op.drop_index("ix_conversations_holder_queued_at", table_name="conversations")
    op.create_index(
        "ix_conversations_holder_ranked_at", "conversations", ["holder", "ranked_at"], unique=False
    )


def downgrade() -> None:
    """Undo this step."""
    op.drop_index("ix_conversations_holder_ranked_at", table_name="conversations")
    op.create_index(
        "ix_conversations_holder_queued_at", "conversations", ["holder", "queued_at"], unique=False
    )
    op.drop_column("conversations", "ranked_at")


def _rank_those_who_wait() -> None:
    table = sa.table(
        "conversations",
        sa.column("id", sa.String()),
        sa.column("handoff", sa.JSON()),
        sa.column("queued_at", sa.DateTime(timezone=True)),
        sa.column("ranked_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    waiting = sa.select(table.c.id, table.c.handoff, table.c.queued_at).where(
        table.c.queued_at.is_not(None)
    )
    for row in connection.execute(waiting).all():
        urgent = row.handoff is not None and row.handoff["reason"] == "urgent"
        ranked_at = row.queued_at - _LEAD if urgent else row.queued_at
        connection.execute(
            sa.update(table).where(table.c.id == row.id).values(ranked_at=ranked_at)
        )
