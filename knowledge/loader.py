"""Read articles from Markdown files, folders and zips."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path, PurePosixPath

from knowledge.article import Article
from knowledge.encodings import NAMES, Undecodable, decode_text
from knowledge.errors import BadArticle, Problem
from knowledge.front_matter import (
    DEFAULT_BRAND,
    HOME,
    MAX_CATEGORY_LEVELS,
    FrontMatter,
    category_fault,
    read_front_matter,
    split_source,
)
from knowledge.links import file_beside, rewrite_links
from knowledge.media import MAX_MEDIA_BYTES, SUFFIXES, BadMedia
from knowledge.passages import first_heading, split_article, split_question
from knowledge.source_text import format_source
from knowledge.sources import MAX_TOTAL_BYTES, Source, open_source, too_large
from knowledge.template import left_over

MAX_FILE_BYTES = 2 * 1024 * 1024

_ID = re.compile(r"[\w][\w.\-]{0,119}")

Watch = Callable[[int, int], None]
WATCHED = 100
"""After how many files whoever watches is told."""

KEPT = "/files/"
"""How links to kept files begin."""

Keep = Callable[[str, bytes], str]
"""Keeps a picture or an attachment; from its name and bytes to the link to it.

Raises BadMedia when it may not be kept.
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One article, the file it was read from, and what of a template that still says."""

    article: Article
    file: str
    left: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Batch:
    """What was read: the good articles, why others are not among them, and what to know."""

    loaded: list[Loaded] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def load_articles(path: Path) -> tuple[Article, ...]:
    """Every article of a Markdown file, a folder (with its folders) or a zip, by file name.

    Raises BadArticle with every problem of every file, and then nothing is returned.
    """
    batch = load_batch(path)
    if batch.problems:
        raise BadArticle(batch.problems)
    return tuple(loaded.article for loaded in batch.loaded)


def load_batch(
    path: Path, *, keep: Keep | None = None, watch: Watch | None = None, zone: tzinfo = HOME
) -> Batch:
    """The good articles of a file, a folder or a zip, and the problems of the others.

    `watch` is told now and then how many files are read, of how many; `zone` is that of times that
    name none.

    Pictures and attachments that articles refer to are given to `keep`, and the links rewritten;
    without it they stay as they are. Raises BadArticle when there is nothing to read at all.
    """
    with open_source(path) as source:
        batch = _Reading(source, keep, watch, zone).read()
    if not batch.loaded and not batch.problems:
        message = "there is no Markdown file (.md) here; give a file, a folder or a zip of them."
        raise BadArticle([Problem(path.name, message)])
    return batch


def read_article(source: bytes | str, *, file: str, zone: tzinfo = HOME) -> Article:
    """One Markdown file as an article; `file` names it in messages and, without an `id` in the
    front matter, gives the id. The title is the front matter's, else the first heading's. `zone` is
    that of a time that names none.

    The content hash is that of the article as `source_of` writes it, so that only what means
    something is a change. Raises BadArticle with every problem found.
    """
    if isinstance(source, bytes):
        source, _ = _decode(source, file)
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        message = "there is a NUL character in it, so it is not a text; save it as UTF-8 Markdown."
        raise BadArticle([Problem(file, message, text[: text.index("\x00")].count("\n") + 1)])
    yaml_text, body, _ = split_source(text)
    front = FrontMatter()
    problems: list[Problem] = []
    if yaml_text is not None:
        front, problems = read_front_matter(yaml_text, file, zone=zone)
    article_id = front.id or _slug(file)
    if not _ID.fullmatch(article_id):
        message = f"the id {article_id!r} must be letters, digits, dots, - and _, 120 at most."
        problems.append(Problem(file, message, 2))
    if problems:
        raise BadArticle(problems)
    article = _article(front, article_id, body.strip("\n"), file)
    problems = _missing_parts(article, text, file)
    if problems:
        raise BadArticle(problems)
    return with_hash(article)


def source_of(article: Article) -> tuple[str, str]:
    """The article as a file, and the content hash that reading this file would give."""
    text = format_source(article)
    return text, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def with_hash(article: Article) -> Article:
    """The same article with the content hash of what is in it now."""
    article.content_hash = source_of(article)[1]
    return article


def _article(front: FrontMatter, article_id: str, body: str, file: str) -> Article:
    return Article(
        id=article_id,
        title=front.title or first_heading(body) or PurePosixPath(file).stem,
        body=body,
        brand_id=front.brand or DEFAULT_BRAND,
        category=front.category,
        product=front.product,
        versions=front.versions,
        channels=front.channels,
        tags=front.tags,
        publish_at=front.publish_at,
        valid_until=front.valid_until,
        questions=front.questions,
        tests=front.tests,
    )


class _Reading:
    """Reads one source; what was found is in `batch`."""

    def __init__(
        self, source: Source, keep: Keep | None, watch: Watch | None, zone: tzinfo
    ) -> None:
        self._source = source
        self._zone = zone
        self._keep = keep
        self._watch = watch
        self._root = source.category_root()
        self._used: set[str] = set()
        self.batch = Batch(problems=list(source.problems))

    def read(self) -> Batch:
        """Every article of the source."""
        total = 0
        names = self._source.articles()
        for number, name in enumerate(names):
            if self._watch is not None and number % WATCHED == 0:
                self._watch(number, len(names))
            try:
                data = self._source.read(name, limit=MAX_FILE_BYTES)
                total = _counted(total + len(data), name)
                self.batch.loaded.append(self._article(name, data))
            except BadArticle as error:
                self.batch.problems += error.problems
        left_out = [remark for remark in self._source.remarks if remark.file not in self._used]
        self.batch.remarks += left_out
        _leave_out_twins(self.batch)
        return self.batch

    def _article(self, name: str, data: bytes) -> Loaded:
        text, encoding = _decode(data, name)
        article = read_article(text, file=name, zone=self._zone)
        if encoding not in {"utf-8", "utf-8-sig"}:
            self._remark(name, f"it was read as {NAMES[encoding]}, as it is not UTF-8.")
        if not article.category:
            article = replace(article, category=_category_of(name, self._root))
        body = rewrite_links(article.body, lambda link: self._kept(link, name))
        left = tuple(replace(one, file=name) for one in left_over(article, source=text))
        return Loaded(with_hash(replace(article, body=body)), name, left)

    def _kept(self, destination: str, name: str) -> str | None:
        """Where the file that a link means is kept; None for a link to something else."""
        beside = file_beside(destination, name)
        if beside is None or self._keep is None or destination.startswith(KEPT):
            return None
        if PurePosixPath(beside).suffix.lower() not in SUFFIXES:
            return None
        try:
            data = self._source.read(beside, limit=MAX_MEDIA_BYTES)
            link = self._keep(PurePosixPath(beside).name, data)
        except BadArticle as error:
            self._remark(name, f"its link to {beside!r} leads nowhere: {error.problems[0].message}")
            return None
        except BadMedia as error:
            self._remark(name, f"{beside!r} was left out: {error}")
            return None
        self._used.add(beside)
        return link

    def _remark(self, name: str, message: str) -> None:
        self.batch.remarks.append(Problem(name, message))


def _category_of(name: str, root: str) -> tuple[str, ...]:
    """The folders of a file as its place in the tree; those below the third level are left out."""
    folders = list(PurePosixPath(name).parts[:-1])
    if root and folders[:1] == [root]:
        folders = folders[1:]
    names = tuple(folder.strip() for folder in folders[:MAX_CATEGORY_LEVELS])
    return () if category_fault(names) else names


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


def _decode(data: bytes, file: str) -> tuple[str, str]:
    if len(data) > MAX_FILE_BYTES:
        raise BadArticle([Problem(file, too_large(len(data), MAX_FILE_BYTES))])
    try:
        decoded = decode_text(data)
    except Undecodable as error:
        raise BadArticle([Problem(file, str(error), error.line)]) from error
    return decoded.text, decoded.encoding


def _counted(total: int, name: str) -> int:
    if total > MAX_TOTAL_BYTES:
        raise BadArticle([Problem(name, "all articles together are too large; import in parts.")])
    return total


def _slug(file: str) -> str:
    parts = PurePosixPath(file.replace("\\", "/")).with_suffix("").parts
    joined = "-".join(part for part in parts if part not in {"/", ".", ".."})
    return re.sub(r"[^\w.\-]+", "-", joined).strip("-.")[:120]


def _leave_out_twins(batch: Batch) -> None:
    """Of files with one id none is taken: nobody knows which one was meant."""
    files: dict[str, list[str]] = defaultdict(list)
    for loaded in batch.loaded:
        files[loaded.article.id].append(loaded.file)
    for article_id, names in files.items():
        for name in names if len(names) > 1 else ():
            others = ", ".join(other for other in names if other != name)
            message = f"the id {article_id!r} is used by another file too ({others});"
            batch.problems.append(Problem(name, f"{message} give each its own `id`."))
    batch.loaded = [one for one in batch.loaded if len(files[one.article.id]) == 1]
