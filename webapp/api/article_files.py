"""Knowledge in files: import of Markdown files and zips."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path, PurePosixPath

from flask import Blueprint, request
from werkzeug.datastructures import FileStorage

from webapp.api.checks import must_be_free_to_publish
from webapp.api.ready import publisher
from webapp.auth.session import required_staff
from webapp.current import now
from webapp.errors import InvalidInput
from webapp.operations import Answered, Operations
from webapp.publish import Imported
from webapp.shapes.articles import ImportOut

bp = Blueprint("api_article_files", __name__)
route = Operations(bp)

IMPORT_BYTES = 20 * 1024 * 1024
_UNSAFE = re.compile(r"[^\w.\-]+")
_MARKDOWN = frozenset({".md", ".markdown"})


@route(
    "POST",
    "/api/v1/articles/import",
    upload="file",
    answers={200: ImportOut},
    max_bytes=IMPORT_BYTES,
)
def import_articles() -> Answered:
    """Import Markdown files or a zip: all of it, or nothing and the list of what is wrong"""
    must_be_free_to_publish()
    uploads = [upload for upload in request.files.getlist("file") if upload.filename]
    if not uploads:
        raise InvalidInput("file: send one or more .md files or a .zip as multipart field `file`.")
    with tempfile.TemporaryDirectory(prefix="jiedai-import-") as name:
        folder = Path(name)
        paths = [_keep(upload, folder) for upload in uploads]
        _must_all_be_read(paths)
        source = paths[0] if len(paths) == 1 else folder
        imported = publisher().import_path(source, by=required_staff().name, now=now())
    return _import_out(imported)


def _import_out(imported: Imported) -> ImportOut:
    return ImportOut(
        added=list(imported.added),
        changed=list(imported.changed),
        unchanged=list(imported.unchanged),
    )


def _must_all_be_read(paths: list[Path]) -> None:
    """Refuse what a folder's import would pass over in silence; raises InvalidInput."""
    if len(set(paths)) < len(paths):
        raise InvalidInput("file: two of the files have the same name; rename one, or send a zip.")
    if len(paths) > 1 and any(path.suffix.lower() not in _MARKDOWN for path in paths):
        raise InvalidInput("file: send several .md files, or one .zip alone.")


def _keep(upload: FileStorage, folder: Path) -> Path:
    """The upload under its own last name, which error messages and ids are made from."""
    last = PurePosixPath((upload.filename or "").replace("\\", "/")).name
    path = folder / (_UNSAFE.sub("-", last).lstrip(".-")[-100:] or "article.md")
    upload.save(path)
    return path
