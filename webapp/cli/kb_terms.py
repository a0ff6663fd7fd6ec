"""`jiedai kb terms`: what customers call what the articles name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from knowledge.errors import BadArticle, BadTerm
from webapp.cli.kb_files import counted, opened_database
from webapp.cli.kb_gate import BY
from webapp.cli.options import Misuse, data_option, existing, plain_errors, say

if TYPE_CHECKING:
    from knowledge.terms import Term
    from webapp.db.database import Database

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_BRAND = click.option("--brand", help="For this brand alone; default: for all.")


@click.group()
def terms() -> None:
    """List, add, remove, import and export terms: other words of customers for what articles name.

    Running processes read questions with a change from the next one on.
    """


@terms.command("list")
@data_option
@_JSON
def list_(data: Path | None, as_json: bool) -> None:
    """List the terms by name, each with the other ways to say it."""
    with _database(data) as database, database.read() as work:
        kept = work.terms.list()
    if as_json:
        click.echo(json.dumps([_plain(term) for term in kept], ensure_ascii=False))
        return
    for term in kept:
        brand = f"  [{term.brand_id}]" if term.brand_id else ""
        meaning = f"  ({term.meaning})" if term.meaning else ""
        click.echo(f"{term.name}: {', '.join(term.synonyms)}{meaning}{brand}")
    say(counted(len(kept), "term"))


@terms.command()
@click.argument("term")
@click.argument("synonyms", nargs=-1)
@click.option("--meaning", default="", help="What it means, for colleagues; it is not searched.")
@_BRAND
@data_option
def add(
    term: str, synonyms: tuple[str, ...], meaning: str, brand: str | None, data: Path | None
) -> None:
    """Add TERM, as the articles have it, with other ways to say it: SYNONYMS."""
    from knowledge.terms import Term
    from webapp.terms import keep_term

    new = Term(name=term, synonyms=synonyms, meaning=meaning, brand_id=brand)
    with _database(data) as database:
        kept = keep_term(database, new, by=BY, now=datetime.now(UTC))
    say(f"added {kept.name}")


@terms.command()
@click.argument("term")
@_BRAND
@data_option
def remove(term: str, brand: str | None, data: Path | None) -> None:
    """Remove TERM."""
    from knowledge.terms import form_of
    from webapp.terms import forget_term

    with _database(data) as database:
        with database.read() as work:
            found = [
                one
                for one in work.terms.list()
                if form_of(one.name) == form_of(term) and one.brand_id == (brand or None)
            ]
        if not found or found[0].id is None:
            raise Misuse(f"There is no term `{term}`; see `jiedai kb terms list`.")
        forget_term(database, found[0].id, by=BY, now=datetime.now(UTC))
    say(f"removed {found[0].name}")


@terms.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@_JSON
def import_(path: Path, data: Path | None, as_json: bool) -> None:
    """Take in a .csv or .yml file; what cannot be taken is listed, with exit 1."""
    from webapp.terms import import_terms

    with _database(data) as database:
        try:
            content, now = path.read_bytes(), datetime.now(UTC)
            imported = import_terms(database, content, str(path), by=BY, now=now)
        except BadArticle as error:
            raise Misuse(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(imported), ensure_ascii=False))
    for problem in imported.failed:
        say(str(problem))
    words = [f"{imported.added} added", f"{imported.changed} changed"]
    words += [f"{imported.unchanged} unchanged"]
    words += [counted(len(imported.failed), "problem")] if imported.failed else []
    say(", ".join(words))
    if imported.failed:
        raise SystemExit(1)


@terms.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def export(path: Path, data: Path | None) -> None:
    """Write every term to a .csv or .yml file; importing it again changes nothing."""
    from knowledge.term_files import write_csv, write_yaml

    suffix = path.suffix.lower()
    if suffix not in {".csv", ".yml", ".yaml"}:
        raise Misuse(f"{path}: terms are written as .csv or .yml; choose one of these endings.")
    with _database(data) as database, database.read() as work:
        kept = work.terms.list()
    try:
        path.write_bytes(write_csv(kept) if suffix == ".csv" else write_yaml(kept))
    except OSError as error:
        raise Misuse(f"{path} cannot be written: {error.strerror}.") from error
    say(f"{counted(len(kept), 'term')} in {path}")


@contextmanager
def _database(data: Path | None) -> Iterator[Database]:
    with plain_errors():
        try:
            with opened_database(existing(data)) as database:
                yield database
        except BadTerm as error:
            raise Misuse(str(error)) from error


def _plain(term: Term) -> dict[str, object]:
    return {
        "term": term.name,
        "synonyms": list(term.synonyms),
        "meaning": term.meaning,
        "brand": term.brand_id,
    }
