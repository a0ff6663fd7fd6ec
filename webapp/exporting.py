"""Exporting: every published article as a Markdown file, with its pictures beside it.

Importing an export again changes nothing, neither where it came from nor in an empty installation
besides adding what is in it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from uuid import uuid4

from knowledge.article import Article
from knowledge.links import rewrite_links
from knowledge.loader import KEPT
from knowledge.source_text import format_source
from webapp.db.database import Database
from webapp.file_store import FileStore, safe_name

_KEPT_LINK = re.compile(re.escape(KEPT) + r"([0-9a-f]{64})/([^/?#]+)$")
# What Windows, macOS or Linux do not let into a file's name.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


@dataclass(slots=True)
class Exported:
    """What an export holds; `missing` names files that are no longer on the disk, by article."""

    articles: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an export: its name, and either a text or where its bytes are."""

    name: str
    text: str | None = None
    path: Path | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes the published articles of an installation."""

    db: Database
    files: FileStore

    def to_folder(self, folder: Path) -> Exported:
        """Write a new folder, whole or not at all; raises OSError, StoreUnavailable."""
        beside = folder.with_name(f".{folder.name}-{uuid4().hex[:8]}")
        exported = Exported()
        try:
            beside.mkdir(parents=True)
            for entry in self._entries(exported):
                path = beside / entry.name
                path.parent.mkdir(parents=True, exist_ok=True)
                if entry.path is not None:
                    shutil.copyfile(entry.path, path)
                else:
                    path.write_text(entry.text or "", encoding="utf-8", newline="\n")
            if folder.is_dir():
                folder.rmdir()  # which is empty, or else this raises
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return exported

    def to_zip(self, file: IO[bytes]) -> Exported:
        """Write a zip; raises OSError, StoreUnavailable."""
        exported = Exported()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry in self._entries(exported):
                data = entry.path.read_bytes() if entry.path else (entry.text or "").encode()
                archive.writestr(_info(entry), data, zipfile.ZIP_DEFLATED)
        return exported

    def _entries(self, exported: Exported) -> Iterator[Entry]:
        with self.db.read() as work:
            articles = work.articles.published()
        names = _Names()
        for article in articles:
            folder = "/".join(_folder_name(name) for name in article.category)
            pictures: list[Entry] = []
            body = rewrite_links(
                article.body, self._beside(article, folder, names, pictures, exported)
            )
            exported.articles += 1
            exported.files += len(pictures)
            name = names.free(_joined(folder, f"{article.id}.md"), article.id)
            text = format_source(replace(article, body=body))
            yield Entry(name, text=text, changed_at=article.updated_at)
            yield from pictures

    def _beside(
        self,
        article: Article,
        folder: str,
        names: _Names,
        pictures: list[Entry],
        exported: Exported,
    ) -> Callable[[str], str | None]:
        """From a link to a kept file to the one beside the article."""

        def rewrite(destination: str) -> str | None:
            link = _KEPT_LINK.match(destination)
            if link is None:
                return None
            sha256, wanted = link[1], safe_name(unquote(link[2]))
            path = self.files.path(sha256)
            if not path.is_file():
                exported.missing.append(f"{article.id}: {destination}")
                return None
            known = names.file(folder, sha256, wanted)
            if known is None:
                known = names.add_file(folder, sha256, wanted)
                pictures.append(Entry(_joined(folder, known), path=path))
            return known

        return rewrite


class _Names:
    """Names that are used already, also where large and small letters are the same."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._files: dict[tuple[str, str, str], str] = {}

    def free(self, name: str, stem: str) -> str:
        """The name, or one with a number behind its stem."""
        number = 1
        found = name
        while found.casefold() in self._used:
            number += 1
            found = name[: -len(f"{stem}.md")] + f"{stem}~{number}.md"
        self._used.add(found.casefold())
        return found

    def file(self, folder: str, sha256: str, name: str) -> str | None:
        """Where a file lies already beside the articles of a folder."""
        return self._files.get((folder, sha256, name))

    def add_file(self, folder: str, sha256: str, name: str) -> str:
        """A place for a file: its name says nothing about an import, so that it stays as it is."""
        found = f"files/{name}"
        if _joined(folder, found).casefold() in self._used:
            found = f"files/{sha256[:12]}/{name}"
        self._used.add(_joined(folder, found).casefold())
        self._files[folder, sha256, name] = found
        return found


def _folder_name(name: str) -> str:
    """A category's name as a folder; the category itself is in the front matter as well."""
    return _NOT_IN_NAMES.sub("-", name).strip(". ") or "-"


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _info(entry: Entry) -> zipfile.ZipInfo:
    at = entry.changed_at
    moment = (1980, 1, 1, 0, 0, 0) if at is None else at.timetuple()[:6]
    return zipfile.ZipInfo(entry.name, max(moment, (1980, 1, 1, 0, 0, 0)))
