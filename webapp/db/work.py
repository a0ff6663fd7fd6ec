"""Work: the stores of one open transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

import webapp.db.mapping  # noqa: F401  (maps the domain's classes before the first query)
from dialogue.stores import Desk
from webapp.db.article_files import ArticleFiles
from webapp.db.articles import Articles
from webapp.db.audit import Audit
from webapp.db.contacts import Contacts
from webapp.db.conversations import SqlConversations
from webapp.db.drafts import Drafts
from webapp.db.events import Events
from webapp.db.feedback import Feedback
from webapp.db.gaps import Gaps
from webapp.db.health import Health
from webapp.db.import_jobs import ImportJobs
from webapp.db.inbox import Inbox
from webapp.db.messages import Messages
from webapp.db.outbox import Outbox
from webapp.db.proposals import Proposals
from webapp.db.ratings import SqlRatings
from webapp.db.revisions import Revisions
from webapp.db.sessions import LoginFailures, Sessions, Tokens
from webapp.db.staff import Staff
from webapp.db.terms import Terms
from webapp.db.test_runs import TestRuns
from webapp.db.tickets import SqlTickets
from webapp.db.vectors import Vectors
from webapp.db.webhooks import Webhooks
from webapp.records import StaffMember


class Work:
    """One transaction: what the views, the command line and the worker do their work with.

    `desk` is the part that the dialogue's use cases know. Nothing here commits.
    """

    def __init__(self, session: Session, *, clock: Callable[[], datetime]) -> None:
        self.session = session
        self._clock = clock
        self.conversations = SqlConversations(session, clock=clock)
        self.messages = Messages(session)
        self.inbox = Inbox(session)
        self.tickets = SqlTickets(session)
        self.ratings = SqlRatings(session)
        self.feedback = Feedback(session)
        self.gaps = Gaps(session)
        self.health = Health(session)
        self.test_runs = TestRuns(session)
        self.proposals = Proposals(session)
        self.events = Events(session, conversations=self.conversations, clock=clock)
        self.contacts = Contacts(session)
        self.staff = Staff(session)
        self.sessions = Sessions(session)
        self.tokens = Tokens(session)
        self.login_failures = LoginFailures(session)
        self.articles = Articles(session)
        self.drafts = Drafts(session)
        self.revisions = Revisions(session)
        self.article_files = ArticleFiles(session)
        self.import_jobs = ImportJobs(session)
        self.terms = Terms(session)
        self.vectors = Vectors(session)
        self.outbox = Outbox(session)
        self.webhooks = Webhooks(session)
        self.audit = Audit(session)
        self.desk = Desk(
            conversations=self.conversations,
            tickets=self.tickets,
            ratings=self.ratings,
            events=self.events,
        )

    def staff_by_credential(self, credential: str) -> StaffMember | None:
        """Whose session or API token has this hash, if it is still good."""
        session = self.sessions.find(credential, now=self._clock())
        return session.staff if session else self.tokens.owner(credential)

    def finish(self) -> None:
        """Write what must come last: changes, assignments, and the events in commit order."""
        self.session.flush()
        self.conversations.record_assignments()
        self.events.write()
