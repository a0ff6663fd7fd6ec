"""What editors and the command line do with terms: one transaction and one audit row each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge.errors import Problem
from knowledge.term_files import parse_terms, read_terms
from knowledge.terms import Term, TermBook
from webapp.db.database import Database


@dataclass(frozen=True, slots=True)
class TermsImported:
    """How many terms a file added, changed and left as they were, and what it could not."""

    added: int
    changed: int
    unchanged: int
    failed: tuple[Problem, ...]


def keep_term(db: Database, term: Term, *, by: str, now: datetime) -> Term:
    """Add a term, or change the one with its id, of which `revision` was seen.

    Raises BadTerm, TermTaken, TermNotFound, EditConflict.
    """
    with db.write() as work:
        work.terms.begin_change()
        if term.id is not None:
            work.terms.get(term.id)
        term = TermBook(work.terms.list()).check(term)
        if term.id is None:
            action, kept = "term.added", work.terms.add(term, by=by, now=now)
        else:
            action, kept = "term.changed", work.terms.change(term, by=by, now=now)
        work.audit.add(action, f"term:{kept.id}", actor=by, detail=_told(kept), now=now)
        return kept


def forget_term(db: Database, term_id: int, *, by: str, now: datetime) -> Term:
    """Forget a term; questions are not read as it any more. Raises TermNotFound."""
    with db.write() as work:
        work.terms.begin_change()
        gone = work.terms.remove(term_id)
        work.audit.add("term.removed", f"term:{term_id}", actor=by, detail=_told(gone), now=now)
        return gone


def import_terms(db: Database, data: bytes, file: str, *, by: str, now: datetime) -> TermsImported:
    """Take in what is good in a CSV or YAML file, all at once; raises BadArticle when it is
    neither."""
    parsed = parse_terms(data, file)
    with db.write() as work:
        work.terms.begin_change()
        read = read_terms(parsed, work.terms.list())
        for term in read.added:
            work.terms.add(term, by=by, now=now)
        for term in read.changed:
            work.terms.change(term, by=by, now=now)
        figures = {"added": len(read.added), "changed": len(read.changed)}
        detail = {"file": file[:200]} | {name: str(n) for name, n in figures.items()}
        work.audit.add("terms.imported", "terms", actor=by, detail=detail, now=now)
    return TermsImported(**figures, unchanged=len(read.unchanged), failed=read.failed)


def _told(term: Term) -> dict[str, str]:
    return {"term": term.name, "synonyms": "|".join(term.synonyms)}
