"""Services: everything a request, a job or a command works with; built by webapp.bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from webapp.db.database import Database, utc_now
from webapp.secrets import Secrets
from webapp.settings import Settings

if TYPE_CHECKING:  # streams and jobs start sooner without the bot and its libraries
    from dialogue.bot import Bot, Understands
    from knowledge.meaning import Meaning
    from webapp.knowledge_tests import KnowledgeTests
    from webapp.live_knowledge import SearchesKnowledge
    from webapp.publish import Publishes


@dataclass(frozen=True, kw_only=True)
class Services:
    """The parts of one process.

    `bot`, `understands`, `knowledge`, `publisher`, `meaning` and `tests` are None when they could
    not be loaded; then `faults` says under the part's name what is wrong and what to do (with
    folders of the server: for the log and the command line, not for callers), and customers get a
    person.
    """

    settings: Settings
    db: Database
    secrets: Secrets
    bot: Bot | None = None
    understands: Understands | None = None
    knowledge: SearchesKnowledge | None = None
    publisher: Publishes | None = None
    meaning: Meaning | None = None
    tests: KnowledgeTests | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    clock: Callable[[], datetime] = utc_now
