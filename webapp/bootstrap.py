"""The composition root: settings become services; a part that is missing is named, with remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

from dialogue.bot import Bot, Understands
from dialogue.business import OrderSystem
from dialogue.errors import DialogueError
from dialogue.pack import load_pack
from knowledge.errors import KnowledgeError
from knowledge.meaning import Meaning
from knowledge.search import KnowledgeBase
from knowledge.vector_index import IndexesInMemory, VectorIndexes, VectorIndexKind
from nlu.encoder import Encoder, load_encoder
from nlu.errors import NluError
from webapp.connectors.absent import AbsentShop
from webapp.connectors.shop import ShopConnector
from webapp.db import schema
from webapp.db.database import Database
from webapp.knowledge_tests import KnowledgeTests
from webapp.live_knowledge import LiveKnowledge
from webapp.logs import get_logger
from webapp.pgvector import PgvectorIndexes
from webapp.publish import Publisher, StoredVectors
from webapp.secrets import Secrets, read_or_create
from webapp.services import Services
from webapp.settings import VECTOR_INDEXES, Settings
from webapp.understanding import DEFAULT_TIMEZONE, load_understanding

_log = get_logger(__name__)
T = TypeVar("T")

SHOP_KEY = "shop.key"
"""The file in the secrets folder with the key that the shop's system and the bot share."""


@dataclass(slots=True)
class _Faults:
    """Loads parts and remembers why one could not be loaded."""

    found: dict[str, str] = field(default_factory=dict)

    def load(self, name: str, make: Callable[[], T]) -> T | None:
        """The part, or None and a fault under its name."""
        try:
            return make()
        except (NluError, KnowledgeError, DialogueError) as error:
            self.found[name] = str(error)
            _log.error("part.missing", part=name, reason=type(error).__name__, fault=str(error))
            return None


def build_services(settings: Settings) -> Services:
    """Everything a process needs that answers customers.

    The database must be there and up to date (StoreUnavailable, StoreOutdated), and the secrets
    (SecretsMissing). Any other part may be missing: the program runs without it and says so.
    """
    secrets = Secrets.load(settings.secrets_folder)
    schema.check_current(settings.database_url)
    db = Database(settings.database_url)
    faults = _Faults()
    encoder = faults.load("encoder", lambda: load_encoder(settings.encoder_source))
    understands: Understands | None = None
    knowledge: LiveKnowledge | None = None
    publisher: Publisher | None = None
    if encoder is not None:
        understands = faults.load("model", lambda: _model(settings, encoder))
        knowledge = faults.load(
            "index",
            lambda: load_knowledge(
                db, encoder, timezone=settings.timezone, vector_index=settings.vector_index
            ),
        )
        publisher = make_publisher(db, encoder)
    bot = None
    if understands is not None and knowledge is not None:
        bot = faults.load("bot", lambda: _bot(settings, understands, knowledge))
    return Services(
        settings=settings,
        db=db,
        secrets=secrets,
        bot=bot,
        understands=understands,
        knowledge=knowledge,
        publisher=publisher,
        meaning=make_meaning(db, encoder) if encoder is not None else None,
        tests=make_tests(db, encoder, knowledge) if encoder and knowledge else None,
        faults=faults.found,
    )


def load_knowledge(
    db: Database,
    encoder: Encoder,
    *,
    timezone: str = DEFAULT_TIMEZONE,
    vector_index: str = VECTOR_INDEXES[0],
) -> LiveKnowledge:
    """The searched articles of a database, following its changes; they expire on the calendar of
    `timezone`. `vector_index` is the setting; raises NoPgvector where it cannot be kept."""
    base = KnowledgeBase(
        encoder.encode_with_tokens,
        encoder=encoder.search_fingerprint,
        kept=StoredVectors(db),
        articles=(),
        indexes=make_indexes(db, vector_index),
    )
    return LiveKnowledge(db, base, timezone=ZoneInfo(timezone))


def make_indexes(db: Database, vector_index: str) -> VectorIndexes:
    """What finds the nearest vectors by this setting; raises NoPgvector."""
    if vector_index == "pgvector":
        return PgvectorIndexes(db)
    return IndexesInMemory(VectorIndexKind(vector_index))


def make_publisher(db: Database, encoder: Encoder) -> Publisher:
    """What makes articles live in a database."""
    return Publisher(db, encode=encoder.encode_with_tokens, encoder=encoder.search_fingerprint)


def make_meaning(db: Database, encoder: Encoder) -> Meaning:
    """What compares texts, with the vectors that the search keeps."""
    kept = StoredVectors(db)
    return Meaning(encoder.encode_with_tokens, kept=kept, encoder=encoder.search_fingerprint)


def make_tests(db: Database, encoder: Encoder, live: LiveKnowledge) -> KnowledgeTests:
    """What asks the articles' tests, of what is live and of what is about to be."""
    return KnowledgeTests(
        db,
        live=live,
        meaning=make_meaning(db, encoder),
        encode=encoder.encode_with_tokens,
        rehearse=live.with_changes,
    )


def order_system(settings: Settings) -> OrderSystem:
    """The shop's business system, or one that says that there is none."""
    if settings.shop_url is None:
        return AbsentShop()
    key = read_or_create(settings.secrets_folder / SHOP_KEY)
    return ShopConnector(settings.shop_url, service_key=key)


def _model(settings: Settings, encoder: Encoder) -> Understands:
    return load_understanding(
        settings.nlu_model, encoder=encoder, pack=settings.pack_folder, timezone=settings.timezone
    )


def _bot(settings: Settings, understands: Understands, knowledge: LiveKnowledge) -> Bot:
    return Bot(
        understands=understands,
        knowledge=knowledge,
        orders=order_system(settings),
        pack=load_pack(settings.pack_folder),
    )
