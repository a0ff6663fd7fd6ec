"""Reads training data from Rasa YAML, CSV and TSV files, and writes it back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from nlu.errors import BadTrainingData
from nlu.rasa_yaml import read_yaml, write_yaml
from nlu.training_data import Example, Place, Problem, TrainingData

SUFFIXES: Final = (".yml", ".yaml", ".csv", ".tsv")
_TEXT_HEADERS: Final = frozenset({"text", "utterance", "query", "sentence", "example"})
_INTENT_HEADERS: Final = frozenset({"intent", "label", "category"})
_LONGEST_FIELD: Final = 1_000_000


def read_training_data(paths: Sequence[Path]) -> TrainingData:
    """Everything in the files and folders (a folder's files in the order of their names).

    In the folder of a pack only its `nlu` subfolder is read, so that the test files beside it do
    not slip into training; with it comes what all packs share, the `common/nlu` beside the pack.
    Raises BadTrainingData that lists all problems of all files.
    """
    problems: list[Problem] = []
    parts: list[TrainingData] = []
    for file in _files(paths):
        data, found = _read_file(file)
        parts.append(data)
        problems.extend(found)
    if problems:
        raise BadTrainingData("\n".join(str(p) for p in problems))
    return TrainingData(
        examples=tuple(e for part in parts for e in part.examples),
        synonyms=tuple(s for part in parts for s in part.synonyms),
        regexes=tuple(r for part in parts for r in part.regexes),
        lookups=tuple(t for part in parts for t in part.lookups),
    )


def write_training_data(data: TrainingData, path: Path) -> None:
    """Write in the format that the file's name ends in.

    CSV (with a header) and TSV (without) keep texts and intents only; YAML keeps everything.
    """
    if path.suffix in {".yml", ".yaml"}:
        text = write_yaml(data)
    elif path.suffix == ".csv":
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["text", "intent"])
        writer.writerows([e.text, e.intent] for e in data.examples)
        text = out.getvalue()
    elif path.suffix == ".tsv":
        text = "".join(f"{' '.join(e.text.split())}\t{e.intent}\n" for e in data.examples)
    else:
        raise BadTrainingData(f"{path}: unknown format, expected one of {', '.join(SUFFIXES)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise BadTrainingData(f"{path}: no such file or folder")
        if path.is_file():
            found.append(path)
            continue
        folder = path / "nlu" if (path / "nlu").is_dir() else path
        files = _training_files(folder)
        if not files:
            wanted = ", ".join(SUFFIXES)
            raise BadTrainingData(f"{folder}: no training files in this folder ({wanted})")
        found.extend(files)
        if folder.name == "nlu":
            found.extend(_training_files(folder.resolve().parent.parent / "common" / "nlu"))
    return list({file.resolve(): file for file in found}.values())


def _training_files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.suffix in SUFFIXES and f.is_file())


def _read_file(path: Path) -> tuple[TrainingData, list[Problem]]:
    file = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = f"not UTF-8 (byte {error.start}): save the file as UTF-8"
        return TrainingData(), [Problem("encoding", message, Place(file, line))]
    text = text.replace("\r\n", "\n")
    if path.suffix in {".yml", ".yaml"}:
        return read_yaml(text, file=file)
    if path.suffix in {".csv", ".tsv"}:
        rows = _csv_rows(text) if path.suffix == ".csv" else _tsv_rows(text)
        return _read_rows(rows, file=file)
    message = f"unknown format, expected one of {', '.join(SUFFIXES)}"
    return TrainingData(), [Problem("unreadable", message, Place(file))]


def _csv_rows(text: str) -> Iterator[tuple[list[str], int]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(StringIO(text), strict=True)
    line = 1
    for row in reader:
        yield row, line
        line = reader.line_num + 1


def _tsv_rows(text: str) -> Iterator[tuple[list[str], int]]:
    for line, row in enumerate(text.split("\n"), 1):
        yield row.split("\t") if row else [], line


def _read_rows(
    rows: Iterator[tuple[list[str], int]], *, file: str
) -> tuple[TrainingData, list[Problem]]:
    examples: list[Example] = []
    problems: list[Problem] = []
    text_at, intent_at, first = 0, 1, True
    try:
        for row, line in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            columns = _header(cells) if first else None
            first = False
            if columns is not None:
                text_at, intent_at = columns
                continue
            place = Place(file, line)
            if len(cells) <= max(text_at, intent_at):
                problems.append(Problem("unreadable", "expected a text and an intent", place))
            elif not cells[text_at] or not cells[intent_at]:
                missing = "intent" if cells[text_at] else "text"
                problems.append(Problem("unreadable", f"the {missing} is empty", place))
            else:
                examples.append(Example(cells[text_at], cells[intent_at], place=place))
    except csv.Error as error:
        problems.append(Problem("unreadable", f"not CSV: {error}", Place(file)))
    if not examples and not problems:
        problems.append(Problem("unreadable", "the file holds no examples", Place(file)))
    return TrainingData(examples=tuple(examples)), problems


def _header(cells: Sequence[str]) -> tuple[int, int] | None:
    """The columns of text and intent, when this row names them."""
    names = [cell.lower() for cell in cells]
    text_at = next((i for i, name in enumerate(names) if name in _TEXT_HEADERS), None)
    intent_at = next((i for i, name in enumerate(names) if name in _INTENT_HEADERS), None)
    return None if text_at is None or intent_at is None else (text_at, intent_at)
