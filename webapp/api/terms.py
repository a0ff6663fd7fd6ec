"""Terms that editors maintain: what customers call what the articles name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from flask import Blueprint, Response, request
from pydantic import Field

from knowledge.term_files import write_csv, write_yaml
from knowledge.terms import MAX_BRAND, MAX_MEANING, MAX_SYNONYMS, Term, form_of
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.db.types import BIGGEST_ID
from webapp.errors import InvalidInput
from webapp.operations import Answered, Body, Operations, Query
from webapp.problem_words import in_chinese
from webapp.shapes.article_files import FileProblemOut
from webapp.shapes.terms import TermOut, TermsImportedOut, TermsOut
from webapp.terms import forget_term, import_terms, keep_term

bp = Blueprint("api_terms", __name__)
route = Operations(bp)

_PATH = "/api/v1/knowledge/terms"
_FILE_BYTES = 2 * 1024 * 1024
_DOWNLOAD = "application/octet-stream"
# More than is taken, so that it is the rules of terms that say what is too long.
_LONG = 1000


class TermsQuery(Query):
    """What is in the term, its synonyms or its meaning; 50 a page."""

    q: str = Field(default="", max_length=200)
    page: int = Field(default=1, ge=1, le=1000)
    size: int = Field(default=50, ge=1, le=200)


class TermIn(Body):
    """A term as the articles have it and other ways to say it, for one brand or for all."""

    term: str = Field(max_length=_LONG)
    synonyms: list[str] = Field(default_factory=list, max_length=10 * MAX_SYNONYMS)
    meaning: str = Field(default="", max_length=10 * MAX_MEANING)
    brand: str | None = Field(default=None, max_length=2 * MAX_BRAND)


class TermChange(TermIn):
    """A new text of a term; `revision` is the one that the editor started from."""

    revision: int = Field(ge=1, le=BIGGEST_ID)


class ExportQuery(Query):
    """As which kind of file."""

    format: Literal["csv", "yaml"] = "csv"


@route("GET", _PATH, query=TermsQuery, answers={200: TermsOut})
def list_terms(query: TermsQuery) -> Answered:
    """Terms by name, each with whether the articles use it"""
    with services().db.read() as work:
        everything = work.terms.list()
    wanted = form_of(query.q)
    found = [term for term in everything if wanted in _said_of(term)] if wanted else everything
    start = (query.page - 1) * query.size
    return TermsOut(
        items=_outs(found[start : start + query.size]),
        total=len(found),
        everything=len(everything),
    )


@route("POST", _PATH, body=TermIn, answers={201: TermOut}, problems=(409,))
def add_term(body: TermIn) -> Answered:
    """Add a term; questions are read with it at once"""
    return _out(keep_term(services().db, _term(body), by=required_staff().name, now=now()))


@route(
    "PUT",
    f"{_PATH}/<int:term_id>",
    body=TermChange,
    answers={200: TermOut},
    problems=(409,),
)
def change_term(term_id: int, body: TermChange) -> Answered:
    """Change a term; 409 EditConflict when somebody else was faster"""
    term = _term(body, term_id=term_id, revision=body.revision)
    return _out(keep_term(services().db, term, by=required_staff().name, now=now()))


@route("DELETE", f"{_PATH}/<int:term_id>", answers={200: TermOut})
def remove_term(term_id: int) -> Answered:
    """Remove a term"""
    return _out(forget_term(services().db, term_id, by=required_staff().name, now=now()))


@route(
    "POST",
    f"{_PATH}/import",
    upload="file",
    answers={200: TermsImportedOut},
    max_bytes=_FILE_BYTES,
)
def import_file() -> Answered:
    """Take in a CSV or YAML file of terms; what cannot be taken is in `failed`"""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput("file: send one .csv or .yml file as multipart field `file`.")
    imported = import_terms(
        services().db,
        upload.stream.read(),
        upload.filename,
        by=required_staff().name,
        now=now(),
    )
    return TermsImportedOut(
        added=imported.added,
        changed=imported.changed,
        unchanged=imported.unchanged,
        failed=[
            FileProblemOut(
                file=p.file, line=p.line, message=p.message, message_zh=in_chinese(p.message)
            )
            for p in imported.failed
        ],
    )


@route("GET", f"{_PATH}/export", query=ExportQuery, answers={200: None}, media_type=_DOWNLOAD)
def export_file(query: ExportQuery) -> Answered:
    """Every term as a file that can be imported"""
    with services().db.read() as work:
        kept = work.terms.list()
    is_yaml = query.format == "yaml"
    response = Response(write_yaml(kept) if is_yaml else write_csv(kept), mimetype=_DOWNLOAD)
    name = f"terms-{now():%Y%m%d}.{'yml' if is_yaml else 'csv'}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _term(body: TermIn, *, term_id: int | None = None, revision: int = 0) -> Term:
    return Term(
        id=term_id,
        name=body.term,
        synonyms=tuple(body.synonyms),
        meaning=body.meaning,
        brand_id=body.brand,
        revision=revision,
    )


def _said_of(term: Term) -> str:
    return "\n".join(form_of(word) for word in (*term.words, term.meaning))


def _out(term: Term) -> TermOut:
    (shown,) = _outs([term])
    return shown


def _outs(kept: Sequence[Term]) -> list[TermOut]:
    search = services().knowledge
    used = None if search is None else search.used_among(term.name for term in kept)
    return [_shown(term, None if used is None else term.name not in used) for term in kept]


def _shown(term: Term, unused: bool | None) -> TermOut:
    if term.id is None or term.updated_at is None:
        raise ValueError("A term is shown only after it was stored.")
    return TermOut(
        id=term.id,
        term=term.name,
        synonyms=list(term.synonyms),
        meaning=term.meaning,
        brand=term.brand_id,
        revision=term.revision,
        updated_at=term.updated_at,
        updated_by=term.updated_by or "",
        unused=unused,
    )
