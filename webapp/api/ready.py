"""Parts of the program that may be missing: the part, or the error that names the remedy."""

from __future__ import annotations

from knowledge.meaning import Meaning
from webapp.current import now, services
from webapp.errors import ASK_DOCTOR, NotReady
from webapp.knowledge_tests import KnowledgeTests
from webapp.live_knowledge import SearchesKnowledge
from webapp.publish import Publishes
from webapp.releases import Releases


def knowledge() -> SearchesKnowledge:
    """What searches the articles; raises NotReady."""
    found = services().knowledge
    if found is None:
        raise NotReady(f"There is no index; {ASK_DOCTOR}")
    return found


def told_from(question: str) -> float:
    """The score from which the bot tells a passage to who asks this; 0 where there is no bot."""
    bot = services().bot
    return 0.0 if bot is None else bot.told_from(question, now=now())


def publisher() -> Publishes:
    """What makes articles live; raises NotReady."""
    found = services().publisher
    if found is None:
        raise NotReady(f"There is no index; {ASK_DOCTOR}")
    return found


def meaning() -> Meaning:
    """What compares texts by meaning; raises NotReady."""
    found = services().meaning
    if found is None:
        raise NotReady(f"There is no encoder; {ASK_DOCTOR}")
    return found


def knowledge_tests() -> KnowledgeTests:
    """What runs tests of knowledge; raises NotReady."""
    found = services().tests
    if found is None:
        raise NotReady(f"There is no index; {ASK_DOCTOR}")
    return found


def releases() -> Releases:
    """What makes drafts and earlier texts live; raises NotReady."""
    return Releases(services().db, prepare=publisher().prepare, zone=services().settings.zone)
