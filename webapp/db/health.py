"""Health: the last examination of the knowledge base, and what was put aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.db import tables
from webapp.db.upsert import upsert
from webapp.records import JsonObject

_r = tables.health_reports.c
_d = tables.health_dismissals.c


class Health:
    """Keeps one report for each brand, and findings that nobody wants to see again."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(
        self,
        findings: list[JsonObject],
        *,
        generation: int,
        articles: int,
        now: datetime,
        brand_id: str = "default",
    ) -> None:
        """Keep a report in the place of the last one."""
        values = {
            "brand_id": brand_id,
            "generation": generation,
            "made_at": now,
            "articles": articles,
            "findings": findings,
        }
        upsert(self._session, tables.health_reports, values)

    def report(self, brand_id: str = "default") -> Any | None:
        """The last report (generation, made_at, articles, findings), or None."""
        query = select(tables.health_reports).where(_r.brand_id == brand_id)
        return self._session.execute(query).one_or_none()

    def dismissed(self) -> dict[str, str]:
        """Why findings were put aside, by their key."""
        return {
            row.key: row.reason for row in self._session.execute(select(tables.health_dismissals))
        }

    def dismiss(self, key: str, reason: str, *, by: str, now: datetime) -> None:
        """Put a finding aside until its words change; again changes the reason."""
        values = {"key": key, "reason": reason, "by": by[:100], "at": now}
        upsert(self._session, tables.health_dismissals, values)

    def restore(self, key: str) -> None:
        """Show a finding again."""
        self._session.execute(delete(tables.health_dismissals).where(_d.key == key))
