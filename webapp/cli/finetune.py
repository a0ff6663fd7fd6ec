"""`jiedai train encoder`: adapt the sentence encoder to one's own texts."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import SOURCES, Misuse, bad_data, say
from webapp.settings import Settings

if TYPE_CHECKING:
    from nlu.encoder import Encoder
    from nlu.finetune import Candidate, Progress
    from nlu.finetune_data import Material
    from nlu.finetune_judge import Verdict
    from nlu.training_data import TrainingData

Titles = Mapping[str, Sequence[str]]
"""What people are shown for the names of intents."""

_SHARES = {"train": 700, "write": 50, "judge": 250}
_FIGURES = {
    "accuracy": "accuracy",
    "accuracy_mistyped": "accuracy, mistyped",
    "calibration_error": "calibration error",
    "auroc": "AUROC out of scope",
    "search": "knowledge tests passed",
}


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What the understanding learns from, and what the encoder does."""

    data: TrainingData
    titles: Titles
    material: Material


@dataclass(frozen=True, slots=True)
class _Effort:
    epochs: float
    threads: int


@click.command("encoder")
@SOURCES
@click.option(
    "--logs",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Messages without intents: a text file with one a line, CSV or TSV.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the encoder there; default: use it in the data folder, with a new understanding.",
)
@click.option("--epochs", type=click.FloatRange(0.1, 50), default=3, show_default=True)
@click.option("--threads", type=click.IntRange(1), help="Default: all cores; 1 on a busy machine.")
def train_encoder(
    sources: tuple[Path, ...],
    logs: tuple[Path, ...],
    out: Path | None,
    epochs: float,
    threads: int | None,
) -> None:
    """Adapt the encoder to DATA and logs, and keep it if it wins on texts held out of DATA.

    A training that was ended continues when the same command is given again. Ends with 1, and the
    present encoder stays, when the trained one is not better. Needs the extra `train`.
    """
    from nlu.encoder_manifest import check_replaceable
    from webapp.understanding import read_titles_of

    with bad_data():
        settings = Settings.from_env()
        check_replaceable(out or settings.tuned_encoder)
        data = _read(sources)
        if out is None:
            _must_fit(settings, data)
        material = _material(data, logs)
        lesson = _Lesson(data, read_titles_of(sources), material)
        verdict = _train(settings, lesson, out, _Effort(epochs, threads or os.cpu_count() or 1))
    _report(verdict)
    if not verdict.accepted:
        raise click.ClickException(
            "The trained encoder is not better, the present one stays: "
            + "; ".join(verdict.reasons)
        )
    if out is None:
        say("The data folder has the new encoder and understanding; restart `jiedai up`.")
    else:
        use = f"use it with JIEDAI_ENCODER={out.resolve()}"
        say(f"{out}: {use}, and train every understanding again.")


def _read(sources: tuple[Path, ...]) -> TrainingData:
    from nlu.formats import check_training_data
    from nlu.training_data import refuse

    data, problems = check_training_data(sources)
    refuse(problems)
    return data


def _must_fit(settings: Settings, data: TrainingData) -> None:
    """The understanding is trained on the same data, so that no intent may get lost."""
    from nlu.artefact import read_manifest
    from nlu.errors import ModelMismatch, ModelUnavailable

    if settings.encoder:
        raise Misuse("JIEDAI_ENCODER names another encoder: unset it, or say where with --out DIR.")
    if not settings.secrets_folder.is_dir():
        raise Misuse(
            f"{settings.data} is no data folder yet: run `jiedai init --data {settings.data}`, set"
            " JIEDAI_DATA to yours, or say where with --out DIR."
        )
    try:
        known = read_manifest(settings.nlu_model).labels
    except (ModelUnavailable, ModelMismatch):
        return
    lost = sorted(set(known) - set(data.intents) - {"out_of_scope"})
    if lost:
        shown = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
        raise Misuse(
            f"DATA lacks intents that the bot's present understanding knows ({shown}): give all"
            " that it was trained on, or say where with --out DIR."
        )


def _material(data: TrainingData, logs: tuple[Path, ...]) -> Material:
    from nlu.finetune_data import prepare, read_logs

    return prepare(data.examples, [text for path in logs for text in read_logs(path)])


def _train(settings: Settings, lesson: _Lesson, out: Path | None, effort: _Effort) -> Verdict:
    from nlu.encoder_foreign import import_extra
    from nlu.finetune import workplace

    for module in ("torch", "sentence_transformers"):
        import_extra(module)  # its absence is said before anything takes long
    with workplace(out or settings.tuned_encoder) as work:
        candidate = _candidate(settings, lesson.material, work, effort)
        if candidate.verdict.accepted:
            _take(settings, lesson, candidate.folder, out, work)
        shutil.rmtree(work)
    return candidate.verdict


def _candidate(settings: Settings, material: Material, work: Path, effort: _Effort) -> Candidate:
    from nlu.encoder import load_encoder
    from nlu.finetune import finetune
    from webapp.db.database import utc_now
    from webapp.knowledge_check import knowledge_check
    from webapp.understanding import read_everyday

    with _progress() as show:
        return finetune(
            material,
            everyday=read_everyday(settings.home / "training_data" / "common"),
            work=work,
            base=load_encoder(settings.builtin_encoder, threads=effort.threads),
            present=load_encoder(settings.encoder_source, threads=effort.threads),
            search=knowledge_check(settings, now=utc_now()),
            epochs=effort.epochs,
            threads=effort.threads,
            progress=show,
            log=say,
        )


def _take(settings: Settings, lesson: _Lesson, encoder: Path, out: Path | None, work: Path) -> None:
    """Put the trained encoder in its place; in the data folder, with an understanding for it."""
    from nlu.convert_encoder import put_in_place
    from nlu.encoder import load_encoder

    if out is not None:
        put_in_place(encoder, out)
        return
    model = _understanding(settings, lesson, load_encoder(encoder), work)
    put_in_place(encoder, settings.tuned_encoder)
    put_in_place(model, settings.nlu_model)


def _understanding(settings: Settings, lesson: _Lesson, encoder: Encoder, work: Path) -> Path:
    """An understanding for the new encoder, before either is used."""
    from webapp.db.database import utc_now
    from webapp.trained_packs import features_file
    from webapp.understanding import train_data

    say("Training the understanding with the new encoder …")
    train_data(
        lesson.data,
        titles=lesson.titles,
        out=work / "understanding" / "nlu",
        encoder=encoder,
        features_file=features_file(settings, encoder),
        common=settings.home / "training_data" / "common",
        now=utc_now(),
    )
    return work / "understanding" / "nlu"


def _report(verdict: Verdict) -> None:
    say(f"On {verdict.before.texts} held-out texts, before and after:")
    for name, shown in _FIGURES.items():
        before, after = getattr(verdict.before, name), getattr(verdict.after, name)
        if before is not None and after is not None:
            say(f"  {shown}: {before:.4f} → {after:.4f}")


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere; the lines about steps are shown everywhere."""
    with click.progressbar(length=1000, label="training the encoder", file=sys.stderr) as bar:
        before: dict[str, float] = {}

        def show(stage: str, done: float) -> None:
            bar.update(round(_SHARES.get(stage, 0) * (done - before.get(stage, 0.0))))
            before[stage] = done

        yield show
