"""Judgements of answers, gaps, proposals, the health of knowledge, and runs of its tests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('gap_groups',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('brand_id', sa.String(length=64), server_default='default', nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('article_id', sa.String(length=100), nullable=True),
    sa.Column('changed_by', sa.String(length=100), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap_groups')),
    sqlite_autoincrement=True
    )
    op.create_table('health_dismissals',
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=100), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_health_dismissals'))
    )
    op.create_table('health_reports',
    sa.Column('brand_id', sa.String(length=64), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('articles', sa.Integer(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('brand_id', name=op.f('pk_health_reports'))
    )
    op.create_table('knowledge_test_runs',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('brand_id', sa.String(length=64), server_default='default', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=100), nullable=False),
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('article_id', sa.String(length=100), nullable=True),
    sa.Column('cases', sa.Integer(), nullable=False),
    sa.Column('passed', sa.Integer(), nullable=False),
    sa.Column('recall_at_1', sa.Float(), nullable=True),
    sa.Column('recall_at_5', sa.Float(), nullable=True),
    sa.Column('mrr', sa.Float(), nullable=True),
    sa.Column('answered', sa.Float(), nullable=True),
    sa.Column('abstained', sa.Float(), nullable=True),
    sa.Column('failures', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_test_runs')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_knowledge_test_runs_at'), 'knowledge_test_runs', ['at'], unique=False)
    op.create_table('knowledge_proposals',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('brand_id', sa.String(length=64), server_default='default', nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('message_ids', sa.JSON(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('article_id', sa.String(length=100), nullable=True),
    sa.Column('proposed_by', sa.String(length=100), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=100), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_knowledge_proposals_conversation_id_conversations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_proposals')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_knowledge_proposals_state_id', 'knowledge_proposals', ['state', 'id'], unique=False)
    op.create_table('gap_questions',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=False),
    sa.Column('encoder', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_gap_questions_conversation_id_conversations')),
    sa.ForeignKeyConstraint(['group_id'], ['gap_groups.id'], name=op.f('fk_gap_questions_group_id_gap_groups')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_gap_questions_message_id_messages')),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_gap_questions'))
    )
    op.create_index(op.f('ix_gap_questions_asked_at'), 'gap_questions', ['asked_at'], unique=False)
    op.create_index(op.f('ix_gap_questions_conversation_id'), 'gap_questions', ['conversation_id'], unique=False)
    op.create_index(op.f('ix_gap_questions_group_id'), 'gap_questions', ['group_id'], unique=False)
    op.create_table('message_feedback',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_message_feedback_message_id_messages')),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_message_feedback'))
    )
    op.create_index(op.f('ix_message_feedback_at'), 'message_feedback', ['at'], unique=False)
    op.add_column('messages', sa.Column('gap', sa.String(length=32), nullable=True))
    op.create_index('ix_messages_gap_id', 'messages', ['gap', 'id'], unique=False)
    op.create_index('ix_messages_sender_created_at', 'messages', ['sender', 'created_at'], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_index('ix_messages_sender_created_at', table_name='messages')
    op.drop_index('ix_messages_gap_id', table_name='messages')
    op.drop_column('messages', 'gap')
    op.drop_index(op.f('ix_message_feedback_at'), table_name='message_feedback')
    op.drop_table('message_feedback')
    op.drop_index(op.f('ix_gap_questions_group_id'), table_name='gap_questions')
    op.drop_index(op.f('ix_gap_questions_conversation_id'), table_name='gap_questions')
    op.drop_index(op.f('ix_gap_questions_asked_at'), table_name='gap_questions')
    op.drop_table('gap_questions')
    op.drop_index('ix_knowledge_proposals_state_id', table_name='knowledge_proposals')
    op.drop_table('knowledge_proposals')
    op.drop_index(op.f('ix_knowledge_test_runs_at'), table_name='knowledge_test_runs')
    op.drop_table('knowledge_test_runs')
    op.drop_table('health_reports')
    op.drop_table('health_dismissals')
    op.drop_table('gap_groups')
