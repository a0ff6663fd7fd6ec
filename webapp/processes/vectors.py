"""Upkeep of vectors: what no article and no draft needs any more is removed in the end."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import numpy as np

from knowledge.article import Article
from knowledge.background import background_sentences
from knowledge.draft import Draft
from knowledge.errors import BadArticle
from knowledge.passages import split_article, split_question
from knowledge.segment import key_texts, vector_space
from knowledge.vectors import kept_as, text_hash
from nlu.encoder import read_search_fingerprint
from nlu.errors import NluError
from webapp.db import near_vectors
from webapp.db.database import Database
from webapp.db.near_vectors import Ids, NearVectors, ids_of
from webapp.editing import readable
from webapp.logs import get_logger
from webapp.processes.chores import Chore
from webapp.settings import Settings

_log = get_logger(__name__)

UNUSED_KEPT = timedelta(days=7)
"""How long vectors stay that nothing needs: longer than any process falls behind."""

MOST_REMOVED = 20_000
"""How many vectors are removed in one look; the rest goes with the next."""

PART = 200
"""How many articles are read at once: a third of a second, in which no message is sent."""

_ROWS_AT_ONCE = 2000
_REMOVED_AT_ONCE = 200  # some 40 kB each: a transaction must not keep a customer waiting

Parts = Generator[None, None, int]
"""Work in parts: it stops after each, and returns how many vectors it removed."""


def vectors_chore(db: Database, settings: Settings) -> Chore:
    """The worker's daily look; with another setting than pgvector its tables go within a week."""

    def fingerprint() -> str | None:
        try:
            return read_search_fingerprint(settings.encoder_source)
        except NluError as error:
            _log.warning("vectors.no_encoder", reason=str(error))
            return None

    upkeep = Upkeep(db, fingerprint=fingerprint, pgvector=settings.vector_index == "pgvector")
    return Chore("vectors", timedelta(seconds=1), upkeep.run)


