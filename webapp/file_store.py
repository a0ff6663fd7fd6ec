"""Pictures and attachments on disk, by the SHA-256 of their content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path, PurePosixPath

from knowledge.links import as_destination
from knowledge.loader import KEPT
from knowledge.media import sniff
from knowledge.picture_metadata import without_metadata
from webapp.db.errors import StoreUnavailable
from webapp.records import ArticleFile

_UNSAFE = re.compile(r"[^\w.\-]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """Keeps each content once, in `folder/ab/abcd…`. A file is there whole or not at all: it is
    written beside its place, flushed to the disk, and then renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> ArticleFile:
        """Keep a picture without its metadata, or an attachment.

        Raises BadMedia for what may not be kept, StoreUnavailable when the disk refuses it.
        """
        media = sniff(data, name)
        data = without_metadata(data, media.media_type)
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.is_file():
            try:
                _write(path, data)
            except OSError as error:
                message = f"The file cannot be kept ({error.strerror}); see the disk's room."
                raise StoreUnavailable(message) from error
        return ArticleFile(
            sha256=digest, name=safe_name(name), media_type=media.media_type, size=len(data)
        )

    def path(self, sha256: str) -> Path:
        """Where a content is, or would be; `sha256` must be 64 hex digits."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256")
        return self._folder / sha256[:2] / sha256


def safe_name(name: str) -> str:
    """The last name of a path, of letters, digits, dots and dashes, 100 characters at most."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return _UNSAFE.sub("-", last).lstrip(".-")[-100:] or "file"


def link_to(file: ArticleFile) -> str:
    """The link that Markdown has to a kept file."""
    return f"{KEPT}{file.sha256}/{as_destination(file.name)}"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
