"""Which files may stand beside an article, known by their content and not by their name."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

MAX_MEDIA_BYTES: Final = 20 * 1024 * 1024
"""The largest picture or attachment."""

SUFFIXES: Final = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".svg": "image/svg+xml", ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword", ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}  # fmt: skip
"""The endings that are taken, each with the media type that its content must have."""

_OOXML: Final = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SVG: Final = re.compile(
    rb"\A(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*"
    rb"(<!DOCTYPE svg[^>\[]*>\s*)?<svg[\s>]",
    re.DOTALL,
)
_TAKEN = "png, jpg, gif, webp, svg, pdf, docx, xlsx, pptx, doc, xls, ppt"


class BadMedia(Exception):
    """A file that may not stand beside an article; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Media:
    """What a file is: its media type, and whether browsers may show it on a page."""

    media_type: str
    is_picture: bool


def sniff(data: bytes, name: str) -> Media:
    """What a picture or attachment is. The content decides; a name that says another thing is
    refused, so that nobody takes a program for a picture.

    Raises BadMedia.
    """
    if len(data) > MAX_MEDIA_BYTES:
        limit = MAX_MEDIA_BYTES // 1024 // 1024
        raise BadMedia(f"it has {len(data) / 1e6:.1f} MB, more than {limit} MB; make it smaller.")
    wanted = SUFFIXES.get(PurePosixPath(name).suffix.lower())
    if wanted is None:
        raise BadMedia(f"files of this kind are not taken; take one of {_TAKEN}.")
    if not data:
        raise BadMedia("it is empty; save it again.")
    found = _by_content(data, wanted)
    if found != wanted:
        what = found or "something else"
        raise BadMedia(f"its name says {wanted}, its content is {what}; save it anew as one kind.")
    return Media(wanted, wanted.startswith("image/"))


def _by_content(data: bytes, wanted: str) -> str | None:
    if data.startswith(_OLE):  # old Office files all begin alike
        return wanted if wanted in {SUFFIXES[".doc"], SUFFIXES[".xls"], SUFFIXES[".ppt"]} else None
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if _SVG.match(data[:4096]):
        return "image/svg+xml"
    return _by_signature(data[:1024])


def _by_signature(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if b"%PDF-" in head else None


def _office(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    for folder, suffix in _OOXML.items():
        if any(name.startswith(folder) for name in names):
            return SUFFIXES[suffix]
    return None
