"""The pictures that a conversion finds, as numbered files."""

from __future__ import annotations

from pathlib import Path

from webapp.conversion.document import MAX_PICTURES, PICTURES

_SUFFIXES = {"png": "png", "jpeg": "jpg", "jpg": "jpg", "gif": "gif", "webp": "webp"}


class PictureFolder:
    """Writes pictures into the folder PICTURES of a conversion."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / PICTURES
        self.names: list[str] = []
        self.remarks: list[str] = []

    def add(self, data: bytes, kind: str) -> str | None:
        """The link to a picture of `kind` (`png`, `jpeg` …); None when it is not kept."""
        suffix = _SUFFIXES.get(kind.lower().removeprefix("image/"))
        if suffix is None:
            self._remark(f"a picture of the kind {kind[:40]!r} is left out; save it as PNG.")
            return None
        if len(self.names) >= MAX_PICTURES:
            self._remark(f"only the first {MAX_PICTURES} pictures were taken; split the document.")
            return None
        self._folder.mkdir(exist_ok=True)
        name = f"{len(self.names) + 1:03}.{suffix}"
        (self._folder / name).write_bytes(data)
        self.names.append(name)
        return f"{PICTURES}/{name}"

    def _remark(self, words: str) -> None:
        if words not in self.remarks:
            self.remarks.append(words)
