"""Terms: what customers call what the articles name."""

from __future__ import annotations

from datetime import datetime

from webapp.shapes.article_files import FileProblemOut
from webapp.shapes.wire import Wire


class TermOut(Wire):
    """A term with the other ways to say it.

    `brand` None: it holds for every brand. `unused`: no article has the term's words, so that
    reading anything as it finds nothing; None when there is no index to ask.
    """

    id: int
    term: str
    synonyms: list[str]
    meaning: str
    brand: str | None
    revision: int
    updated_at: datetime
    updated_by: str
    unused: bool | None = None


class TermsOut(Wire):
    """Terms by name; `total` counts all that were asked for, `everything` every term there is."""

    items: list[TermOut]
    total: int
    everything: int


class TermsImportedOut(Wire):
    """What became of a file; what is in `failed` was left out, the rest is in force."""

    added: int
    changed: int
    unchanged: int
    failed: list[FileProblemOut]
