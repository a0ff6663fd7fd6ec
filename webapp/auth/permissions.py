"""Who may call what: the one table, from a route's endpoint to those it is for.

What a role may see *inside* a route (whose conversation, which numbers) is decided where it is
read; an endpoint that is not in this table is refused to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handoff.agent import Role


class Who(StrEnum):
    """How a caller proves who they are."""

    PUBLIC = "public"
    CUSTOMER = "customer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Access:
    """For whom an endpoint is; `roles` matters for staff only."""

    who: Who
    roles: frozenset[Role] = frozenset()


def _staff(*roles: Role) -> Access:
    return Access(Who.STAFF, frozenset(roles))


PUBLIC = Access(Who.PUBLIC)
CUSTOMER = Access(Who.CUSTOMER)
EVERYBODY = _staff(*Role)
DESK = _staff(Role.ADMIN, Role.SUPERVISOR, Role.AGENT)
EDITORS = _staff(Role.ADMIN, Role.EDITOR)
KEEPERS = _staff(Role.ADMIN, Role.SUPERVISOR, Role.EDITOR)
REVIEWERS = _staff(Role.ADMIN, Role.SUPERVISOR)
ADMINS = _staff(Role.ADMIN)

ACCESS: dict[str, Access] = {
    # pages for everybody
    "pages_assets.asset": PUBLIC,
    "pages_assets.bootstrap": PUBLIC,
    "pages_assets.widget": PUBLIC,
    "pages_customer.shop": PUBLIC,
    "pages_customer.chat": PUBLIC,
    "pages_files.file": PUBLIC,
    "pages_sign_in.login": PUBLIC,
    "pages_sign_in.setup": PUBLIC,
    # pages for staff
    "pages_desk.desk": DESK,
    "pages_tickets.tickets": DESK,
    "pages_tickets.ticket": DESK,
    "pages_knowledge.knowledge": EVERYBODY,
    "pages_knowledge.article": EVERYBODY,
    "pages_knowledge.new": EDITORS,
    "pages_knowledge.edit": EDITORS,
    "pages_knowledge.import_page": EDITORS,
    "pages_knowledge.convert_page": EDITORS,
    "pages_learning.gaps": KEEPERS,
    "pages_learning.gap": KEEPERS,
    "pages_learning.health": KEEPERS,
    "pages_learning.tests": KEEPERS,
    "pages_learning.terms": KEEPERS,
    "pages_knowledge.review": KEEPERS,
    "pages_knowledge.history": KEEPERS,
    "pages_knowledge.compare": KEEPERS,
    "pages_settings.settings": EVERYBODY,
    "pages_settings.profile": EVERYBODY,
    "pages_settings.accounts": ADMINS,
    # the program itself
    "api_system.healthz": PUBLIC,
    "api_system.readyz": PUBLIC,
    "api_system.metrics": PUBLIC,
    "api_system.openapi": PUBLIC,
    "api_understanding.parse": PUBLIC,
    # customers
    "api_widget.config": PUBLIC,
    "api_widget.create_conversation": PUBLIC,
    "api_widget.show_conversation": CUSTOMER,
    "api_widget.post_message": CUSTOMER,
    "api_widget.list_messages": CUSTOMER,
    "api_widget.hand_off": CUSTOMER,
    "api_widget.rate": CUSTOMER,
    "api_widget.give_feedback": CUSTOMER,
    # signing in
    "api_account.sign_in": PUBLIC,
    "api_account.set_up": PUBLIC,
    "api_account.sign_out": EVERYBODY,
    "api_account.me": EVERYBODY,
    "api_account.change_password": EVERYBODY,
    "api_account.list_staff": DESK,
    "api_account.list_accounts": ADMINS,
    "api_account.create_account": ADMINS,
    "api_account.change_account": ADMINS,
    "api_webhooks.list_webhooks": ADMINS,
    "api_webhooks.add_webhook": ADMINS,
    "api_webhooks.change_webhook": ADMINS,
    "api_webhooks.remove_webhook": ADMINS,
    # the desk
    "api_conversations.list_conversations": DESK,
    "api_conversations.show_conversation": DESK,
    "api_conversations.claim": DESK,
    "api_conversations.assign": DESK,
    "api_conversations.return_to_queue": DESK,
    "api_conversations.resolve": DESK,
    "api_conversations.post_message": DESK,
    "api_conversations.post_note": DESK,
    "api_conversations.mark_read": DESK,
    "api_tickets.list_tickets": DESK,
    "api_tickets.open_ticket": DESK,
    "api_tickets.show_ticket": DESK,
    "api_tickets.change_ticket": DESK,
    "api_tickets.change_ticket_by_id": DESK,
    # knowledge
    "api_articles.list_articles": EVERYBODY,
    "api_articles.show_article": EVERYBODY,
    "api_articles.search": EVERYBODY,
    "api_articles.create_article": EDITORS,
    "api_articles.change_article": EDITORS,
    "api_articles.archive_article": EDITORS,
    "api_bulk.change_many": EDITORS,
    "api_preview.preview_article": EDITORS,
    "api_ask.ask_draft": EDITORS,
    "api_catalogue.show_catalogue": EVERYBODY,
    "api_drafts.list_drafts": KEEPERS,
    "api_drafts.begin_article": EDITORS,
    "api_drafts.show_draft": KEEPERS,
    "api_drafts.save_draft": EDITORS,
    "api_drafts.discard_draft": EDITORS,
    "api_drafts.submit_draft": EDITORS,
    "api_drafts.withdraw_draft": EDITORS,
    "api_drafts.publish_draft": EDITORS,
    "api_drafts.approve_draft": REVIEWERS,
    "api_drafts.reject_draft": REVIEWERS,
    "api_revisions.list_revisions": KEEPERS,
    "api_revisions.show_revision": KEEPERS,
    "api_revisions.compare_revisions": KEEPERS,
    "api_revisions.roll_back": KEEPERS,
    "api_revisions.restore_article": KEEPERS,
    "api_article_files.import_articles": EDITORS,
    "api_knowledge_use.show_use": KEEPERS,
    "api_knowledge_use.list_feedback": KEEPERS,
    "api_gaps.list_gaps": KEEPERS,
    "api_gaps.show_gap": KEEPERS,
    "api_gaps.refresh": KEEPERS,
    "api_gaps.decide": KEEPERS,
    "api_gaps.add_similar": EDITORS,
    "api_gaps.draft": EDITORS,
    "api_proposals.propose": DESK,
    "api_proposals.list_proposals": KEEPERS,
    "api_proposals.accept": EDITORS,
    "api_proposals.refuse": KEEPERS,
    "api_health.show_health": KEEPERS,
    "api_health.refresh": KEEPERS,
    "api_health.dismiss": KEEPERS,
    "api_health.restore": KEEPERS,
    "api_knowledge_tests.list_runs": KEEPERS,
    "api_knowledge_tests.show_run": KEEPERS,
    "api_knowledge_tests.run": KEEPERS,
    "api_knowledge_tests.try_draft": EDITORS,
    "api_terms.list_terms": KEEPERS,
    "api_terms.add_term": EDITORS,
    "api_terms.change_term": EDITORS,
    "api_terms.remove_term": EDITORS,
    "api_terms.import_file": EDITORS,
    "api_terms.export_file": KEEPERS,
    "api_article_files.start_import": EDITORS,
    "api_conversions.convert_document": EDITORS,
    "api_article_files.export_articles": KEEPERS,
    "api_article_files.show_import": EDITORS,
    "api_article_files.add_file": EDITORS,
    "api_article_files.list_files": EVERYBODY,
}
"""Every endpoint of the program; a test fails on a route that is missing here."""


def may_publish(role: Role, *, review_required: bool, alone: bool) -> bool:
    """Whether what this role writes or imports may be live without a review. Where reviews are
    required it may for nobody but the one who is `alone` in being able to approve."""
    if review_required:
        return alone and role in REVIEWERS.roles
    return role in KEEPERS.roles


def may_bring_back(role: Role, *, review_required: bool) -> bool:
    """Whether this role may put a text into service again that was approved once."""
    return role in REVIEWERS.roles or (role in EDITORS.roles and not review_required)


def may(role: Role, endpoint: str) -> bool:
    """Whether a role may call an endpoint for staff; templates hide the others."""
    access = ACCESS.get(endpoint)
    return access is not None and (access.who is not Who.STAFF or role in access.roles)
