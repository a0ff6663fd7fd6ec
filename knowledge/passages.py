"""Cut an article into passages: by heading, with tables and lists kept whole, and paragraphs too
unless they are too long to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.article import Article
from knowledge.paragraphs import cut_paragraph

MAX_CHARACTERS = 700
"""A section longer than this is cut between its blocks."""

MAX_PARAGRAPH = 1400
"""A paragraph with more to read than this, without its markup, is cut at sentences; no other block
is ever cut."""

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article that can be said as an answer.

    `markdown` is what is shown, without its heading; `text` is the same without markup.
    `heading_path` runs from the article's title down to `heading`.
    """

    article_id: str
    title: str
    heading: str
    heading_path: tuple[str, ...]
    markdown: str
    text: str
    order: int


@dataclass(frozen=True, slots=True)
class _Section:
    path: tuple[str, ...]
    blocks: tuple[_Block, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """First line and line after the last; whether it is a paragraph."""

    first: int
    after: int
    is_paragraph: bool


def split_article(article: Article, *, max_characters: int = MAX_CHARACTERS) -> tuple[Passage, ...]:
    """The passages of an article in reading order; none when it has no words."""
    lines = article.body.split("\n")
    passages: list[Passage] = []
    for section in _sections(article.title, _PARSER.parse(article.body)):
        for markdown in _cut(lines, section.blocks, max_characters):
            text = plain_text(markdown) or _what_is_shown(markdown, section.path[-1])
            if not text:  # a line across, or HTML alone: nothing to say
                continue
            passages.append(
                Passage(
                    article_id=article.id,
                    title=article.title,
                    heading=section.path[-1],
                    heading_path=section.path,
                    markdown=markdown,
                    text=text,
                    order=len(passages),
                )
            )
    return tuple(passages)


def split_question(question: str) -> tuple[str, str | None]:
    """A similar question, and the heading that answers it, if written `question -> heading`."""
    text, arrow, heading = question.rpartition("->")
    if not arrow or not text.strip() or not heading.strip():
        return question, None
    return text.strip(), heading.strip()


def first_heading(body: str) -> str | None:
    """The text of the first heading, or None."""
    return next((text or None for text, _ in headings(body)), None)


def headings(body: str) -> Iterator[tuple[str, int]]:
    """The text of every heading, and its line counted from 0."""
    for token, inline in pairwise(_PARSER.parse(body)):
        if token.type == "heading_open":
            yield inline_text(inline), token.map[0] if token.map else 0


def plain_text(markdown: str) -> str:
    """The words without markup: one line a block, a table's cells with spaces between them."""
    lines: list[str] = []
    row: list[str] | None = None
    for token in _PARSER.parse(markdown):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append(" ".join(row))
            row = None
        elif token.type == "inline":
            text = inline_text(token)
            if row is None:
                lines.append(text)
            else:
                row.append(text)
        elif token.type in {"fence", "code_block"}:
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line)


def _what_is_shown(markdown: str, heading: str) -> str:
    """A picture alone says what its heading says: a size chart, a map."""
    tokens = [child for token in _PARSER.parse(markdown) for child in token.children or ()]
    return heading if any(token.type == "image" for token in tokens) else ""


def inline_text(token: Token) -> str:
    """The words of a line, a heading or a cell, without markup."""
    pieces = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        elif child.type == "image":
            pieces.append(child.content or str(child.attrGet("title") or ""))
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def _sections(title: str, tokens: Sequence[Token]) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    blocks: list[_Block] = []
    for position, token in enumerate(tokens):
        if token.level != 0 or token.map is None:
            continue
        if token.type == "heading_open":
            if blocks:
                yield _Section(_full_path(title, path), tuple(blocks))
            blocks = []
            level = int(token.tag[1:])
            heading = inline_text(tokens[position + 1])
            path = [entry for entry in path if entry[0] < level]
            if heading:
                path.append((level, heading))
        else:
            first, after = token.map
            blocks.append(_Block(first, after, token.type == "paragraph_open"))
    if blocks:
        yield _Section(_full_path(title, path), tuple(blocks))


def _full_path(title: str, path: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    headings = [heading for _, heading in path]
    if headings and headings[0] == title:
        headings = headings[1:]
    return (title, *headings)


def _cut(lines: Sequence[str], blocks: Sequence[_Block], max_characters: int) -> Iterator[str]:
    start: int | None = None
    end = 0
    for block in blocks:
        is_long = block.is_paragraph and _is_long(lines, block)
        if start is not None and (is_long or _length(lines, start, block.after) > max_characters):
            yield "\n".join(lines[start:end]).strip()
            start = None
        if is_long:
            text = "\n".join(lines[block.first : block.after])
            yield from cut_paragraph(text, longest=max_characters, plain=plain_text)
            continue
        start = block.first if start is None else start
        end = block.after
    if start is not None:
        yield "\n".join(lines[start:end]).strip()


def _is_long(lines: Sequence[str], block: _Block) -> bool:
    if _length(lines, block.first, block.after) <= MAX_PARAGRAPH:  # so are its words
        return False
    return len(plain_text("\n".join(lines[block.first : block.after]))) > MAX_PARAGRAPH


def _length(lines: Sequence[str], first: int, after: int) -> int:
    return sum(map(len, lines[first:after]))