class Upkeep:
    """Looks once a day for vectors that nothing needs, and removes those that nothing has needed
    for a week: 试问 of a draft, texts from before and encoders from before leave such.

    A look takes minutes in a large base: `run` does a part of it, so that the worker's other chores
    go on. What is published during a look counts as used when its vectors are asked for. Without an
    encoder (`fingerprint` gives None) nobody knows what is needed, and all stays.
    """

    def __init__(
        self,
        db: Database,
        *,
        fingerprint: Callable[[], str | None],
        pgvector: bool,
        part: int = PART,
        most: int = MOST_REMOVED,
    ) -> None:
        self._db = db
        self._fingerprint = fingerprint
        self._pgvector = pgvector
        self._part = part
        self._most = most
        self._look: Parts | None = None
        self._looked_on: date | None = None

    @property
    def is_looking(self) -> bool:
        """Whether a look has begun and there is more of it to do."""
        return self._look is not None

    def run(self, now: datetime) -> int:
        """Do the next part; returns at the end of a look how many vectors it removed.

        One that fails begins anew, as after a restart. Raises StoreUnavailable.
        """
        look, self._look = self._look, None
        if look is None:
            if not self._is_due(now.date()):
                return 0
            look = self._parts(now)
        try:
            next(look)
        except StopIteration as ended:
            with self._db.write() as work:
                work.vectors.note_look(now.date())
            return int(ended.value)
        self._look = look
        return 0

    def _is_due(self, today: date) -> bool:
        if self._looked_on is None or self._looked_on < today:
            with self._db.read() as work:
                self._looked_on = work.vectors.looked_on()
        return self._looked_on is None or self._looked_on < today

    def _parts(self, now: datetime) -> Parts:
        needed = [_ids_of_texts(background_sentences())]
        for articles in self._articles():
            needed.append(_ids_of_texts(_texts(articles)))
            yield
        wanted = np.unique(np.concatenate(needed))
        encoder = self._fingerprint()
        yield
        removed = yield from self._tend_near(wanted, encoder, now)
        if encoder is None:
            return removed
        yield from self._note(wanted, kept_as(encoder), now)
        return removed + (yield from self._remove(now - UNUSED_KEPT))

    def _articles(self) -> Iterator[list[Article]]:
        """All that is published or being written, in parts."""
        last = ""
        while published := self._published_after(last):
            yield list(published)
            last = published[-1].id
        last = ""
        while drafts := self._drafts_after(last):
            yield list(_written(drafts))
            last = drafts[-1].article_id

    def _published_after(self, article_id: str) -> Sequence[Article]:
        with self._db.read() as work:
            return work.articles.published_after(article_id, limit=self._part)

    def _drafts_after(self, article_id: str) -> Sequence[Draft]:
        with self._db.read() as work:
            return work.drafts.after(article_id, limit=self._part)

    def _note(self, wanted: Ids, encoder: str, now: datetime) -> Generator[None]:
        """Note what of this encoder is not wanted and all of others; what is wanted is no more."""
        last = ("", "")
        while True:
            with self._db.read() as work:
                kept = work.vectors.kept(after=last, limit=_ROWS_AT_ONCE)
            if not kept:
                return
            ids = ids_of([row.key[0] for row in kept])
            places = np.searchsorted(wanted, ids).clip(max=len(wanted) - 1)
            rows = list(zip(kept, (wanted[places] == ids).tolist(), strict=True))
            needed = {row.key for row, is_wanted in rows if is_wanted and row.key[1] == encoder}
            fresh = [row.key for row in kept if not row.noted and row.key not in needed]
            if fresh:
                with self._db.write() as work:
                    work.vectors.note_unused(fresh, now=now)
            back = [row.key[0] for row in kept if row.noted and row.key in needed]
            if back:
                with self._db.write() as work:
                    work.vectors.note_used(back, encoder=encoder)
            last = kept[-1].key
            yield

    def _remove(self, before: datetime) -> Parts:
        removed = 0
        while removed < self._most:
            limit = min(_REMOVED_AT_ONCE, self._most - removed)
            with self._db.write() as work:
                gone = work.vectors.remove_unused(before=before, limit=limit)
            removed += gone
            if gone < limit:
                break
            yield
        return removed

    def _tend_near(self, wanted: Ids, encoder: str | None, now: datetime) -> Parts:
        """The same for pgvector's tables, of which those of other spaces go altogether."""
        if self._db.engine.dialect.name != "postgresql" or (self._pgvector and encoder is None):
            return 0
        spaces: Sequence[str] = ()
        if self._pgvector and encoder is not None:
            spaces = [vector_space(encoder, centred=centred) for centred in (False, True)]
        with self._db.read() as work:
            tables = near_vectors.tables(work.session)
            ours = {table for table in tables if near_vectors.is_of(work.session, table, spaces)}
        removed = 0
        for table in tables:
            with self._db.write() as work:
                stored = NearVectors(work.session, table)
                stored.note_unused(wanted if table in ours else wanted[:0], now=now)
                removed += stored.remove_unused(before=now - UNUSED_KEPT)
                if table not in ours and not stored.count():
                    stored.drop()
            yield
        return removed


def _written(drafts: Iterable[Draft]) -> Iterator[Article]:
    for draft in drafts:
        with suppress(BadArticle):  # what cannot be read has no passages
            yield readable(draft)


def _ids_of_texts(texts: Iterable[str]) -> Ids:
    return np.unique(ids_of([text_hash(text) for text in texts]))


def _texts(articles: Iterable[Article]) -> Iterator[str]:
    """What is encoded of articles: by search, by the tests of knowledge and by 体检."""
    for article in articles:
        yield from key_texts(article, split_article(article))
        yield from (split_question(question)[0] for question in article.questions)
        yield from (test.question for test in article.tests)
