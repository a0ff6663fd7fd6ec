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
        """By SHA-256, the ids of the articles that refer to a file."""
        columns = tables.articles.c
        query = (
            select(columns.id, columns.body)
            .where(columns.body.contains(KEPT, autoescape=True))
            .order_by(columns.id)
        )
        found: dict[str, list[str]] = defaultdict(list)
        for article_id, body in self._session.execute(query):
            for sha256 in files_in(body):
                found[sha256].append(article_id)
        return dict(found)

    def orphans(self, *, brand_id: str = "default") -> list[ArticleFile]:
        """Files that no article refers to."""
        used = self.users()
        return [file for file in self.all(brand_id=brand_id) if file.sha256 not in used]


def files_in(markdown: str) -> Sequence[str]:
    """The SHA-256 of every kept file that a text refers to, once each."""
    return tuple(dict.fromkeys(_LINK.findall(markdown)))


def _file(row: Row[tuple[object, ...]]) -> ArticleFile:
    return ArticleFile(**row._asdict())
