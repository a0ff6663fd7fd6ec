"""Pictures and attachments of articles, for whoever was given the link to one."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from webapp.current import services
from webapp.errors import NothingHere
from webapp.file_store import FileStore

bp = Blueprint("pages_files", __name__)

# Whatever is in the file, nothing in it runs, and it may do nothing with this site.
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_FOR_EVER = "public, max-age=31536000, immutable"
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@bp.get("/files/<sha256>/<name>")
def file(sha256: str, name: str) -> Response:
    """One file by its content; the name is only for people.

    A customer's browser asks without a token, also from the shop's own site: who knows the
    SHA-256 has seen the article. Pictures may be shown; everything else, SVG as well, is saved.
    """
    with services().db.read() as work:
        found = work.article_files.find(sha256)
    if found is None:
        raise NothingHere(sha256)
    path = FileStore(services().settings.files_folder).path(found.sha256)
    if not path.is_file():
        raise NothingHere(sha256)
    response = send_file(
        path,
        mimetype=found.media_type,
        as_attachment=found.media_type not in _SHOWN,
        download_name=found.name,
        conditional=True,
        etag=found.sha256,
    )
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
