"""Every table, in one metadata, the same on SQLite and PostgreSQL.

Whoever imports this package has the metadata with all of them in it, as migrations need it.
"""

from webapp.db.tables.columns import metadata as metadata
from webapp.db.tables.delivery import audit as audit
from webapp.db.tables.delivery import events as events
from webapp.db.tables.delivery import outbox as outbox
from webapp.db.tables.delivery import webhooks as webhooks
from webapp.db.tables.desk import assignments as assignments
from webapp.db.tables.desk import conversation_reads as conversation_reads
from webapp.db.tables.desk import conversations as conversations
from webapp.db.tables.desk import messages as messages
from webapp.db.tables.desk import ratings as ratings
from webapp.db.tables.desk import tickets as tickets
from webapp.db.tables.files import article_files as article_files
from webapp.db.tables.files import import_jobs as import_jobs
from webapp.db.tables.knowledge import article_changes as article_changes
from webapp.db.tables.knowledge import article_drafts as article_drafts
from webapp.db.tables.knowledge import article_revisions as article_revisions
from webapp.db.tables.knowledge import articles as articles
from webapp.db.tables.knowledge import counters as counters
from webapp.db.tables.knowledge import knowledge_terms as knowledge_terms
from webapp.db.tables.knowledge import passage_vectors as passage_vectors
from webapp.db.tables.knowledge import unused_vectors as unused_vectors
from webapp.db.tables.learning import gap_groups as gap_groups
from webapp.db.tables.learning import gap_questions as gap_questions
from webapp.db.tables.learning import health_dismissals as health_dismissals
from webapp.db.tables.learning import health_reports as health_reports
from webapp.db.tables.learning import knowledge_proposals as knowledge_proposals
from webapp.db.tables.learning import knowledge_test_runs as knowledge_test_runs
from webapp.db.tables.learning import message_feedback as message_feedback
from webapp.db.tables.people import api_tokens as api_tokens
from webapp.db.tables.people import contacts as contacts
from webapp.db.tables.people import login_failures as login_failures
from webapp.db.tables.people import staff as staff
from webapp.db.tables.people import staff_sessions as staff_sessions
