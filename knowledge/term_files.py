"""Terms from and to files: CSV as spreadsheets write it, and YAML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import yaml

from knowledge.encodings import Undecodable, decode_text
from knowledge.errors import BadArticle, BadTerm, Problem, TermTaken
from knowledge.terms import BETWEEN_WORDS, MAX_TERMS, Term, TermBook, form_of, tidied

COLUMNS = ("term", "synonyms", "meaning", "brand")

_CHINESE = {"词": "term", "词条": "term", "同义词": "synonyms", "含义": "meaning", "品牌": "brand"}
_BETWEEN = re.compile(rf"[{BETWEEN_WORDS}\n]")
_NOT_THE_FORM = "it must be a list of `term`, `synonyms` and, if need be, `meaning` and `brand`"
_FORMULA = re.compile(r"[=+\-@\t\r]")
_MADE_TEXT = re.compile(r"'(?=[=+\-@])")
_ROUNDS = 20  # words that move on through more terms than this are taken by the next import


@dataclass(frozen=True, slots=True)
class ParsedTerms:
    """What a file says, before anything is asked of the terms: each with its line."""

    file: str
    rows: tuple[tuple[int, Term], ...]


@dataclass(frozen=True, slots=True)
class TermsRead:
    """What a file of terms came to, in the order of the file.

    `added` and `changed` are as they are to be kept, `changed` under the ids of those that are
    there; `failed` tells what was left out, with its line.
    """

    added: tuple[Term, ...]
    changed: tuple[Term, ...]
    unchanged: tuple[Term, ...]
    failed: tuple[Problem, ...]


def parse_terms(data: bytes, file: str) -> ParsedTerms:
    """Read a CSV or YAML file; raises BadArticle when it is neither, or has too many terms.

    This takes seconds for a large file: do it before the database waits for the rest.
    """
    rows = tuple(_rows(data, file))
    if len(rows) > MAX_TERMS:
        message = f"there are more than {MAX_TERMS} terms in it; leave out what nobody says."
        raise BadArticle([Problem(file, message)])
    return ParsedTerms(file, rows)


def read_terms(parsed: ParsedTerms, kept: Sequence[Term]) -> TermsRead:
    """The terms of a file beside those that are `kept`.

    A term that is there already, for the same brand, takes the file's synonyms and meaning; terms
    that the file does not have stay.
    """
    file, rows = parsed.file, parsed.rows
    there = {_key(term): term for term in kept}
    failed: dict[int, tuple[str, ...]] = {}
    firsts: dict[tuple[str, str | None], int] = {}
    waiting: list[tuple[int, Term]] = []
    for number, (_, row) in enumerate(rows):
        first = firsts.setdefault(_key(row), number)
        if first != number:
            line = rows[first][0]
            failed[number] = (f"`{row.name}` is in line {line} too; keep one of them.",)
        else:
            waiting.append((number, _instead_of(there.get(_key(row)), row)))
    taken, refused = _take(waiting, TermBook(kept))
    failed |= refused
    return TermsRead(
        added=tuple(term for term in taken if term.id is None),
        changed=tuple(t for t in taken if t.id is not None and not _same(there.get(_key(t)), t)),
        unchanged=tuple(term for term in taken if _same(there.get(_key(term)), term)),
        failed=tuple(
            Problem(file, problem, rows[number][0])
            for number, problems in sorted(failed.items())
            for problem in problems
        ),
    )


def _take(
    waiting: Sequence[tuple[int, Term]], book: TermBook
) -> tuple[list[Term], dict[int, tuple[str, ...]]]:
    """The numbered terms that can stand beside those of the book, and why the others cannot.

    A word may move from one term of the file to another: what another term still has in one round,
    it may have given up in the next.
    """
    taken: dict[int, Term] = {}
    failed: dict[int, tuple[str, ...]] = {}
    for _ in range(_ROUNDS):
        again: list[tuple[int, Term]] = []
        for number, row in waiting:
            try:
                term = book.check(row)
            except BadTerm as error:
                failed[number] = error.problems
                again += [(number, row)] if isinstance(error, TermTaken) else []
                continue
            failed.pop(number, None)
            book.put(term)
            taken[number] = term
        if len(again) == len(waiting):
            break
        waiting = again
    return [taken[number] for number in sorted(taken)], failed


def write_csv(kept: Iterable[Term]) -> bytes:
    """A CSV file that spreadsheets open as UTF-8; synonyms are parted by `|`. What they would take
    for a formula has a `'` before it, which reading takes away."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for term in kept:
        cells = (term.name, "|".join(term.synonyms), term.meaning, term.brand_id or "")
        writer.writerow(f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells)
    return ("\ufeff" + file.getvalue()).encode()


