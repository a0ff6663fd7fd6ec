"""Knowledge in files: import of Markdown files and zips, pictures and attachments."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from knowledge.media import MAX_MEDIA_BYTES, SUFFIXES, BadMedia
from knowledge.sources import ARTICLES
from webapp.api.checks import is_free_to_publish
from webapp.api.fields import Why
from webapp.api.ready import publisher
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.errors import InvalidInput, NothingHere
from webapp.exporting import Exporter
from webapp.file_store import FileStore, link_to, safe_name
from webapp.import_jobs import ImportJobs, report_of
from webapp.importing import Importer
from webapp.operations import Answered, Operations, Query
from webapp.records import ArticleFile, ImportJob, ImportState
from webapp.shapes.article_files import (
    ArticleFileOut,
    ArticleFilesOut,
    ImportJobOut,
    ImportOut,
)

bp = Blueprint("api_article_files", __name__)
route = Operations(bp)

IMPORT_BYTES = 20 * 1024 * 1024
_TOGETHER = ARTICLES | frozenset(SUFFIXES)


class ImportQuery(Query):
    """`override` says why what tests of knowledge speak against is taken all the same."""

    override: Why | None = None


@route(
    "POST",
    "/api/v1/articles/import",
    query=ImportQuery,
    upload="file",
    answers={200: ImportOut},
    max_bytes=IMPORT_BYTES,
)
def import_articles(query: ImportQuery) -> Answered:
    """Import Markdown files or a zip: the good ones are published, or wait for a review"""
    uploads = _uploads()
    with tempfile.TemporaryDirectory(prefix="jiedai-import-") as name:
        source = _save(uploads, Path(name))
        imported = _importer().import_path(
            source,
            by=required_staff().name,
            review=not is_free_to_publish(),
            override=_reason(query),
            now=now(),
        )
    return ImportOut.model_validate(report_of(imported))


@route(
    "POST",
    "/api/v1/articles/imports",
    query=ImportQuery,
    upload="file",
    answers={202: ImportJobOut},
    max_bytes=IMPORT_BYTES,
)
def start_import(query: ImportQuery) -> Answered:
    """Begin a long import, and ask `GET /api/v1/articles/imports/{id}` how far it is"""
    uploads = _uploads()
    jobs = _jobs()
    folder = jobs.new_folder()
    try:
        source = _save(uploads, folder)
    except InvalidInput:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    job = jobs.start(
        folder,
        source,
        by=required_staff().name,
        review=not is_free_to_publish(),
        override=_reason(query),
    )
    return _job_out(job)


@route("GET", "/api/v1/articles/imports/<job_id>", answers={200: ImportJobOut})
def show_import(job_id: str) -> Answered:
    """How far an import is, and in the end its report"""
    job = _jobs().find(job_id)
    if job is None:
        raise NothingHere(job_id)
    return _job_out(job)


@route("GET", "/api/v1/articles/export", answers={200: None}, media_type="application/zip")
def export_articles() -> Answered:
    """Every published article as Markdown with its pictures, in a zip that can be imported"""
    file = tempfile.TemporaryFile(prefix="jiedai-export-")  # noqa: SIM115 (the response closes it)
    Exporter(services().db, _store()).to_zip(file)
    size = file.tell()
    file.seek(0)
    response = Response(_chunks(file), mimetype="application/zip")
    response.content_length = size
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"knowledge-{now():%Y%m%d}.zip"
    )
    response.call_on_close(file.close)
    return response


@route(
    "POST",
    "/api/v1/articles/<article_id>/files",
    upload="file",
    answers={201: ArticleFileOut},
    max_bytes=MAX_MEDIA_BYTES + 64 * 1024,
)
def add_file(article_id: str) -> Answered:
    """Keep one picture or attachment; the answer has the Markdown to insert"""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput("file: send one picture or document as multipart field `file`.")
    with services().db.read() as work:
        work.articles.get(article_id)
    try:
        file = _store().put(upload.filename, upload.stream.read(MAX_MEDIA_BYTES + 1))
    except BadMedia as error:
        raise InvalidInput(f"{upload.filename}: {error}") from error
    with services().db.write() as work:
        work.article_files.put(file, by=required_staff().name, now=now())
    return _file_out(file, [])


@route("GET", "/api/v1/articles/files", answers={200: ArticleFilesOut})
def list_files() -> Answered:
    """Pictures and attachments by name, each with the articles that use it"""
    with services().db.read() as work:
        files, users = work.article_files.all(), work.article_files.users()
    return ArticleFilesOut(items=[_file_out(file, users.get(file.sha256, [])) for file in files])


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(64 * 1024):
            yield chunk


def _uploads() -> list[FileStorage]:
    uploads = [upload for upload in request.files.getlist("file") if upload.filename]
    if not uploads:
        raise InvalidInput("file: send one or more .md files or a .zip as multipart field `file`.")
    return uploads


def _save(uploads: list[FileStorage], folder: Path) -> Path:
    """The uploads under their own last names, which messages and ids are made from.

    One file, or the folder with several. Raises InvalidInput about what a folder's import would
    pass over in silence.
    """
    paths = [folder / safe_name(upload.filename or "") for upload in uploads]
    if len(set(paths)) < len(paths):
        raise InvalidInput("file: two of the files have the same name; rename one, or send a zip.")
    if len(paths) > 1 and any(path.suffix.lower() not in _TOGETHER for path in paths):
        raise InvalidInput("file: send .md files with their pictures, or one .zip alone.")
    for upload, path in zip(uploads, paths, strict=True):
        upload.save(path)
    return paths[0] if len(paths) == 1 else folder


def _job_out(job: ImportJob) -> ImportJobOut:
    running = job.state is ImportState.RUNNING
    return ImportJobOut(
        id=job.id,
        state=job.state,
        started_by=job.started_by,
        started_at=job.started_at,
        done=job.done,
        total=job.total,
        report=None if running else ImportOut.model_validate(job.report),
    )


def _file_out(file: ArticleFile, used_by: list[str]) -> ArticleFileOut:
    url = link_to(file)
    stem = file.name.rpartition(".")[0] or file.name
    shown = file.media_type.startswith("image/")
    return ArticleFileOut(
        sha256=file.sha256,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        url=url,
        markdown=f"![{stem}]({url})" if shown else f"[{file.name}]({url})",
        used_by=used_by,
    )


def _reason(query: ImportQuery) -> str | None:
    return (query.override or "").strip() or None


def _store() -> FileStore:
    return FileStore(services().settings.files_folder)


def _importer() -> Importer:
    found = services().tests  # a long import has no request to ask
    tests = None if found is None else lambda: found
    zone = services().settings.zone
    return Importer(services().db, publisher(), _store(), tests, zone=zone)


def _jobs() -> ImportJobs:
    parts = services()
    return ImportJobs(parts.db, _importer(), parts.settings.imports_folder, parts.clock)
