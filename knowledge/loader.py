"""Read articles from Markdown files, folders and zips: all of them or none."""

from __future__ import annotations

import hashlib
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from knowledge.article import Article
from knowledge.errors import BadArticle, Problem
from knowledge.front_matter import FrontMatter, format_source, read_front_matter, split_source
from knowledge.passages import first_heading, split_article, split_question

MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_FILES = 20_000
MAX_TOTAL_BYTES = 256 * 1024 * 1024

_ID = re.compile(r"[\w][\w.\-]{0,119}")
_SUFFIXES = {".md", ".markdown"}
# Whatever `zipfile` and the four ways to compress raise about bytes that are not what they say.
_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError, OSError,
)  # fmt: skip


def load_articles(path: Path) -> tuple[Article, ...]:
    """Every article of a Markdown file, a folder (with its folders) or a zip, by file name.

    Raises BadArticle with every problem of every file, and then nothing is returned.
    """
    articles: list[Article] = []
    problems: list[Problem] = []
    try:
        for name, data in _sources(path):
            try:
                articles.append(read_article(data, file=name))
            except BadArticle as error:
                problems += error.problems
    except BadArticle as error:
        problems += error.problems
    problems += _twice(articles)
    if not articles and not problems:
        message = "there is no Markdown file (.md) here; give a file, a folder or a zip of them."
        problems.append(Problem(path.name, message))
    if problems:
        raise BadArticle(problems)
    return tuple(articles)


def read_article(source: bytes | str, *, file: str) -> Article:
    """One Markdown file as an article; `file` names it in messages and, without an `id` in the
    front matter, gives the id. The title is the front matter's, else the first heading's.

    Raises BadArticle with every problem found.
    """
    text = _decode(source, file) if isinstance(source, bytes) else source
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        message = "there is a NUL character in it, so it is not a text; save it as UTF-8 Markdown."
        raise BadArticle([Problem(file, message)])
    yaml_text, body, _ = split_source(text)
    front = FrontMatter()
    problems: list[Problem] = []
    if yaml_text is not None:
        front, problems = read_front_matter(yaml_text, file)
    article_id = front.id or _slug(file)
    if not _ID.fullmatch(article_id):
        message = f"the id {article_id!r} must be letters, digits, dots, - and _, 120 at most."
        problems.append(Problem(file, message, 2))
    if problems:
        raise BadArticle(problems)
    article = Article(
        id=article_id,
        title=front.title or first_heading(body) or PurePosixPath(file).stem,
        body=body.strip("\n"),
        product=front.product,
        versions=front.versions,
        channels=front.channels,
        tags=front.tags,
        valid_until=front.valid_until,
        questions=front.questions,
        tests=front.tests,
        content_hash=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
    )
    problems = _missing_parts(article, text, file)
    if problems:
        raise BadArticle(problems)
    return article


def _missing_parts(article: Article, text: str, file: str) -> list[Problem]:
    """An article without words, or a similar question for a heading that is not there."""
    headings = {passage.heading for passage in split_article(article)}
    if not headings:
        return [Problem(file, "there is no text; write the answer below the front matter.")]
    problems = []
    for question in article.questions:
        heading = split_question(question)[1]
        if heading is not None and heading not in headings:
            line = text[: text.find(question)].count("\n") + 1
            message = f"`{question}` names a heading that is not there; correct what follows `->`."
            problems.append(Problem(file, message, line))
    return problems


def source_of(article: Article) -> tuple[str, str]:
    """The article as a file, and the content hash that reading this file would give."""
    text = format_source(article)
    return text, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _decode(data: bytes, file: str) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise BadArticle([Problem(file, _too_large(len(data)))])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "it is not UTF-8 (an older GBK file?); save it as UTF-8 and import it again."
        raise BadArticle([Problem(file, message, line)]) from error


def _too_large(size: int) -> str:
    megabytes = MAX_FILE_BYTES // 1024 // 1024
    return f"it has {size / 1e6:.1f} MB, more than {megabytes} MB; split it into several articles."


def _slug(file: str) -> str:
    parts = PurePosixPath(file.replace("\\", "/")).with_suffix("").parts
    joined = "-".join(part for part in parts if part not in {"/", ".", ".."})
    return re.sub(r"[^\w.\-]+", "-", joined).strip("-.")[:120]


def _twice(articles: list[Article]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for article in articles:
        if article.id in seen:
            message = f"the id {article.id!r} is used by another file too; give each its own `id`."
            problems.append(Problem(article.id, message))
        seen.add(article.id)
    return problems


def _sources(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        yield from _folder(path)
    elif not path.is_file():
        raise BadArticle([Problem(str(path), "there is no such file or folder.")])
    elif zipfile.is_zipfile(path):
        yield from _zip(path)
    elif path.suffix.lower() in _SUFFIXES:
        yield path.name, _read_limited(path, path.name)
    else:
        message = "this is no Markdown file (.md) and no zip; convert it to Markdown first."
        raise BadArticle([Problem(path.name, message)])


def _folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        if hidden or path.suffix.lower() not in _SUFFIXES or not path.is_file():
            continue
        if root not in path.resolve().parents:
            message = "it is a link that leads out of the folder; copy the file itself."
            raise BadArticle([Problem(name.as_posix(), message)])
        yield name.as_posix(), _read_limited(path, name.as_posix())


def _read_limited(path: Path, name: str) -> bytes:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise BadArticle([Problem(name, _too_large(size))])
    return path.read_bytes()


def _zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN_ZIP as error:
        raise BadArticle([Problem(path.name, f"the zip cannot be read ({error}).")]) from error
    with archive:
        members = [info for info in archive.infolist() if info.filename and not info.is_dir()]
        _refuse_bombs(path.name, members)
        for info in sorted(members, key=lambda member: member.filename):
            name = _member_name(path.name, info)
            if name is not None:
                yield name, _read_member(archive, info, name)


def _refuse_bombs(name: str, members: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in members)
    if len(members) > MAX_FILES or total > MAX_TOTAL_BYTES:
        message = (
            f"it unpacks to {len(members)} files with {total / 1e6:.0f} MB; at most {MAX_FILES}"
            f" files with {MAX_TOTAL_BYTES // 1024 // 1024} MB are taken: import it in parts."
        )
        raise BadArticle([Problem(name, message)])


def _member_name(archive: str, info: zipfile.ZipInfo) -> str | None:
    """The member's name inside the archive; None when it is no Markdown file to import."""
    name = info.filename.replace("\\", "/")
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or re.match(r"^[A-Za-z]:", name):
        message = f"the entry {name!r} leads out of the zip; pack it again without such paths."
        raise BadArticle([Problem(archive, message)])
    if stat.S_ISLNK(info.external_attr >> 16):
        raise BadArticle([Problem(archive, f"the entry {name!r} is a link; pack the file itself.")])
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in pure.parts)
    return None if hidden or pure.suffix.lower() not in _SUFFIXES else name


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.file_size > MAX_FILE_BYTES:
        raise BadArticle([Problem(name, _too_large(info.file_size))])
    try:
        with archive.open(info) as file:
            data = file.read(MAX_FILE_BYTES + 1)  # the size in the directory may be a lie
    except _BROKEN_ZIP as error:
        raise BadArticle([Problem(name, f"it cannot be unpacked ({error}).")]) from error
    return data