def write_yaml(kept: Iterable[Term]) -> bytes:
    """A YAML file."""
    entries = []
    for term in kept:
        entry: dict[str, object] = {"term": term.name, "synonyms": list(term.synonyms)}
        entry |= {"meaning": term.meaning} if term.meaning else {}
        entry |= {"brand": term.brand_id} if term.brand_id else {}
        entries.append(entry)
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100).encode()


def _rows(data: bytes, file: str) -> list[tuple[int, Term]]:
    try:
        text = decode_text(data).text.removeprefix("\ufeff")
    except Undecodable as error:
        raise BadArticle([Problem(file, str(error), error.line)]) from error
    if file.lower().endswith((".yml", ".yaml")):
        return list(_from_yaml(text, file))
    if file.lower().endswith((".csv", ".txt", ".tsv")):
        return list(_from_csv(text, file))
    message = "a list of terms is a .csv or a .yml file; save it as one of them."
    raise BadArticle([Problem(file, message)])


def _from_csv(text: str, file: str) -> Iterator[tuple[int, Term]]:
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
    try:
        head = [_column(name) for name in next(reader, [])]
        if "term" not in head or "synonyms" not in head:
            message = "the first line must name the columns; write term,synonyms,meaning,brand."
            raise BadArticle([Problem(file, message, 1)])
        line = reader.line_num + 1
        for cells in reader:
            texts = (
                _MADE_TEXT.sub("", cell, count=1) if cell[:1] == "'" else cell for cell in cells
            )
            row = dict(zip(head, texts, strict=False))
            if any(cell.strip() for cell in cells):
                yield line, _term(row, _BETWEEN.split(row.get("synonyms", "")))
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"this line is no CSV ({error}); put texts with quotes or line ends in quotes."
        raise BadArticle([Problem(file, message, reader.line_num)]) from error


def _from_yaml(text: str, file: str) -> Iterator[tuple[int, Term]]:
    """Every value as it is written: NO and 1.50 are words, and no alias multiplies."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        message = f"this is not valid YAML; {_NOT_THE_FORM}."
        raise BadArticle([Problem(file, message, mark.line + 1 if mark else None)]) from error
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        raise BadArticle([Problem(file, f"{_NOT_THE_FORM}.", 1)])
    for entry in root.value:
        line = entry.start_mark.line + 1
        if not isinstance(entry, yaml.MappingNode):
            raise BadArticle([Problem(file, f"{_NOT_THE_FORM}.", line)])
        values = {str(key.value): node for key, node in entry.value}
        if "term" not in values:
            raise BadArticle([Problem(file, f"{_NOT_THE_FORM}.", line)])
        said = values.pop("synonyms", None)
        row = {name: _written(node, file) for name, node in values.items() if name in COLUMNS}
        if isinstance(said, yaml.SequenceNode):
            yield line, _term(row, [_written(node, file) for node in said.value])
        else:
            yield line, _term(row, _BETWEEN.split(_written(said, file) if said else ""))


def _written(node: yaml.Node, file: str) -> str:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise BadArticle([Problem(file, f"{_NOT_THE_FORM}.", line)])
    text = str(node.value)
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        message = "this line has a character that is none (\\0 or \\uD8…); remove it."
        raise BadArticle([Problem(file, message, line)])
    return "" if node.tag.endswith(":null") else text


def _term(row: Mapping[str, str], said: Iterable[str]) -> Term:
    return tidied(
        Term(
            name=row.get("term", ""),
            synonyms=tuple(said),
            meaning=row.get("meaning", ""),
            brand_id=row.get("brand", ""),
        )
    )


def _column(name: str) -> str:
    bare = name.strip().lower()
    return _CHINESE.get(bare, bare)


def _key(term: Term) -> tuple[str, str | None]:
    return form_of(term.name), term.brand_id


def _instead_of(there: Term | None, row: Term) -> Term:
    """The row under the id of the term that is there."""
    return row if there is None else replace(row, id=there.id, revision=there.revision)


def _same(there: Term | None, term: Term) -> bool:
    return there is not None and (there.name, there.synonyms, there.meaning) == (
        term.name,
        term.synonyms,
        term.meaning,
    )
