"""Reads training data from Rasa YAML, CSV and TSV files, and writes it back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from nlu.artefact_files import write_whole
from nlu.encodings import decode_file
from nlu.errors import BadTrainingData
from nlu.rasa_yaml import read_yaml
from nlu.rasa_yaml_write import write_yaml
from nlu.tables import read_csv, read_tsv
from nlu.training_data import Example, Place, Problem, Severity, TrainingData, find_problems, refuse

_COUNTS: Final = ("one_intent", "too_few_examples")
SUFFIXES: Final = (".yml", ".yaml", ".csv", ".tsv")


def read_training_data(paths: Sequence[Path]) -> TrainingData:
    """Everything in the files and folders (a folder's files in the order of their names).

    In the folder of a pack only its `nlu` subfolder is read, so that the test files beside it do
    not slip into training; with it comes what all packs share, the `common/nlu` beside the pack.
    Raises BadTrainingData that lists all problems of all files.
    """
    data, problems = scan_training_data(paths)
    refuse(problems)
    return data


def scan_training_data(paths: Sequence[Path]) -> tuple[TrainingData, tuple[Problem, ...]]:
    """As `read_training_data`: what could be read, and what is wrong with the rest.

    Raises BadTrainingData only for a path without training files.
    """
    problems: list[Problem] = []
    parts: list[TrainingData] = []
    for file in _files(paths):
        data, found = _read_file(file)
        parts.append(data)
        problems.extend(found)
    data = TrainingData(
        examples=tuple(e for part in parts for e in part.examples),
        synonyms=tuple(s for part in parts for s in part.synonyms),
        regexes=tuple(r for part in parts for r in part.regexes),
        lookups=tuple(t for part in parts for t in part.lookups),
        sections=tuple(s for part in parts for s in part.sections),
    )
    return data, tuple(problems)


def check_training_data(
    paths: Sequence[Path], *, few: int = 5
) -> tuple[TrainingData, tuple[Problem, ...]]:
    """What could be read, and all that is wrong with it: single lines, and the data as a whole.

    Raises as `scan_training_data` does; `nlu.training_data.refuse` raises for the errors found.
    """
    data, unread = scan_training_data(paths)
    # A file that gave nothing may hold what seems to be missing.
    read = {example.place.file for example in data.examples}
    errors = (problem for problem in unread if problem.severity is Severity.ERROR)
    blind = any(problem.place.file not in read for problem in errors)
    whole = find_problems(data, few=few)
    return data, (*unread, *(p for p in whole if not (blind and p.kind in _COUNTS)))


def write_training_data(data: TrainingData, path: Path) -> None:
    """Write in the format that the file's name ends in.

    CSV (with a header) and TSV (with one only where it would be misread without) keep texts and
    intents only, see `lost_in_table`; YAML keeps everything. Raises BadTrainingData for a format
    that is not known, and for texts and intents that the format cannot hold.
    """
    suffix = path.suffix.lower()
    if suffix in {".yml", ".yaml"}:
        text = write_yaml(data)
    elif suffix == ".csv":
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["text", "intent"])
        writer.writerows([e.text, e.intent] for e in data.examples)
        text = out.getvalue()
    elif suffix == ".tsv":
        text = _as_tsv(data.examples)
    else:
        raise BadTrainingData(f"{path}: unknown format, expected one of {', '.join(SUFFIXES)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())


def _as_tsv(examples: Sequence[Example]) -> str:
    for example in examples:
        if any(mark in example.intent for mark in "\t\n\r"):
            where = f"{example.place}: " if str(example.place) else ""
            raise BadTrainingData(
                f"{where}TSV cannot hold the intent {example.intent!r}: rename it, a tab or a line"
                " break ends a column"
            )
    text = "".join(f"{' '.join(e.text.split())}\t{e.intent}\n" for e in examples)
    data, problems = read_tsv(text, file="")
    misread = problems or len(data.examples) < len(examples)
    return f"text\tintent\n{text}" if misread else text


def lost_in_table(data: TrainingData, *, lines: bool) -> dict[str, int]:
    """What CSV and TSV have no place for, and how many there are; `lines` when a row is a line."""
    counts = {
        "entities": sum(len(e.annotations) for e in data.examples),
        "metadata": sum(bool(e.metadata or e.intent_metadata) for e in data.examples),
        "line breaks": sum(lines and len(e.text.splitlines()) > 1 for e in data.examples),
        "synonyms": len(data.synonyms),
        "regexes": len(data.regexes),
        "lookup tables": len(data.lookups),
    }
    counts.update((f"the section {section.name!r}", 1) for section in data.sections)
    return {what: count for what, count in counts.items() if count}


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
    return sorted(f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file())


def _read_file(path: Path) -> tuple[TrainingData, list[Problem]]:
    file = str(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        message = f"unknown format, expected one of {', '.join(SUFFIXES)}"
        return TrainingData(), [Problem("unreadable", message, Place(file))]
    text, problems = decode_file(path.read_bytes(), file=file)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return TrainingData(), problems
    if suffix in {".yml", ".yaml"}:
        data, found = read_yaml(text, file=file)
    else:
        read = read_csv if suffix == ".csv" else read_tsv
        data, found = read(text, file=file)
    return data, [*problems, *found]
