"""The form of a passage that fits a chat: what stands on its own comes first, the rest on demand.

Nothing is ever cut inside of a sentence, list item, table row, link or picture, and what is short
anyway stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.article import Hit
from knowledge.passages import plain_text
from knowledge.tables import Table, asked_rows, tables_of

LONGEST = 120
"""Chinese characters (two Latin letters count as one) that are read at a glance on a phone."""

LEAST_LEFT = 40
"""A rest shorter than this is not worth a button."""

_FEW_STEPS = 5
_FEW_ROWS = 6
_ROW = 12  # characters: a table's row is read as quickly as so many
_FARTHEST = 10 * LONGEST  # characters: a paragraph that cannot be cut before this stays whole
_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_SENTENCE = re.compile(r"[。！？!?；][”’』」）)]*|[.;](?=\s)")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LISTS = {"bullet_list_open", "ordered_list_open"}


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of a passage, and what it is when it is cut after its first part, after its second,
    and so on: made as they are asked for, since a long table or list has very many."""

    markdown: str
    parts: Iterable[str] = ()


def fit_for_chat(hit: Hit, question: str) -> Hit:
    """The hit with the rows of its tables that the question asks for, and what is told first."""
    rows = asked_rows(question, hit.passage, heading=" ".join(hit.heading_path))
    short = _remembered(hit.passage, rows)
    return replace(hit, rows=rows, short="" if short == hit.passage else short)


@lru_cache(maxsize=1024)
def _remembered(markdown: str, rows: tuple[int, ...]) -> str:
    """The short form: reading Markdown takes milliseconds, and few passages answer most."""
    return short_form(markdown, rows=rows)


def short_form(markdown: str, *, rows: Sequence[int] = ()) -> str:
    """What is told first of a passage, as Markdown; the passage itself when it is short.

    `rows` are those of its tables that were asked for (`knowledge.tables.asked_rows`); then these
    rows under their header are told. Where link definitions stand apart from their links, nothing
    is cut, since that would break the links.
    """
    if not rows and len(markdown) < LONGEST:
        return markdown
    references: dict[str, object] = {}
    tokens = _PARSER.parse(markdown, references)
    if references.get("references"):
        return markdown
    if rows:
        return _rows_form(markdown, rows)
    blocks = list(_blocks(markdown, tokens))
    if sum(_width(block.markdown) for block in blocks) < LONGEST + LEAST_LEFT:
        return markdown
    told = _told(blocks)
    left = sum(_width(b.markdown) for b in blocks) - sum(_width(one) for one in told)
    return "\n\n".join(told) if left >= LEAST_LEFT else markdown


def _told(blocks: Sequence[_Block]) -> list[str]:
    told: list[str] = []
    room = float(LONGEST)
    for block in blocks:
        width = _width(block.markdown)
        if width > room and told and not _announces(told[-1]):
            break
        if width > room:
            told.append(_cut(block, room))
            break
        told.append(block.markdown)
        room -= width
    return told


def _cut(block: _Block, room: float) -> str:
    """As many parts as there is room for, and one at least."""
    longest = ""
    for part in block.parts:
        fits = _width(part) <= room
        if fits or not longest:
            longest = part
        if not fits:
            break
    return longest or block.markdown


def _announces(markdown: str) -> bool:
    """Whether this does not stand on its own: 如下：, or a picture."""
    return bool(_PICTURE.fullmatch(markdown)) or plain_text(markdown).endswith((":", "："))


def _rows_form(markdown: str, rows: Sequence[int]) -> str:
    """The rows that were asked for, after what announces their table."""
    tables = tables_of(markdown)
    firsts = [0, *accumulate(len(table.rows) for table in tables)]
    shown = []
    for table, first in zip(tables, firsts, strict=False):
        own = [row - first for row in rows if 0 <= row - first < len(table.rows)]
        if own:
            before = markdown.split("\n")[: table.lines[0]]
            announced = "\n".join(before).strip().rpartition("\n\n")[2]
            lead = [announced] if announced and _announces(announced) else []
            shown += [*lead, table.markdown(own)]
    return "\n\n".join(shown) or markdown


def _blocks(markdown: str, tokens: Sequence[Token]) -> Iterator[_Block]:
    lines = markdown.split("\n")
    tables = {table.lines[0]: table for table in tables_of(markdown)}
    for place, token in enumerate(tokens):
        if token.level != 0 or token.map is None or token.nesting < 0:
            continue
        text = "\n".join(lines[token.map[0] : token.map[1]]).strip("\n")
        if token.type in _LISTS:
            yield _Block(text, _items(lines, tokens, place))
        elif token.type == "table_open" and token.map[0] in tables:
            yield _Block(text, _rows(text, tables[token.map[0]]))
        elif token.type == "paragraph_open":
            yield _Block(text, _sentences(text))
        else:
            yield _Block(text)


def _items(lines: Sequence[str], tokens: Sequence[Token], place: int) -> Iterator[str]:
    """A list after each item; a few steps stay together."""
    opened = tokens[place]
    start = opened.map[0] if opened.map else 0
    ends = []
    for token in tokens[place + 1 :]:
        if token.level == 0:
            break
        if token.type == "list_item_open" and token.level == 1 and token.map is not None:
            ends.append(token.map[1])
    if opened.type == "ordered_list_open" and len(ends) <= _FEW_STEPS:
        return
    yield from ("\n".join(lines[start:end]).strip("\n") for end in ends)


def _rows(text: str, table: Table) -> Iterator[str]:
    """A table after each row; a few rows stay together."""
    if len(table.rows) <= _FEW_ROWS:
        return
    lines = text.split("\n")
    yield from ("\n".join(lines[: 2 + count]) for count in range(1, len(table.rows) + 1))


def _sentences(text: str) -> Iterator[str]:
    """A paragraph after each sentence. A cut that would break a link or an emphasis shows in the
    words of both parts, which are then not those of the whole."""
    words = _squeezed(plain_text(text))
    for end in (match.end() for match in _SENTENCE.finditer(text)):
        if end > _FARTHEST:
            break
        head, rest = text[:end], text[end:]
        if _squeezed(plain_text(head)) + _squeezed(plain_text(rest)) == words:
            yield head.strip()


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _width(markdown: str) -> float:
    tables = tables_of(markdown)
    if tables:
        return float(_ROW * sum(len(table.rows) for table in tables))
    text = plain_text(markdown)
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)
