"""Upkeep of vectors: what no article and no draft needs any more is removed in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from knowledge.article import Article
from knowledge.background import background_sentences
from knowledge.draft import Draft
from knowledge.errors import BadArticle
from knowledge.passages import split_article, split_question
from knowledge.segment import key_texts, vector_space
from knowledge.vectors import text_hash
from nlu.encoder import load_encoder
from nlu.errors import NluError
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.near_vectors import NearVectors
from webapp.editing import readable
from webapp.logs import get_logger
from webapp.processes.chores import Chore
from webapp.settings import Settings

_log = get_logger(__name__)

UNUSED_KEPT = timedelta(days=7)
"""How long vectors stay that nothing needs: longer than any process falls behind."""

MOST_REMOVED = 20_000
"""Of how many texts vectors are removed in one look; the rest goes with the next."""

_NOTED_AT_ONCE = 1000
_REMOVED_AT_ONCE = 200  # some 40 kB each: a transaction must not keep a customer waiting


def vectors_chore(db: Database, settings: Settings) -> Chore:
    """The worker's daily look; with another setting than pgvector its tables go within a week."""

    def run(now: datetime) -> int:
        return forget_unused(db, now=now) + near(now)

    def near(now: datetime) -> int:
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


def forget_unused(db: Database, *, now: datetime, most: int = MOST_REMOVED) -> int:
    """Remove the kept vectors of texts that no published article and no draft has needed for a
    week, of `most` texts at a time; returns of how many texts.

    试问 of a draft and texts from before leave such. Vectors that are needed all the same are made
    again where they are missing. Raises StoreUnavailable.
    """
    with db.read() as work:
        generation = work.articles.generation()
        articles = [*work.articles.published(), *_written(work.drafts.list())]
        unneeded = work.vectors.hashes() - {text_hash(text) for text in _texts(articles)}
        noted = work.vectors.unused()
    fresh, back = sorted(unneeded - noted), sorted(noted - unneeded)
    for start in range(0, len(fresh), _NOTED_AT_ONCE):
        with db.write() as work:
            work.vectors.note_unused(fresh[start : start + _NOTED_AT_ONCE], now=now)
    with db.write() as work:
        work.vectors.note_used(back)
    removed = 0
    while removed < most:
        limit = min(_REMOVED_AT_ONCE, most - removed)
        with db.write() as work:
            if work.articles.generation() != generation:  # what went live may need them again
                break
            gone = work.vectors.remove_unused(before=now - UNUSED_KEPT, limit=limit)
        removed += gone
        if gone < limit:
            break
    return removed


def _written(drafts: Iterable[Draft]) -> Iterator[Article]:
    for draft in drafts:
        with suppress(BadArticle):  # what cannot be read has no passages
            yield readable(draft)


def _texts(articles: Iterable[Article]) -> Iterator[str]:
    """What is encoded of articles: by search, by the tests of knowledge and by 体检."""
    yield from background_sentences()
    for article in articles:
        yield from key_texts(article, split_article(article))
        yield from (split_question(question)[0] for question in article.questions)
        yield from (test.question for test in article.tests)


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
