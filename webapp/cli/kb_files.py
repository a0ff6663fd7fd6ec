"""`jiedai kb import` and `export`: knowledge from and to files."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from knowledge.errors import BadArticle
from webapp.cli.options import Misuse, data_option, existing, plain_errors, say
from webapp.settings import Settings

if TYPE_CHECKING:
    from nlu.encoder import Encoder
    from webapp.db.database import Database
    from webapp.exporting import Exported, Exporter
    from webapp.import_part import Imported
    from webapp.knowledge_tests import KnowledgeTests
    from webapp.learning_records import HeldUp


OVERRIDE = click.option(
    "--override", metavar="REASON", help="Why, although tests of knowledge speak against it."
)


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@data_option
@OVERRIDE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_(path: Path, data: Path | None, override: str | None, as_json: bool) -> None:
    """Import a Markdown file, a folder or a zip; what has not changed is left alone.

    Good files go in, the others are listed: exit 1. When nothing could be read: exit 2. What tests
    of knowledge speak against is kept as a draft, and listed with the question: exit 1 as well.
    """
    with plain_errors():
        imported = _import(path, existing(data), override, quiet=as_json)
    if as_json:
        from webapp.import_jobs import report_of

        click.echo(json.dumps(report_of(imported), ensure_ascii=False))
    for remark in imported.remarks:
        say(f"note: {remark}")
    for problem in imported.failed:
        say(str(problem))
    for held in imported.held:
        _say_held(held)
    not_live = [held for held in imported.held if held.fate != "taken"]
    words = [
        f"{len(imported.added)} added",
        f"{len(imported.changed)} changed",
        f"{len(imported.unchanged)} unchanged",
    ]
    words += [f"{len(not_live)} held up by tests"] if not_live else []
    words += [counted(len(imported.failed), "problem")] if imported.failed else []
    say(", ".join(words))
    if imported.failed or not_live:
        raise SystemExit(1)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def export(path: Path, data: Path | None, as_json: bool) -> None:
    """Write every published article as Markdown, with its pictures, to a new folder or a .zip.

    Importing it again changes nothing.
    """
    from webapp.exporting import Exporter
    from webapp.file_store import FileStore

    with plain_errors():
        settings = existing(data)
        with opened_database(settings) as database:
            exported = _export(path, Exporter(database, FileStore(settings.files_folder)))
    if as_json:
        click.echo(json.dumps(asdict(exported), ensure_ascii=False))
    for missing in exported.missing:
        say(f"note: {missing} is not on the disk any more")
    say(f"{counted(exported.articles, 'article')} and {counted(exported.files, 'file')} in {path}")


def _say_held(held: HeldUp) -> None:
    fate = {
        "draft": "kept as a draft; mend it, or import it with --override REASON",
        "taken": "taken all the same",
        "left": "not taken",
    }[held.fate.value]
    say(f"{held.file}: tests of knowledge speak against it: {fate}")
    for whose, outcomes in (("its own", held.failing), ("another article's", held.broken)):
        for outcome in outcomes:
            told = wanted_and_found(outcome.heading, outcome.found, answerable=outcome.answerable)
            say(f"  {whose} {outcome.question!r} {told}")


def wanted_and_found(heading: str | None, found: str, *, answerable: bool) -> str:
    """What a failed test wanted and what came of it, in words."""
    unsure = ", too unsure to tell it" if heading and found and not answerable else ""
    return f"wants {heading or 'no answer'}, finds {found or 'nothing'}{unsure}"


def counted(count: int, word: str) -> str:
    """The number with its word, `1 term` and `2 terms`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _export(path: Path, exporter: Exporter) -> Exported:
    """Raises Misuse when the place cannot be written, or holds something else."""
    is_zip = path.suffix.lower() == ".zip"
    if path.is_file() and not is_zip:
        raise Misuse(f"{path} is a file: name a new folder, or a .zip.")
    if path.is_dir() and (is_zip or any(path.iterdir())):
        raise Misuse(f"{path} is a folder with files: name a new folder, or a .zip.")
    try:
        if not is_zip:
            return exporter.to_folder(path)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=".export-", suffix=".zip", delete=False
        ) as file:
            try:
                exported = exporter.to_zip(file)
            except BaseException:
                Path(file.name).unlink()
                raise
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        raise Misuse(f"{path} cannot be written ({error.strerror}): name another place.") from error
    return exported


def _import(path: Path, settings: Settings, override: str | None, *, quiet: bool) -> Imported:
    from webapp.bootstrap import make_publisher
    from webapp.file_store import FileStore
    from webapp.importing import Importer

    with opened_database(settings) as database:
        encoder = read_encoder(settings)
        importer = Importer(
            database,
            make_publisher(database, encoder),
            FileStore(settings.files_folder),
            cache(lambda: load_tests(database, encoder, settings)),
            zone=settings.zone,
        )
        try:
            with _progress(quiet=quiet) as show:
                return importer.import_path(
                    path,
                    by="jiedai kb import",
                    override=override,
                    now=datetime.now(UTC),
                    progress=show.update_to,
                )
        except BadArticle as error:
            raise Misuse(f"Nothing was imported.\n{error}") from error


class _Shown:
    """A bar that begins when the length is known."""

    def __init__(self, *, quiet: bool) -> None:
        self._hidden = quiet or not sys.stderr.isatty()
        self._bar: click._termui_impl.ProgressBar[int] | None = None

    def update_to(self, done: int, total: int) -> None:
        """Show that `done` of `total` articles are in."""
        if self._hidden:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, label="Importing", file=sys.stderr)
            self._bar.render_progress()
        self._bar.update(done - self._bar.pos)

    def close(self) -> None:
        """End the line."""
        if self._bar is not None:
            self._bar.render_finish()


@contextmanager
def _progress(*, quiet: bool) -> Iterator[_Shown]:
    shown = _Shown(quiet=quiet)
    try:
        yield shown
    finally:
        shown.close()


def load_tests(database: Database, encoder: Encoder, settings: Settings) -> KnowledgeTests:
    """What asks the tests of knowledge: reads every article first."""
    from webapp.bootstrap import load_knowledge, make_tests

    live = load_knowledge(
        database, encoder, timezone=settings.timezone, vector_index=settings.vector_index
    )
    return make_tests(database, encoder, live)


def read_encoder(settings: Settings) -> Encoder:
    """The installation's encoder; raises ModelUnavailable."""
    from nlu.encoder import load_encoder

    return load_encoder(settings.encoder_source)


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """The installation's database, closed at the end."""
    from webapp.db.database import Database

    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()
