"""Upkeep of pgvector's tables: what no published article needs any more is removed in the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from knowledge.passages import split_article
from knowledge.segment import key_texts, vector_space
from knowledge.vectors import text_hash
from nlu.encoder import load_encoder
from nlu.errors import NluError
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.near_vectors import NearVectors
from webapp.logs import get_logger
from webapp.processes.chores import Chore
from webapp.settings import Settings

_log = get_logger(__name__)

UNUSED_KEPT = timedelta(days=7)
"""How long vectors stay that nothing needs: longer than any process falls behind."""


def vectors_chore(db: Database, settings: Settings) -> Chore:
    """The worker's daily look; with another setting than pgvector its tables go within a week."""

    def run(now: datetime) -> int:
        if db.engine.dialect.name != "postgresql":
            return 0
        spaces: Sequence[str] = ()
        if settings.vector_index == "pgvector":
            try:
                encoder = load_encoder(settings.encoder_source).fingerprint
            except NluError as error:
                _log.warning("vectors.no_encoder", reason=str(error))
                return 0
            spaces = [vector_space(encoder, centred=centred) for centred in (False, True)]
        return tend_vectors(db, spaces=spaces, now=now)

    return Chore("vectors", timedelta(days=1), run)


def tend_vectors(db: Database, *, spaces: Sequence[str], now: datetime) -> int:
    """Remove vectors that no published article has needed for a week; returns how many.

    None of another space than these is needed: they are of an encoder from before. Raises
    StoreUnavailable.
    """
    with db.read() as work:
        tables = near_vectors.tables(work.session)
        ours = {table for table in tables if near_vectors.is_of(work.session, table, spaces)}
        articles = work.articles.published() if ours else []
    hashes = {
        text_hash(key) for article in articles for key in key_texts(article, split_article(article))
    }
    wanted = near_vectors.ids_of(sorted(hashes))
    removed = 0
    for table in tables:
        with db.write() as work:
            stored = NearVectors(work.session, table)
            stored.note_unused(wanted if table in ours else wanted[:0], now=now)
            removed += stored.remove_unused(before=now - UNUSED_KEPT)
            if table not in ours and not stored.count():
                stored.drop()
    return removed
