"""`jiedai train`, `test`, `parse` and `data`: train the understanding, measure it, try it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nlu.errors import BadTrainingData
from webapp.cli.options import Misuse, data_option, plain_errors, typed_lines
from webapp.settings import Settings

if TYPE_CHECKING:
    from nlu.encoder import Encoder
    from nlu.evaluate import Judged
    from nlu.pipeline import NluPipeline
    from nlu.train import Progress

_RANKED = 5
"""So many intents are shown to somebody who types message after message."""

_SOURCE = click.option(
    "--data",
    "-u",
    "sources",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="A file or folder of training data (Rasa YAML, CSV, TSV); may be given several times.",
)
_MODEL = click.option(
    "--model",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of a trained model (default: that of the data folder).",
)


@click.group()
def train() -> None:
    """Train models."""


@train.command("nlu")
@_SOURCE
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
def train_nlu(sources: tuple[Path, ...], out: Path) -> None:
    """Train the understanding; OUT keeps its earlier model until the new one is whole."""
    from nlu.formats import read_training_data
    from nlu.training_data import Severity, find_problems
    from webapp.db.database import utc_now
    from webapp.trained_packs import features_file
    from webapp.understanding import train_data

    with _errors():
        data = read_training_data(sources)
        for problem in find_problems(data):
            if problem.severity is Severity.WARNING:
                _say(f"warning: {problem}")
        encoder = _encoder(threads=os.cpu_count() or 1)
        settings = Settings.from_env()
        with _progress("training") as show:
            manifest = train_data(
                data,
                out=out,
                encoder=encoder,
                features_file=features_file(settings, encoder),
                mood=settings.home / "training_data" / "common" / "mood.yml",
                now=utc_now(),
                progress=show,
            )
    scores = ", ".join(f"{name} {value:g}" for name, value in manifest.scores.items())
    _say(f"{out}: {len(manifest.labels)} intents from {manifest.examples} examples.")
    _say(f"Cross-validated: {scores}.")


@click.group()
def test() -> None:
    """Test models."""


@test.command("nlu")
@_MODEL
@_SOURCE
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--cross-validation", is_flag=True, help="Train on parts of DATA, no model needed.")
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True)
def test_nlu(
    model: Path | None, sources: tuple[Path, ...], out: Path, cross_validation: bool, folds: int
) -> None:
    """Write the reports of an evaluation to OUT, and print its figures as JSON."""
    with _errors():
        judged = _cross_validated(sources, folds) if cross_validation else _tested(model, sources)
        from nlu.report import write_report

        metrics = write_report(judged, out)
    click.echo(json.dumps(asdict(metrics), indent=2))


@click.command()
@click.argument("text")
@_MODEL
@data_option
def parse(text: str, model: Path | None, data: Path | None) -> None:
    """Understand TEXT and print the answer of `POST /model/parse`."""
    with _errors():
        pipeline = _pipeline(model, data)
    click.echo(_understood(pipeline, text))


@click.command("nlu")
@_MODEL
@data_option
def shell_nlu(model: Path | None, data: Path | None) -> None:
    """Type messages, see what is understood and the likeliest intents; an empty line ends."""
    with _errors():
        pipeline = _pipeline(model, data)
    for text in typed_lines():
        click.echo(_understood(pipeline, text, ranked=_RANKED))


@click.group()
def data() -> None:
    """Check, split and convert training data."""


@data.command()
@click.argument("paths", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option("--few", type=click.IntRange(2), default=5, show_default=True, help="Too few below.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def validate(paths: tuple[Path, ...], few: int, as_json: bool) -> None:
    """Find duplicates, one text in two intents, thin intents and unreadable lines.

    Ends with 1 when anything was found.
    """
    from nlu.formats import read_training_data
    from nlu.training_data import find_problems

    try:
        found = read_training_data(paths)
    except BadTrainingData as error:
        lines = str(error).splitlines()
        rows = [{"severity": "error", "kind": "unreadable", "message": line} for line in lines]
    else:
        rows = [
            {"severity": p.severity.value, "kind": p.kind, "message": str(p)}
            for p in find_problems(found, few=few)
        ]
        _say(f"{len(found.examples)} examples of {len(found.intents)} intents.")
    if as_json:
        click.echo(json.dumps({"problems": rows}, ensure_ascii=False))
    else:
        for row in rows:
            click.echo(f"{row['severity']}: {row['message']}")
    if rows:
        raise click.exceptions.Exit(1)


@data.group()
def split() -> None:
    """Split training data in two."""


@split.command("nlu")
@_SOURCE
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--training-fraction", type=click.FloatRange(0.01, 0.99), default=0.8)
@click.option("--random-seed", type=int, default=0, show_default=True)
def split_nlu(
    sources: tuple[Path, ...], out: Path, training_fraction: float, random_seed: int
) -> None:
    """Write OUT/training_data.yml and OUT/test_data.yml, every intent in the same proportion."""
    from nlu.folds import stratified_split
    from nlu.formats import read_training_data, write_training_data

    with _errors():
        found = read_training_data(sources)
        labels = [example.intent for example in found.examples]
        is_test = stratified_split(labels, test_share=1 - training_fraction, seed=random_seed)
        pairs = list(zip(found.examples, is_test.tolist(), strict=True))
        learn = tuple(example for example, tested in pairs if not tested)
        tests = tuple(example for example, tested in pairs if tested)
        write_training_data(replace(found, examples=learn), out / "training_data.yml")
        only_tests = replace(found, examples=tests, synonyms=(), regexes=(), lookups=())
        write_training_data(only_tests, out / "test_data.yml")
    _say(f"{len(learn)} examples for training, {len(tests)} for testing in {out}.")


@data.command()
@_SOURCE
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def convert(sources: tuple[Path, ...], out: Path) -> None:
    """Write DATA to OUT in the format that its name ends in (.yml, .csv, .tsv)."""
    from nlu.formats import read_training_data, write_training_data

    with _errors():
        found = read_training_data(sources)
        write_training_data(found, out)
        lost = len(found.synonyms) + len(found.regexes) + len(found.lookups)
        lost += sum(len(example.annotations) for example in found.examples)
    if lost and out.suffix in {".csv", ".tsv"}:
        _say(f"warning: {lost} entities, synonyms, regexes and lookups have no place in {out}.")
    _say(f"{len(found.examples)} examples in {out}.")


@data.command()
@_SOURCE
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--random-seed", type=int, default=0, show_default=True)
def perturb(sources: tuple[Path, ...], out: Path, random_seed: int) -> None:
    """Write DATA as people mistype it: OUT/homophone.tsv, OUT/missing.tsv …, one slip a text.

    Test a model on each file to see how much the slips cost.
    """
    from nlu.formats import read_training_data, write_training_data
    from nlu.perturb import perturb as spoil

    with _errors():
        found = read_training_data(sources)
        for kind, examples in spoil(found.examples, seed=random_seed).items():
            if not examples:
                continue
            write_training_data(replace(found, examples=examples), out / f"{kind}.tsv")
            _say(f"{out / kind}.tsv: {len(examples)} of {len(found.examples)} examples changed.")


def _tested(model: Path | None, sources: tuple[Path, ...]) -> tuple[Judged, ...]:
    from nlu.artefact import load_model
    from nlu.evaluate import judge_examples
    from nlu.formats import read_training_data

    folder = model or Settings.from_env().nlu_model
    examples = read_training_data(sources).examples
    encoder = _encoder()
    return judge_examples(
        load_model(folder, encoder=encoder.fingerprint), examples, encoder.features
    )


def _cross_validated(sources: tuple[Path, ...], folds: int) -> tuple[Judged, ...]:
    from nlu.evaluate import judge_unseen
    from nlu.formats import read_training_data
    from nlu.train import train as train_on
    from nlu.training_data import find_problems, refuse

    found = read_training_data(sources)
    refuse(find_problems(found))
    encoder = _encoder()
    with _progress("cross-validating") as show:
        return judge_unseen(train_on(found.examples, encoder.features, folds=folds, progress=show))


def _pipeline(model: Path | None, data_folder: Path | None) -> NluPipeline:
    from webapp.understanding import load_understanding

    settings = Settings.from_env(data=data_folder)
    return load_understanding(
        model or settings.nlu_model,
        encoder=_encoder(),
        pack=settings.pack_folder,
        timezone=settings.timezone,
    )


def _understood(pipeline: NluPipeline, text: str, *, ranked: int | None = None) -> str:
    from webapp.api.understanding import parse_out
    from webapp.db.database import utc_now

    readable = text.encode("utf-8", "replace").decode("utf-8")  # a terminal may send anything
    answer = parse_out(pipeline.understand(readable, now=utc_now()))
    shown = answer.model_dump(mode="json")
    shown["intent_ranking"] = shown["intent_ranking"][:ranked]
    return json.dumps(shown, ensure_ascii=False, indent=2)


def _encoder(*, threads: int = 1) -> Encoder:
    from nlu.encoder import load_encoder

    return load_encoder(Settings.from_env().encoder_source, threads=threads)


@contextmanager
def _errors() -> Iterator[None]:
    """Bad training data is bad input (2); whatever else we raise on purpose failed (1)."""
    with plain_errors():
        try:
            yield
        except BadTrainingData as error:
            raise Misuse(str(error)) from error


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    shares = {"encode": 600, "cross-validate": 300, "final": 100}
    done_before: dict[str, float] = {}
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:

        def show(stage: str, done: float) -> None:
            bar.update(round(shares.get(stage, 0) * (done - done_before.get(stage, 0.0))))
            done_before[stage] = done

        yield show


def _say(text: str) -> None:
    click.echo(text, err=True)
