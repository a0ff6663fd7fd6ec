"""`jiedai data`: check, split, convert and spoil training data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import SOURCES, bad_data, say
from webapp.settings import Settings

if TYPE_CHECKING:
    from nlu.pipeline import Encode
    from nlu.training_data import Problem, TrainingData

_MOST_HINTS = 50
"""So many hints are printed; `--json` has all."""


@click.group()
def data() -> None:
    """Check, split and convert training data."""


@data.command()
@click.argument("paths", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option(
    "--test",
    "tests",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Test data: also look for texts of it that are in PATHS too.",
)
@click.option("--few", type=click.IntRange(2), default=5, show_default=True, help="Too few below.")
@click.option(
    "--near",
    type=click.FloatRange(0, 1),
    default=None,
    help="Hint at texts of two intents from this cosine on.  [default: 0.97]",
)
@click.option("--no-encoder", is_flag=True, help="Compare letters only, which is quicker.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def validate(
    paths: tuple[Path, ...],
    tests: tuple[Path, ...],
    few: int,
    near: float | None,
    no_encoder: bool,
    as_json: bool,
) -> None:
    """Find what is wrong with training data, all at once, with file and line.

    Errors keep it from training: unreadable lines, one text in two intents, an intent with a single
    example; a text in training and test. Warnings: duplicates, damaged or thinly filled places.
    Hints: texts of two intents that the encoder finds alike. Ends with 1 on an error or a warning.
    """
    from nlu.formats import check_training_data, scan_training_data
    from nlu.lint import NEAR, find_damage, find_leaks, find_look_alikes
    from nlu.training_data import Severity, in_order

    with bad_data():
        found, problems = check_training_data(paths, few=few)
        tested, more = scan_training_data(tests) if tests else (None, ())
        with _encode(no_encoder) as encode:
            limit = NEAR if near is None else near
            looked = [*problems, *find_damage(found.examples)]
            looked += find_look_alikes(found.examples, encode, near=limit)
            if tested is not None:
                looked += [*more, *find_damage(tested.examples)]
                looked += find_leaks(found, tested, encode, near=limit)
    serious = in_order(p for p in looked if p.severity is not Severity.HINT)
    hints = tuple(p for p in looked if p.severity is Severity.HINT)
    _print(found, serious, hints, as_json=as_json)
    if serious:
        raise click.exceptions.Exit(1)


@data.group()
def split() -> None:
    """Split training data in two."""


@split.command("nlu")
@SOURCES
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--training-fraction", type=click.FloatRange(0.01, 0.99), default=0.8)
@click.option("--random-seed", type=int, default=0, show_default=True)
def split_nlu(
    sources: tuple[Path, ...], out: Path, training_fraction: float, random_seed: int
) -> None:
    """Write OUT/training_data.yml and OUT/test_data.yml, every intent in the same proportion."""
    from nlu.folds import stratified_split
    from nlu.formats import read_training_data, write_training_data
    from nlu.training_data import TrainingData

    with bad_data():
        found = read_training_data(sources)
        labels = [example.intent for example in found.examples]
        texts = [example.text for example in found.examples]
        share = 1 - training_fraction
        is_test = stratified_split(labels, texts, test_share=share, seed=random_seed)
        pairs = list(zip(found.examples, is_test.tolist(), strict=True))
        learn = tuple(example for example, tested in pairs if not tested)
        tests = tuple(example for example, tested in pairs if tested)
        write_training_data(replace(found, examples=learn), out / "training_data.yml")
        write_training_data(TrainingData(tests), out / "test_data.yml")
    say(f"{len(learn)} examples for training, {len(tests)} for testing in {out}.")


@data.command()
@SOURCES
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def convert(sources: tuple[Path, ...], out: Path) -> None:
    """Write DATA to OUT in the format that its name ends in (.yml, .csv, .tsv).

    YAML keeps everything, also the parts of Rasa's files that are not for understanding; of what a
    table has no place for the command says how much there was.
    """
    from nlu.formats import lost_in_table, read_training_data, write_training_data

    with bad_data():
        found = read_training_data(sources)
        write_training_data(found, out)
    suffix = out.suffix.lower()
    if suffix in {".csv", ".tsv"}:
        for what, count in lost_in_table(found, lines=suffix == ".tsv").items():
            say(f"warning: {out} has no place for {what} ({count}).")
    say(f"{len(found.examples)} examples in {out}.")


@data.command()
@SOURCES
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--random-seed", type=int, default=0, show_default=True)
def perturb(sources: tuple[Path, ...], out: Path, random_seed: int) -> None:
    """Write DATA as people mistype it: OUT/homophone.tsv, OUT/missing.tsv …, one slip a text; and
    OUT/spelt_out.tsv, all in pinyin.

    Test a model on each file to see how much the slips cost.
    """
    from nlu.formats import read_training_data, write_training_data
    from nlu.perturb import perturb as spoil

    with bad_data():
        found = read_training_data(sources)
        for kind, examples in spoil(found.examples, seed=random_seed).items():
            if not examples:
                continue
            write_training_data(replace(found, examples=examples), out / f"{kind}.tsv")
            say(f"{out / kind}.tsv: {len(examples)} of {len(found.examples)} examples changed.")


@contextmanager
def _encode(unwanted: bool) -> Iterator[Encode | None]:
    """The encoder's features, kept for the next time; None where there is no encoder."""
    from nlu.encoder import load_encoder
    from nlu.errors import ModelUnavailable
    from nlu.kept_features import kept_features
    from webapp.trained_packs import features_file

    settings = Settings.from_env()
    if unwanted:
        yield None
        return
    try:
        encoder = load_encoder(settings.encoder_source)
    except ModelUnavailable as error:
        say(f"without the encoder only letters are compared: {error}")
        yield None
        return
    with kept_features(encoder.features, features_file(settings, encoder)) as encode:
        yield encode


def _print(
    found: TrainingData, serious: Sequence[Problem], hints: Sequence[Problem], *, as_json: bool
) -> None:
    say(f"{len(found.examples)} examples of {len(found.intents)} intents.")
    if found.sections:
        names = ", ".join(dict.fromkeys(section.name for section in found.sections))
        say(f"Not for understanding, kept as they are: {names}.")
    if as_json:
        rows = [_row(problem) for problem in (*serious, *hints)]
        click.echo(json.dumps({"problems": rows}, ensure_ascii=False))
        return
    for problem in (*serious, *hints[:_MOST_HINTS]):
        click.echo(f"{problem.severity}: {problem}")
    if len(hints) > _MOST_HINTS:
        say(f"{len(hints) - _MOST_HINTS} more hints: --json has them.")


def _row(problem: Problem) -> dict[str, str | int]:
    return {
        "severity": problem.severity.value,
        "kind": problem.kind,
        "file": problem.place.file,
        "line": problem.place.line,
        "message": problem.message,
    }
