"""Article files: which pictures and attachments are kept, and which articles show them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from knowledge.loader import KEPT
from webapp.db import tables
from webapp.db.upsert import upsert
from webapp.records import ArticleFile

_f = tables.article_files.c
_TEXTS = (
    (tables.articles.c.id, tables.articles.c.body),
    (tables.article_drafts.c.article_id, tables.article_drafts.c.markdown),
    (tables.article_revisions.c.article_id, tables.article_revisions.c.markdown),
)
_LINK = re.compile(re.escape(KEPT) + r"([0-9a-f]{64})/")


class ArticleFiles:
    """Keeps what is known of files; their bytes are in `webapp.file_store`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, file: ArticleFile, *, by: str, now: datetime) -> None:
        """Keep a file; the same content again changes nothing."""
        values = {**asdict(file), "added_by": by, "added_at": now}
        upsert(
            self._session,
            tables.article_files,
            values,
            # Only so that there is a statement: the row that is there stays as it is.
            changes={"sha256": _f.sha256},
        )

    def find(self, sha256: str) -> ArticleFile | None:
        """One file, or None."""
        query = select(tables.article_files).where(_f.sha256 == sha256)
        row = self._session.execute(query).one_or_none()
        return None if row is None else _file(row)

    def all(self, *, brand_id: str = "default") -> list[ArticleFile]:
        """Every file of a brand, by name."""
        query = (
            select(tables.article_files).where(_f.brand_id == brand_id).order_by(_f.name, _f.sha256)
        )
        return [_file(row) for row in self._session.execute(query)]

    def users(self) -> dict[str, list[str]]:
        """By SHA-256, the ids of the articles that refer to a file, in their live text, in a draft
        or in an earlier text that they can go back to."""
        found: dict[str, set[str]] = defaultdict(set)
        for id_column, text in _TEXTS:
            query = select(id_column, text).where(text.contains(KEPT, autoescape=True))
            for article_id, markdown in self._session.execute(query):
                for sha256 in files_in(markdown):
                    found[sha256].add(article_id)
        return {sha256: sorted(articles) for sha256, articles in found.items()}

    def orphans(self, *, brand_id: str = "default") -> list[ArticleFile]:
        """Files that no article refers to."""
        used = self.users()
        return [file for file in self.all(brand_id=brand_id) if file.sha256 not in used]


def files_in(markdown: str) -> Sequence[str]:
    """The SHA-256 of every kept file that a text refers to, once each."""
    return tuple(dict.fromkeys(_LINK.findall(markdown)))


def _file(row: Row[tuple[object, ...]]) -> ArticleFile:
    return ArticleFile(**row._asdict())
