"""What a conversion gives: documents as Markdown, their pictures as files."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt

KINDS = {".docx": "docx", ".pdf": "pdf", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}
"""The endings that are converted, each with the module that does it."""

PICTURES = "files"
"""The folder of a conversion's pictures, to which its Markdown links."""

MAX_PICTURES = 200
MAX_UNPACKED = 200 * 1024 * 1024

_PARSER = MarkdownIt("commonmark").enable("table")


class BadDocument(Exception):
    """A file that cannot be converted; the message says why and what to do."""


def must_unpack_small(path: Path) -> None:
    """Refuse an Office file that unpacks to more than any document has; raises BadDocument."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return  # whoever reads it next says what it is not
    if size > MAX_UNPACKED:
        message = f"it unpacks to {size // 1024 // 1024} MB, as a zip bomb does; save it anew."
        raise BadDocument(message)


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its title and its Markdown, without front matter."""

    title: str
    markdown: str


@dataclass(slots=True)
class Converted:
    """What was recognised; `pictures` are the names of files in the folder PICTURES."""

    documents: list[Document] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def split_by_headings(document: Document) -> list[Document]:
    """The document as several, one for each of its highest headings that there are two of; what
    comes before the first one is a document of its own, under the document's title. The document
    itself when it cannot be split."""
    lines = document.markdown.split("\n")
    tokens = _PARSER.parse(document.markdown)
    headings = [
        (token.map[0], token.map[1], int(token.tag[1]), tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    levels = [level for _, _, level, _ in headings]
    level = next((level for level in range(1, 7) if levels.count(level) > 1), None)
    if level is None:
        return [document]
    cuts = [(first, after, text) for first, after, of, text in headings if of == level]
    before = "\n".join(lines[: cuts[0][0]]).strip("\n")
    parts = [Document(document.title, before)] if _has_words(before) else []
    ends = [first for first, _, _ in cuts[1:]] + [len(lines)]
    for (_, after, text), end in zip(cuts, ends, strict=True):
        body = "\n".join(lines[after:end]).strip("\n")
        if _has_words(body):
            parts.append(Document(plain(text) or document.title, body))
    return parts if len(parts) > 1 else [document]


def plain(markdown: str) -> str:
    """A heading's words without emphasis, links and escapes."""
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return re.sub(r"\\(?=\W)|[*_`]", "", words).strip()


def escaped(text: str) -> str:
    """A text so that Markdown takes it for nothing else."""
    text = re.sub(r"([\\`*<|])", r"\\\1", text)
    text = re.sub(r"\[(?=[^\]]*\]\()", r"\\[", text)
    return re.sub(r"^(\s*)([#>+~=-])", r"\1\\\2", text, flags=re.MULTILINE)


def _has_words(markdown: str) -> bool:
    kept = (line for line in markdown.split("\n") if not re.match(r"\s*#{1,6}\s", line))
    return any(re.search(r"\w", line) for line in kept)
