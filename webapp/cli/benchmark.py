"""`jiedai benchmark`: measure on a folder of examples."""

from __future__ import annotations

import json
from pathlib import Path

import click

from knowledge.errors import BadArticle
from nlu.errors import NluError
from webapp.settings import Settings


@click.group()
def benchmark() -> None:
    """Measure on a folder of examples."""


@benchmark.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def faq(folder: Path, as_json: bool) -> None:
    """Search on FOLDER: faq.tsv or corpus.tsv (id, question) with test.tsv or queries.tsv
    (text, id), two columns with one tab between.
    """
    from knowledge.evaluate import benchmark_faq
    from nlu.encoder import load_encoder

    try:
        figures = benchmark_faq(folder, load_encoder(Settings.from_env().encoder_source).encode)
    except NluError as error:
        raise click.ClickException(str(error)) from error
    except BadArticle as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:<13} {value:8.3f}")
