"""Files to import, wherever they lie: one file, a folder, a zip; what is unsafe is left out."""

from __future__ import annotations

import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from knowledge.encodings import Undecodable, decode_name
from knowledge.errors import BadArticle, Problem

MAX_FILES = 20_000
MAX_TOTAL_BYTES = 256 * 1024 * 1024
MAX_RATIO = 200
"""How many times larger a file of more than a megabyte may be than what the zip holds of it."""

ARTICLES = frozenset({".md", ".markdown"})
ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
DOCUMENTS = frozenset({".docx", ".pdf", ".html", ".htm", ".xlsx"})

# Whatever `zipfile` and the four ways to compress raise about bytes that are not what they say.
_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError, ValueError, OSError,
)  # fmt: skip
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_UNICODE_PATH = 0x7075


class Source(Protocol):
    """Named files. Names are relative, with `/`, and lead nowhere else."""

    problems: list[Problem]
    remarks: list[Problem]

    def names(self) -> list[str]:
        """Every file that may be read, by name."""
        ...

    def articles(self) -> list[str]:
        """The Markdown files to import, by name."""
        ...

    def category_root(self) -> str:
        """The folder from which folders are categories: empty, or one that wraps everything."""
        ...

    def read(self, name: str, *, limit: int) -> bytes:
        """A file's bytes; raises BadArticle when it has more than `limit` or cannot be read."""
        ...


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The files of a Markdown file, a folder or a zip.

    Raises BadArticle when there is none of these, or nothing of it may be read.
    """
    if path.is_dir():
        yield FolderSource(path)
    elif not path.is_file():
        raise BadArticle([Problem(str(path), "there is no such file or folder.")])
    elif path.suffix.lower() in ARTICLES:
        yield FolderSource(path.parent, only=path.name)
    elif zipfile.is_zipfile(path) and path.suffix.lower() not in DOCUMENTS:
        with _opened(path) as archive:
            yield ZipSource(path.name, archive)
    else:
        message = "this is no Markdown file (.md) and no zip; convert it to Markdown first."
        raise BadArticle([Problem(path.name, message)])


def too_large(size: int, limit: int) -> str:
    """What to say about a file of `size` bytes."""
    return (
        f"it has {size / 1e6:.1f} MB, more than {limit // 1024 // 1024} MB; split it or shrink it."
    )


@dataclass
class FolderSource:
    """A folder with its folders; `only` names the one article to import from it."""

    folder: Path
    only: str | None = None
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._root = self.folder.resolve()
        self._paths: dict[str, Path] = {}
        if self.only is None:
            self._paths = dict(self._walk())
            self._sort_out(list(self._paths))

    def names(self) -> list[str]:
        """Every file of the folder; for one article, those that are asked for."""
        return sorted(self._paths) if self.only is None else [self.only]

    def articles(self) -> list[str]:
        """The Markdown files, by name."""
        return [name for name in self.names() if _suffix(name) in ARTICLES]

    def category_root(self) -> str:
        """The folder that was named is the root."""
        return ""

    def read(self, name: str, *, limit: int) -> bytes:
        """A file's bytes; raises BadArticle."""
        path = self._paths.get(name) or self._root / name
        if self._root not in path.resolve().parents or not path.is_file():
            raise BadArticle([Problem(name, "there is no such file in the folder.")])
        try:
            size = path.stat().st_size
            if size > limit:
                raise BadArticle([Problem(name, too_large(size, limit))])
            return path.read_bytes()
        except OSError as error:
            message = f"it cannot be read ({error.strerror}); see who may read it."
            raise BadArticle([Problem(name, message)]) from error

    def _walk(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder)
            if any(part.startswith(".") for part in name.parts) or not path.is_file():
                continue
            if self._root not in path.resolve().parents:
                message = "it is a link that leads out of the folder; copy the file itself."
                self.problems.append(Problem(_readable(name), message))
                continue
            yield _readable(name), path

    def _sort_out(self, names: list[str]) -> None:
        self.problems += _archives_in(names)
        self.remarks += _documents_in(names)


