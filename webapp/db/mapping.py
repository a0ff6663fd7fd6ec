"""Maps the domain's dataclasses onto their tables; importing this module is enough."""

from __future__ import annotations

from sqlalchemy.orm import registry

from dialogue.conversation import Conversation, Message
from handoff.ticket import Ticket
from knowledge.article import Article
from knowledge.draft import Draft
from webapp.db import tables

mapper_registry = registry(metadata=tables.metadata)

# `version` makes SQLAlchemy compare-and-set: a change to a row that moved raises StaleDataError.
mapper_registry.map_imperatively(
    Conversation,
    tables.conversations,
    version_id_col=tables.conversations.c.version,
    exclude_properties=["token_hash"],
)
mapper_registry.map_imperatively(Message, tables.messages)
mapper_registry.map_imperatively(Ticket, tables.tickets, version_id_col=tables.tickets.c.version)
mapper_registry.map_imperatively(Article, tables.articles)
# The draft counts its versions itself, since its writers name the one that they have seen.
mapper_registry.map_imperatively(
    Draft,
    tables.article_drafts,
    version_id_col=tables.article_drafts.c.version,
    version_id_generator=False,
)
