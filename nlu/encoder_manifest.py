"""What a converted encoder says about itself, and the check that it is so."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from nlu.errors import ModelMismatch, ModelUnavailable, UnusableFolder

MANIFEST_FILE = "manifest.json"
TRUNK_FILE = "trunk.onnx"
READING_FILE = "reading.onnx"
SEARCH_FILE = "search.onnx"
GRAPH_FILES = (TRUNK_FILE, READING_FILE, SEARCH_FILE)
"""The lower layers; on top of them, those that classifiers learn from, and those for search."""

TOKENIZER_FILE = "tokenizer.json"
TRAINING_FILE = "training.json"
"""Only in the folder of a fine-tuned encoder: what it was trained from, on and with."""

FIGURES_FILE = "figures.json"
"""Beside it, what both encoders made of the texts that were held out; no part of the encoder."""

_FILES = {MANIFEST_FILE, *GRAPH_FILES, TOKENIZER_FILE, TRAINING_FILE, FIGURES_FILE}
_OURS = ("source_package", "source_sha256", "files")  # every manifest of ours has had these

PREFIX = "query: "
"""Before every text, questions and passages alike: E5 was trained with it for symmetric use."""

FORMAT = 5
"""Raised when this program writes or reads the folder in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderManifest:
    """Where an encoder comes from, what it is made of, and how to use it.

    `files` maps each file to its SHA-256; `adaptation_sha256` is that of what the reading layers
    learnt (`nlu.adaptation`), or began with when they were fine-tuned. `mean_cosine` and
    `min_cosine` compare its vectors for search with those of the source package's own engine over
    `sentences` sentences, measured at conversion. `prefix` goes before every text.
    """

    format: int
    source_package: str
    source_version: str
    source_file: str
    source_sha256: str
    adaptation_sha256: str
    licence: str
    files: dict[str, str]
    versions: dict[str, str]
    precision: str
    pieces: int
    pad_id: int
    dimension: int
    feature_dimension: int
    token_dimension: int
    max_tokens: int
    pooling: str
    prefix: str
    sentences: int
    mean_cosine: float
    min_cosine: float


_KINDS = {field.name: str(field.type) for field in fields(EncoderManifest)}


def write_manifest(folder: Path, manifest: EncoderManifest) -> None:
    """Write the manifest into the folder."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> EncoderManifest:
    """Read the manifest and check the files against it.

    Raises ModelUnavailable when there is none, ModelMismatch when it is damaged, of another
    format, or when a file is missing or differs.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        message = f"There is no encoder in {folder}: run scripts/setup or `jiedai encoder build`."
        raise ModelUnavailable(message)
    manifest = _parse(path)
    for name, expected in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise ModelMismatch(
                f"{file} is missing, though the manifest names it: {_remedy(folder)}."
            )
        if sha256_of(file) != expected:
            raise ModelMismatch(
                f"{file} is not the file its manifest describes: {_remedy(folder)}."
            )
    return manifest


def check_replaceable(out: Path) -> None:
    """Raise UnusableFolder with the remedy when an encoder in `out` would take the place of
    something else: it is written as a whole folder, and what was there is gone."""
    try:
        names = {path.name for path in out.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        message = f"{out} cannot hold an encoder ({error.strerror}): name another folder."
        raise UnusableFolder(message) from error
    if not names <= _FILES and not _is_encoder(out):
        raise UnusableFolder(
            f"{out} holds no encoder ({min(names - _FILES)} is there) and would be replaced: name"
            " another folder."
        )


def _is_encoder(folder: Path) -> bool:
    """Whether the folder has a manifest of ours, of whatever version."""
    try:
        fields = json.loads((folder / MANIFEST_FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and all(name in fields for name in _OURS)


def read_figures(folder: Path) -> dict[str, dict[str, float | None]]:
    """What `before` and `after` fine-tuning was measured on held-out texts; empty when the folder
    holds no fine-tuned encoder, or no figures that can be read."""
    try:
        found = json.loads((folder / FIGURES_FILE).read_text(encoding="utf-8"))
        return {when: dict(found[when]) for when in ("before", "after")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _is_fine_tuned(folder: Path) -> bool:
    return (folder / TRAINING_FILE).exists() or (folder / FIGURES_FILE).exists()


def _remedy(folder: Path) -> str:
    if _is_fine_tuned(folder):
        return f"restore {folder} from a backup, or delete it and run `jiedai init`"
    return "run `jiedai encoder build --force`"


def sha256_of(path: Path) -> str:
    """The SHA-256 hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parse(path: Path) -> EncoderManifest:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelMismatch(
            f"{path} is not readable JSON ({error}): {_remedy(path.parent)}."
        ) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT or set(data) != set(_KINDS):
        folder = path.parent
        remedy = _remedy(folder)
        if _is_fine_tuned(folder):  # a backup would be as old
            remedy = f"delete {folder}, run `jiedai init`, then `jiedai train encoder` once more"
        message = f"{path} was written by another version of this program: {remedy}."
        raise ModelMismatch(message)
    wrong = [name for name, kind in sorted(_KINDS.items()) if not _is(data[name], kind)]
    if not wrong and not data["files"].keys() >= {*GRAPH_FILES, TOKENIZER_FILE}:
        wrong = ["files"]
    if wrong:
        raise ModelMismatch(f"{path} is damaged (see {', '.join(wrong)}): {_remedy(path.parent)}.")
    return EncoderManifest(**data)


def _is(value: object, kind: str) -> bool:
    if kind == "float":
        return isinstance(value, int | float)
    if kind == "int":
        return isinstance(value, int)
    if kind == "str":
        return isinstance(value, str)
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
