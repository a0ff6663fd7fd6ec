"""`jiedai benchmark`: measure on a folder of examples."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from knowledge.errors import BadArticle
from webapp.cli.options import Misuse, bad_data
from webapp.settings import Settings


@click.group()
def benchmark() -> None:
    """Measure on a folder of examples."""


@benchmark.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--similar",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of similar questions (text, id) for the articles.",
)
@click.option("--baseline", is_flag=True, help="Add character n-grams alone.")
def faq(folder: Path, as_json: bool, similar: Path | None, baseline: bool) -> None:
    """Search on FOLDER: faq.tsv or corpus.tsv (id, question) with test.tsv or queries.tsv
    (text, id), two columns with one tab between.
    """
    from knowledge.evaluate import benchmark_faq
    from nlu.encoder import load_encoder

    with bad_data():
        encoder = load_encoder(Settings.from_env().encoder_source)
        try:
            figures = benchmark_faq(
                folder, encoder.encode_with_tokens, similar=similar, baseline=baseline
            )
        except BadArticle as error:
            raise Misuse(str(error)) from error
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:<18} {value:8.3f}")


@benchmark.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--baseline", is_flag=True, help="Add n-grams with an SVM, and the nearest example.")
@click.option("--with-dev", is_flag=True, help="Learn from dev.tsv as well.")
def nlu(folder: Path, as_json: bool, baseline: bool, with_dev: bool) -> None:
    """Understanding on FOLDER: train.tsv and test.tsv (text, label), maybe oos_train.tsv and
    files *oos_test.tsv, two columns with one tab between.
    """
    from nlu.benchmark import benchmark as measure_folder
    from nlu.encoder import load_encoder
    from webapp.understanding import read_everyday

    with bad_data():
        settings = Settings.from_env()
        encoder = load_encoder(settings.encoder_source)
        figures = measure_folder(
            folder,
            encoder.features,
            language=encoder.words(),
            everyday=read_everyday(settings.home / "training_data" / "common"),
            baseline=baseline,
            with_dev=with_dev,
        )
    content = {name: value for name, value in asdict(figures).items() if value is not None}
    click.echo(json.dumps(content, indent=None if as_json else 2))
