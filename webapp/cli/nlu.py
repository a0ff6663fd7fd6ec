"""`jiedai train`, `test` and `parse`: train the understanding, measure it, try it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.finetune import train_encoder
from webapp.cli.options import SOURCES, bad_data, data_option, say, typed_lines
from webapp.settings import Settings

if TYPE_CHECKING:
    from nlu.encoder import Encoder
    from nlu.evaluate import Judged
    from nlu.pipeline import NluPipeline
    from nlu.unseen import Progress

_RANKED = 5
"""So many intents are shown to somebody who types message after message."""

_MODEL = click.option(
    "--model",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of a trained model (default: that of the data folder).",
)


@click.group()
def train() -> None:
    """Train models."""


train.add_command(train_encoder)


@train.command("nlu")
@SOURCES
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option(
    "--precision",
    type=click.FloatRange(0.5, 0.999),
    help="How often an intent must be right to be acted on, as 0.9; each gets its own threshold.",
)
def train_nlu(sources: tuple[Path, ...], out: Path, precision: float | None) -> None:
    """Train the understanding; OUT keeps its earlier model until the new one is whole."""
    from nlu.artefact import load_model
    from nlu.formats import check_training_data
    from nlu.training_data import Severity, refuse
    from webapp.db.database import utc_now
    from webapp.trained_packs import features_file
    from webapp.understanding import read_titles_of, train_data

    with bad_data():
        data, problems = check_training_data(sources)
        refuse(problems)
        for problem in problems:
            if problem.severity is Severity.WARNING:
                say(f"warning: {problem}")
        encoder = _encoder(threads=os.cpu_count() or 1)
        settings = Settings.from_env()
        with _progress("training") as show:
            manifest = train_data(
                data,
                titles=read_titles_of(sources),
                out=out,
                encoder=encoder,
                features_file=features_file(settings, encoder),
                common=settings.home / "training_data" / "common",
                now=utc_now(),
                precision=precision,
                progress=show,
            )
        model = load_model(out, encoder=encoder.fingerprint)
    scores = ", ".join(f"{name} {value:g}" for name, value in manifest.scores.items())
    say(f"{out}: {len(manifest.labels)} intents from {manifest.examples} examples.")
    say(f"Cross-validated: {scores}.")
    thresholds = zip(model.intents, model.thresholds, strict=False)
    doubtful = [f"{name} {threshold:.2f}" for name, threshold in thresholds if threshold > 0]
    if doubtful:
        say(f"Right often enough only from a confidence of: {', '.join(doubtful)}.")


@click.group()
def test() -> None:
    """Test models."""


@test.command("nlu")
@_MODEL
@SOURCES
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--cross-validation", is_flag=True, help="Train on parts of DATA, no model needed.")
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True)
def test_nlu(
    model: Path | None, sources: tuple[Path, ...], out: Path, cross_validation: bool, folds: int
) -> None:
    """Write the reports of an evaluation to OUT, and print its figures as JSON."""
    with bad_data():
        judged = _cross_validated(sources, folds) if cross_validation else _tested(model, sources)
        from nlu.report import write_report

        metrics = write_report(judged, out)
    click.echo(json.dumps(asdict(metrics), indent=2))


@test.command("mood")
@_MODEL
@SOURCES
def test_mood(model: Path | None, sources: tuple[Path, ...]) -> None:
    """Measure sentiment, emotion and urgency on labelled messages, and print the figures as JSON.

    Labels are emotions (anger, anger/urgent …), or negative, neutral, positive, or 0 and 1.
    """
    from nlu.emotion_report import measure_emotions
    from nlu.formats import read_training_data

    with bad_data():
        pipeline = _pipeline(model, None)
        figures = measure_emotions(read_training_data(sources).examples, pipeline.understand)
    click.echo(json.dumps(figures, indent=2))


@click.command()
@click.argument("text")
@_MODEL
@data_option
def parse(text: str, model: Path | None, data: Path | None) -> None:
    """Understand TEXT and print the answer of `POST /model/parse`."""
    with bad_data():
        pipeline = _pipeline(model, data)
    click.echo(_understood(pipeline, text))


@click.command("nlu")
@_MODEL
@data_option
def shell_nlu(model: Path | None, data: Path | None) -> None:
    """Type messages, see what is understood and the likeliest intents; an empty line ends."""
    with bad_data():
        pipeline = _pipeline(model, data)
    for text in typed_lines():
        click.echo(_understood(pipeline, text, ranked=_RANKED))


def _tested(model: Path | None, sources: tuple[Path, ...]) -> tuple[Judged, ...]:
    from nlu.artefact import load_model
    from nlu.evaluate import as_strangers, judge_examples
    from nlu.formats import read_training_data

    folder = model or Settings.from_env().nlu_model
    examples = read_training_data(sources).examples
    encoder = _encoder()
    loaded = load_model(folder, encoder=encoder.fingerprint)
    examples, unknown = as_strangers(examples, loaded.intents)
    if unknown:
        say(f"{unknown} examples have intents that the model does not know: counted as strangers.")
    return judge_examples(loaded, examples, encoder.features)


def _cross_validated(sources: tuple[Path, ...], folds: int) -> tuple[Judged, ...]:
    from nlu.evaluate import judge_unseen
    from nlu.formats import check_training_data
    from nlu.train import train as train_on
    from nlu.training_data import refuse
    from webapp.understanding import read_everyday, read_titles_of

    found, problems = check_training_data(sources)
    refuse(problems)
    encoder = _encoder()
    everyday = read_everyday(Settings.from_env().home / "training_data" / "common")
    titles = read_titles_of(sources)
    with _progress("cross-validating") as show:
        trained = train_on(
            found.examples,
            encoder.features,
            everyday=everyday,
            titles=titles,
            folds=folds,
            progress=show,
        )
    return judge_unseen(trained)


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
def _progress(label: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    shares = {"encode": 600, "cross-validate": 300, "final": 100}
    done_before: dict[str, float] = {}
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:

        def show(stage: str, done: float) -> None:
            bar.update(round(shares.get(stage, 0) * (done - done_before.get(stage, 0.0))))
            done_before[stage] = done

        yield show
