"""Tables in Markdown: their rows, which of them a question asks for, and rows shown alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import log

from markdown_it import MarkdownIt

from knowledge.passages import inline_text
from knowledge.text import is_chinese, normalise, terms

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_UNITS = "元块角分斤克吨米寸岁天周月年号点层折张个次条件套人位升度码级期时秒"
_NUMBER = re.compile(rf"(\d+(?:\.\d+)?)\s*([a-z%°]+|[{_UNITS}])?")
_PARTS = re.compile(r"[^\w. -]+|\band\b")
_LETTER = re.compile(r"(?<![A-Za-z'’])[A-Za-z](?![A-Za-z'’])")
_MOST_FITTING = 3
_LABEL = 2.0
_LEAST = 0.6
_NEAR = 0.85


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the lines of the Markdown that it takes (first, and after the last), and its cells
    as Markdown. Every row has as many cells as the header.

    Of merged cells a converter leaves the first filled and the rest empty: where the first cells of
    a row are empty, it has those of the row above, so that it can stand alone.
    """

    lines: tuple[int, int]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self, row: int) -> str:
        """A row in words: each cell after its header, without markup."""
        pairs = zip(self.header, self.rows[row], strict=True)
        return " ".join(_plain(part) for pair in pairs for part in pair if pair[1] and part)

    def markdown(self, rows: Sequence[int]) -> str:
        """These rows under the header."""
        lines = [self.header, ("---",) * len(self.header), *(self.rows[row] for row in rows)]
        return "\n".join(f"| {' | '.join(map(_escaped, cells))} |" for cells in lines)


@lru_cache(maxsize=512)
def tables_of(markdown: str) -> tuple[Table, ...]:
    """The tables of a text that have rows, in order; those in lists and quotes are left out."""
    if "|" not in markdown:
        return ()
    found: list[Table] = []
    rows: list[list[str]] = []
    lines = (0, 0)
    inside = False
    for token in _PARSER.parse(markdown):
        if token.type == "table_open" and token.level == 0 and token.map is not None:
            inside, rows, lines = True, [], (token.map[0], token.map[1])
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and inside:
            rows[-1].append(token.content)
        elif token.type == "table_close" and inside:
            inside = False
            if len(rows) > 1:
                found.append(Table(lines, tuple(rows[0]), tuple(_filled(rows[1:]))))
    return tuple(found)


def asked_rows(question: str, markdown: str, *, heading: str = "") -> tuple[int, ...]:
    """The rows of a passage's tables that a question asks for, counted through all its tables."""
    found: list[int] = []
    first = 0
    for table in tables_of(markdown):
        found += [first + row for row in fitting_rows(question, table, heading=heading)]
        first += len(table.rows)
    return tuple(found)


def fitting_rows(question: str, table: Table, *, heading: str = "") -> tuple[int, ...]:
    """The rows that a question asks for: one, or a few; none when it asks for none in particular.

    What tells rows apart counts: words of the question that some rows have and others do not, more
    in the first cell, which mostly names the row. Words of the header and of the `heading` above
    the table tell nothing.
    """
    common = _words_of(" ".join((heading, *map(_plain, table.header))))
    asked = _words_of(question) - common | _numbers_asked(question) | _letters(question)
    labels = [_label_terms(_plain(row[0])) for row in table.rows]
    bodies = [_body_terms(" ".join(map(_plain, row[1:]))) for row in table.rows]
    named = _named(question, [_plain(row[0]) for row in table.rows])
    frequency = Counter(t for own in zip(labels, bodies, strict=True) for t in own[0] | own[1])
    met = {t for t in asked & frequency.keys() if not _is_part(t, asked & frequency.keys())}
    rare = {term: log(len(table.rows) / frequency[term]) for term in met}
    scores = [
        sum(rare[t] * (_LABEL if t in label else 1) for t in met & (label | body)) + _LABEL * name
        for label, body, name in zip(labels, bodies, named, strict=True)
    ]
    best = max(scores)
    if best < _LEAST:
        return ()
    return _few([row for row, score in enumerate(scores) if score >= best * _NEAR], table)


def _few(rows: Sequence[int], table: Table) -> tuple[int, ...]:
    return tuple(rows) if len(rows) <= min(_MOST_FITTING, len(table.rows) - 1) else ()


def _words_of(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if not term[0].isdigit())


def _is_character(term: str) -> bool:
    return len(term) == 1 and "\u3400" <= term <= "\u9fff"


def _is_part(term: str, among: Set[str]) -> bool:
    """Whether a single character is only met as part of a longer word."""
    return _is_character(term) and any(term in longer for longer in among if longer != term)


def _named(question: str, labels: Sequence[str]) -> list[bool]:
    """Which rows' names the question holds in full, those within a longer such name left out."""
    text = normalise(question)
    names = [[part.strip() for part in _PARTS.split(normalise(label))] for label in labels]
    held = {part for parts in names for part in parts if len(part) > 1 and part in text}
    longest = {part for part in held if not any(part in other for other in held - {part})}
    return [bool(longest & set(parts)) for parts in names]


def _letters(question: str) -> frozenset[str]:
    """Single letters that are names (S码): capitals, or any among Chinese characters."""
    small = is_chinese(question)
    return frozenset(one.lower() for one in _LETTER.findall(question) if small or one.isupper())


def _body_terms(cells: str) -> frozenset[str]:
    words = {term for term in _words_of(cells) if not _is_character(term)}
    numbers = {f"{n}{end}" for n, unit in _numbers(cells) if unit for end in (unit, "*")}
    return frozenset(words | numbers)


def _label_terms(cell: str) -> frozenset[str]:
    words = {term for term in _words_of(cell) if not _is_character(term)}
    starts = {part[0] for part in _PARTS.split(normalise(cell)) if _is_character(part[:1])}
    numbers = {f"{n}{unit or ''}" for n, unit in _numbers(cell)}
    numbers |= _letters(cell)
    return frozenset(words | starts | numbers | {f"{n}*" for n, unit in _numbers(cell) if unit})


def _numbers_asked(question: str) -> frozenset[str]:
    found = _numbers(question)
    bare = {n if unit else f"{n}*" for n, unit in found if unit or len(n) > 1}
    return frozenset({f"{n}{unit}" for n, unit in found} | bare)


def _numbers(text: str) -> list[tuple[str, str]]:
    return [(m[1], m[2] or "") for m in _NUMBER.finditer(normalise(text))]


def _filled(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    filled: list[tuple[str, ...]] = []
    for row in rows:
        cells = list(row)
        empty = next((n for n, cell in enumerate(cells) if cell), len(cells))
        if filled and empty < len(cells):
            cells[:empty] = filled[-1][:empty]
        filled.append(tuple(cells))
    return filled


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


def _plain(cell: str) -> str:
    if not re.search(r"[*_`\[\]<&\\!]", cell):
        return cell
    (token,) = _PARSER.parseInline(cell)
    return inline_text(token)
