"""Excel workbooks as Markdown: questions with answers where a sheet has them, else tables."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from webapp.conversion.document import (
    BadDocument,
    Converted,
    Document,
    escaped,
    must_unpack_small,
)

MAX_ROWS = 5_000
MAX_COLUMNS = 50
_EMPTY_ROWS = 200
"""After so many empty rows nothing is expected any more; sheets pretend to have a million."""

_QUESTIONS = frozenset({"问题", "标准问题", "标准问", "提问", "question", "title", "标题"})
_ANSWERS = frozenset({"答案", "回答", "标准答案", "答复", "内容", "answer", "content"})
_SIMILAR = frozenset({"相似问题", "相似问", "similar questions", "similar"})


def convert(path: Path, folder: Path) -> Converted:
    """A document for each sheet with something in it; raises BadDocument."""
    must_unpack_small(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        message = "it is no Excel workbook (.xlsx), or damaged; open it in Excel and save it anew."
        raise BadDocument(message) from error
    converted = Converted()
    for sheet in book.worksheets:
        rows = list(_rows(sheet, converted.remarks))
        if rows:
            title = path.stem if len(book.worksheets) == 1 else f"{path.stem} {sheet.title}"
            markdown = _as_answers(rows) or _as_table(rows)
            converted.documents.append(Document(title[:300], markdown))
    if not converted.documents:
        raise BadDocument("there is nothing in any of its sheets; see that it is the right file.")
    return converted


def _rows(sheet: Any, remarks: list[str]) -> Iterator[list[str]]:
    taken = empty = 0
    for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
        cells = [_words(value) for value in row]
        if not any(cells):
            empty += 1
            if empty > _EMPTY_ROWS:
                return
            continue
        empty = 0
        if taken == MAX_ROWS:
            message = f"the sheet {sheet.title!r} has more than {MAX_ROWS} rows; the first were"
            remarks.append(f"{message} taken, split the sheet for the rest.")
            return
        taken += 1
        yield cells


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def _as_answers(rows: list[list[str]]) -> str | None:
    """Each question as a heading with its answer below; None for a sheet of another kind."""
    names = [cell.casefold() for cell in rows[0]]
    question = next((n for n, name in enumerate(names) if name in _QUESTIONS), None)
    answer = next((n for n, name in enumerate(names) if name in _ANSWERS), None)
    if question is None or answer is None:
        return None
    similar = next((n for n, name in enumerate(names) if name in _SIMILAR), None)
    parts = []
    for row in rows[1:]:
        if not row[question] or not row[answer]:
            continue
        heading = " ".join(escaped(row[question]).split())
        text = "\n\n".join(line.strip() for line in escaped(row[answer]).splitlines() if line)
        more = f"（{row[similar]}）" if similar is not None and row[similar] else ""
        parts.append(f"## {heading}{escaped(more)}\n\n{text}")
    return "\n\n".join(parts) or None


def _as_table(rows: list[list[str]]) -> str:
    width = max(number + 1 for row in rows for number, cell in enumerate(row) if cell)
    lines = [_line(row[:width]) for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(" ".join(escaped(cell).split()) for cell in cells) + " |"
