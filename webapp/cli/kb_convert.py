"""`jiedai kb convert`: Word, PDF, HTML and Excel files as Markdown files to import."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import Misuse, say

if TYPE_CHECKING:
    from webapp.conversion.document import Document


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder for the Markdown files; those that are there are not overwritten.",
)
@click.option("--split", is_flag=True, help="An article for each of the highest headings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def convert(file: Path, out: Path, split: bool, as_json: bool) -> None:
    """Write what is in a Word, PDF, HTML or Excel file as Markdown, to be looked at and imported.

    Exit 2 when it cannot be read.
    """
    from webapp.conversion.document import PICTURES, BadDocument, split_by_headings
    from webapp.conversion.run import ConversionBusy
    from webapp.conversion.run import convert as run
    from webapp.file_store import safe_name

    with tempfile.TemporaryDirectory(prefix="jiedai-convert-") as name:
        folder = Path(name)
        try:
            converted = run(file, folder)
        except (BadDocument, ConversionBusy) as error:
            raise Misuse(f"{file.name}: {error}") from error
        documents = converted.documents
        if split:
            documents = [part for whole in documents for part in split_by_headings(whole)]
        try:
            beside = _free(out / PICTURES / safe_name(file.stem))
            written = [_write(document, out, beside.name) for document in documents]
            if converted.pictures:
                shutil.copytree(folder / PICTURES, beside)
        except OSError as error:
            raise Misuse(
                f"{out} cannot be written ({error.strerror or error}): name another folder."
            ) from error
    for remark in converted.remarks:
        say(f"note: {remark}")
    if as_json:
        click.echo(json.dumps({"files": written, "remarks": converted.remarks}, ensure_ascii=False))
    say(f"{len(written)} articles in {out}; look at them, then `jiedai kb import {out}`")


def _write(document: Document, out: Path, pictures: str) -> str:
    """Write one article under a name of its own; its name in the folder. `pictures` is the folder
    of its pictures below PICTURES."""
    from knowledge.links import rewrite_links
    from webapp.conversion.document import PICTURES
    from webapp.file_store import safe_name

    def rewrite(destination: str) -> str | None:
        before, _, name = destination.rpartition("/")
        return f"{PICTURES}/{pictures}/{name}" if before == PICTURES else None

    out.mkdir(parents=True, exist_ok=True)
    title = json.dumps(document.title, ensure_ascii=False)
    path = _free(out / f"{safe_name(document.title)[:80].strip('.-') or 'article'}.md")
    body = rewrite_links(document.markdown, rewrite)
    path.write_text(f"---\ntitle: {title}\n---\n\n{body}\n", encoding="utf-8")
    return path.name


def _free(path: Path) -> Path:
    """The path, or with a number when something is there."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
