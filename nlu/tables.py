"""Reads training data from tables: CSV as spreadsheets save it, and TSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from nlu.training_data import Example, Place, Problem, TrainingData

_TEXT_HEADERS: Final = frozenset(
    [
        *("text", "utterance", "query", "question", "sentence", "example"),
        *("文本", "内容", "问题", "问法", "语料", "话术", "用户问题"),
    ]
)
_INTENT_HEADERS: Final = frozenset(["intent", "label", "category", "意图", "标签", "类别", "分类"])
_LONGEST_FIELD: Final = 10_000_000
_ENOUGH_ROWS: Final = 8  # to see which of two columns holds the intents

_Row = tuple[list[str], int]


def read_csv(text: str, *, file: str) -> tuple[TrainingData, list[Problem]]:
    """Texts and intents by the columns' names, or else the first two columns.

    The columns are set apart by commas, semicolons or tabs, whichever the first line has most of.
    """
    first = next((line for line in text.split("\n") if line.strip()), "")
    marks = max((",", ";", "\t"), key=first.count)
    problems: list[Problem] = []
    data, found = _read_rows(_csv_rows(text, marks, file, problems), file=file)
    return data, [*problems, *found]


def read_tsv(text: str, *, file: str) -> tuple[TrainingData, list[Problem]]:
    """As `read_csv` with tabs; quotation marks mean nothing, and a row is a line."""
    rows = ((row.split("\t"), line) for line, row in enumerate(text.split("\n"), 1))
    return _read_rows(rows, file=file)


def _csv_rows(text: str, marks: str, file: str, problems: list[Problem]) -> Iterator[_Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(StringIO(text, newline=""), strict=True, delimiter=marks)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"not CSV: {error}; from here on nothing was read"
            problems.append(Problem("unreadable", message, Place(file, line)))
            return
        yield row, line
        line = reader.line_num + 1


def _read_rows(rows: Iterator[_Row], *, file: str) -> tuple[TrainingData, list[Problem]]:
    filled = [
        ([cell.strip() for cell in row], line) for row, line in rows if any(map(str.strip, row))
    ]
    columns, problems = _columns(filled[0], file) if filled else (None, [])
    examples: list[Example] = []
    for cells, line in filled[0 if columns is None else 1 :]:
        found = _example(cells, columns, Place(file, line))
        if isinstance(found, Example):
            examples.append(found)
        else:
            problems.append(found)
    if columns is None and _swapped(examples):
        message = "the first column looks like the intents: name the columns `text` and `intent`"
        problems.append(Problem("unreadable", message, Place(file)))
    if not examples and not problems:
        problems.append(Problem("unreadable", "the file holds no examples", Place(file)))
    return TrainingData(examples=tuple(examples)), problems


def _columns(first: _Row, file: str) -> tuple[tuple[int, int] | None, list[Problem]]:
    """The columns of text and intent, when the first row names them."""
    cells, line = first
    names = [cell.lower() for cell in cells]
    text_at = next((i for i, name in enumerate(names) if name in _TEXT_HEADERS), None)
    intent_at = next((i for i, name in enumerate(names) if name in _INTENT_HEADERS), None)
    if text_at is not None and intent_at is not None:
        return (text_at, intent_at), []
    if len(cells) > 1 and (text_at is not None or intent_at is not None):
        missing = "intents: name it `intent`" if intent_at is None else "texts: name it `text`"
        message = f"the columns have names, but none is that of the {missing}"
        return None, [Problem("unreadable", message, Place(file, line))]
    return None, []


def _example(
    cells: Sequence[str], columns: tuple[int, int] | None, place: Place
) -> Example | Problem:
    text_at, intent_at = columns or (0, 1)
    if len(cells) <= max(text_at, intent_at):
        return Problem("unreadable", "expected a text and an intent", place)
    if columns is None and any(cells[2:]):
        filled = len([cell for cell in cells if cell])
        message = (
            f"{filled} columns where two are expected: put a text with commas in quotation marks,"
            " or name the columns in the first line"
        )
        return Problem("unreadable", message, place)
    if not cells[text_at] or not cells[intent_at]:
        missing = "intent" if cells[text_at] else "text"
        return Problem("unreadable", f"the {missing} is empty", place)
    if any(mark in cells[intent_at] for mark in "\t\n\r"):
        message = f"the intent {cells[intent_at]!r} holds a tab or a line break: rename it"
        return Problem("unreadable", message, place)
    return Example(cells[text_at], cells[intent_at], place=place)


def _swapped(examples: Sequence[Example]) -> bool:
    texts, intents = {e.text for e in examples}, {e.intent for e in examples}
    return len(examples) >= _ENOUGH_ROWS and 4 * len(texts) <= len(examples) < 2 * len(intents)