class ZipSource:
    """The files of a zip; entries that lead out of it, links and zips in it are problems."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self._name = name
        self._archive = archive
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        members = [info for info in archive.infolist() if info.filename and not info.is_dir()]
        self._refuse_too_much(members)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info, entry in zip(members, _entry_names(members), strict=True):
            self._add(info, entry)
        self.problems += _archives_in(list(self._members))
        self.remarks += _documents_in(list(self._members))

    def names(self) -> list[str]:
        """Every file that may be read, by name."""
        return sorted(self._members)

    def articles(self) -> list[str]:
        """The Markdown files, by name."""
        return [name for name in self.names() if _suffix(name) in ARTICLES]

    def category_root(self) -> str:
        """A folder named as the zip, with everything in it, is how a folder is packed."""
        tops = {name.split("/")[0] for name in self._members}
        stem = PurePosixPath(self._name).stem
        return stem if tops == {stem} else ""

    def read(self, name: str, *, limit: int) -> bytes:
        """A file's bytes; raises BadArticle."""
        info = self._members.get(name)
        if info is None:
            raise BadArticle([Problem(name, "there is no such file in the zip.")])
        if info.flag_bits & _ENCRYPTED:
            message = "it is locked with a password; pack it again without one."
            raise BadArticle([Problem(name, message)])
        if info.file_size > limit:
            raise BadArticle([Problem(name, too_large(info.file_size, limit))])
        if info.file_size > max(1_000_000, MAX_RATIO * info.compress_size):
            message = "it unpacks to a multiple of its size, as a zip bomb does; pack it again."
            raise BadArticle([Problem(name, message)])
        try:
            with self._archive.open(info) as file:
                data = file.read(limit + 1)  # the size in the directory may be a lie
        except _BROKEN_ZIP as error:
            message = f"it cannot be unpacked ({error}); pack the zip again."
            raise BadArticle([Problem(name, message)]) from error
        if len(data) > limit:
            raise BadArticle([Problem(name, too_large(len(data), limit))])
        return data

    def _refuse_too_much(self, members: list[zipfile.ZipInfo]) -> None:
        total = sum(info.file_size for info in members)
        if len(members) > MAX_FILES or total > MAX_TOTAL_BYTES:
            message = (
                f"it unpacks to {len(members)} files with {total / 1e6:.0f} MB; at most {MAX_FILES}"
                f" files with {MAX_TOTAL_BYTES // 1024 // 1024} MB are taken: import it in parts."
            )
            raise BadArticle([Problem(self._name, message)])

    def _add(self, info: zipfile.ZipInfo, entry: str) -> None:
        pure = PurePosixPath(entry)
        hidden = (part.startswith(".") and part != ".." for part in pure.parts)
        if any(hidden) or "__MACOSX" in pure.parts:
            return
        leads_out = pure.is_absolute() or ".." in pure.parts or re.match(r"^[A-Za-z]:", entry)
        if leads_out or "\0" in entry or any("\ud800" <= c <= "\udfff" for c in entry):
            message = f"the entry {entry!r} leads out of the zip; pack it again without such paths."
            self.problems.append(Problem(self._name, message))
        elif stat.S_ISLNK(info.external_attr >> 16):
            message = f"the entry {entry!r} is a link; pack the file itself."
            self.problems.append(Problem(self._name, message))
        elif pure.as_posix() in self._members:
            message = f"the entry {entry!r} is in the zip twice; the first was taken."
            self.problems.append(Problem(self._name, message))
        else:
            self._members[pure.as_posix()] = info


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN_ZIP as error:
        message = f"the zip cannot be read ({error}); pack it again."
        raise BadArticle([Problem(path.name, message)]) from error
    with archive:
        yield archive


def _readable(name: Path) -> str:
    """A file's name as it was meant; disks also hold names in GBK, which Python cannot say."""
    raw = os.fsencode(name.as_posix())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return decode_name(raw)
    except Undecodable:
        return raw.decode("utf-8", "replace")


def _entry_names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Names as they were meant. Chinese Windows writes GBK and does not say so, whereupon
    `zipfile` reads code page 437; all such names together tell their encoding better than one."""
    unsaid = [info for info in members if not info.flag_bits & _UTF8_NAME]
    meant: dict[int, str] = {}
    raw = [info.orig_filename.encode("cp437", "replace") for info in unsaid]
    if any(not name.isascii() for name in raw):
        try:
            names = decode_name(b"\n".join(raw)).split("\n")
        except Undecodable:
            names = []
        if len(names) == len(unsaid):
            meant = {id(info): name for info, name in zip(unsaid, names, strict=True)}
    return [
        (_unicode_path(info) or meant.get(id(info)) or info.filename).replace("\\", "/")
        for info in members
    ]


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in Info-ZIP's extra field 0x7075, when it was made for the name that is there."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            check = zlib.crc32(info.orig_filename.encode("cp437", "replace"))
            if check == int.from_bytes(body[1:5], "little"):
                return body[5:].decode("utf-8", "replace")
    return None


def _archives_in(names: list[str]) -> list[Problem]:
    message = "an archive inside is not opened; unpack it and import what is in it."
    return [Problem(name, message) for name in names if _suffix(name) in ARCHIVES]


def _documents_in(names: list[str]) -> list[Problem]:
    message = "it is no Markdown and was left out; convert it to an article first."
    return [Problem(name, message) for name in names if _suffix(name) in DOCUMENTS]


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
