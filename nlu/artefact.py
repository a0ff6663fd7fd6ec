"""Saves and loads a trained understanding with its manifest; refuses whatever does not fit."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from nlu.artefact_files import (
    MANIFEST,
    REMEDY,
    clear_folder,
    is_part_name,
    locked,
    part_name,
    prepare_folder,
    read_part,
    write_whole,
)
from nlu.artefact_parts import BROKEN, read_parts, write_parts
from nlu.errors import ModelMismatch, ModelUnavailable
from nlu.model import NluModel
from nlu.training_data import Example

FORMAT: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a model is, what made it, and how good it was on examples it had not seen.

    `files` maps each part (`arrays`, `words`, `spelling`, `mood`, `entities`, `emotion`) to the
    name of its file, which carries the SHA-256 of its content. `data_hash` is over all examples;
    `scores` are cross-validated.
    """

    format: int
    created_at: str
    data_hash: str
    encoder: str
    versions: Mapping[str, str]
    labels: Sequence[str]
    examples: int
    scores: Mapping[str, float]
    files: Mapping[str, str]


_KINDS: Final[Mapping[str, type]] = {
    "format": int,
    "created_at": str,
    "data_hash": str,
    "encoder": str,
    "versions": dict,
    "labels": list,
    "examples": int,
    "scores": dict,
    "files": dict,
}


def hash_examples(examples: Sequence[Example]) -> str:
    """SHA-256 over texts and intents, in their order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps([example.text, example.intent]).encode())
    return digest.hexdigest()


def current_versions() -> dict[str, str]:
    """The versions that a model depends on: this program's, Python's and the libraries'."""
    names = ("jiedai", "numpy", "scikit-learn", "jieba")
    found = {name: _version(name) for name in names}
    return {"python": platform.python_version(), **found}


def save_model(
    model: NluModel,
    folder: Path,
    *,
    encoder: str,
    examples: Sequence[Example],
    scores: Mapping[str, float],
    created_at: datetime,
    mood_text: str | None = None,
) -> Manifest:
    """Write the model so that the folder holds either the earlier one or this one, never half.

    Content goes to files named after their hash; replacing the manifest, which names them, is one
    step. `encoder` is the fingerprint of the encoder that gave the vectors; `mood_text` is the data
    file that `model.mood` was read from. Raises UnusableFolder as `prepare_folder` does.
    """
    parts = write_parts(model, mood_text=mood_text)
    manifest = Manifest(
        format=FORMAT,
        created_at=created_at.isoformat(),
        data_hash=hash_examples(examples),
        encoder=encoder,
        versions=current_versions(),
        labels=list(model.intents),
        examples=len(examples),
        scores=dict(scores),
        files={part: part_name(part, content) for part, content in parts.items()},
    )
    prepare_folder(folder)
    with locked(folder):
        for part, content in parts.items():
            write_whole(folder / manifest.files[part], content)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
        write_whole(folder / MANIFEST, text.encode())
        clear_folder(folder, keep={MANIFEST, *manifest.files.values()})
    return manifest


def copy_model(source: Path, folder: Path) -> Manifest:
    """Put the model of one folder into another, as `save_model` does: the folder holds either its
    earlier model or this one, whenever it is ended.

    Raises as `read_manifest` for the source. Unlike there, a manifest that is not a model's is
    replaced: the folder is known to be one of models.
    """
    manifest = read_manifest(source)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        for name in manifest.files.values():
            write_whole(folder / name, read_part(source / name))
        write_whole(folder / MANIFEST, (source / MANIFEST).read_bytes())
        clear_folder(folder, keep={MANIFEST, *manifest.files.values()})
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest alone. Raises ModelUnavailable without one that can be read, ModelMismatch if it
    is broken."""
    path = folder / MANIFEST
    try:
        fields = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelUnavailable(f"{folder} holds no model ({MANIFEST}): {REMEDY}") from error
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be read ({error.strerror}): {REMEDY}") from error
    except (ValueError, RecursionError) as error:
        raise ModelMismatch(f"{path} is not JSON ({error}): {REMEDY}") from error
    try:
        manifest = Manifest(**fields)
    except TypeError as error:
        raise ModelMismatch(f"{path} is no manifest of a model ({error}): {REMEDY}") from error
    if wrong := _wrong_fields(manifest):
        raise ModelMismatch(f"{path} is no manifest of a model (see {', '.join(wrong)}): {REMEDY}")
    return manifest


def _wrong_fields(manifest: Manifest) -> list[str]:
    """The names of what is not as it should be in a manifest that was read from a file."""
    wrong = [name for name, kind in _KINDS.items() if not isinstance(getattr(manifest, name), kind)]
    if wrong:
        return wrong
    inner = (
        ("versions", manifest.versions.values(), str),
        ("labels", manifest.labels, str),
        ("scores", manifest.scores.values(), (int, float)),
    )
    wrong = [name for name, values, kind in inner if not all(isinstance(v, kind) for v in values)]
    return wrong + [part for part, name in manifest.files.items() if not is_part_name(name)]


def load_model(folder: Path, *, encoder: str) -> NluModel:
    """The model in a folder, for use with the encoder of this fingerprint.

    Raises ModelUnavailable when there is none and ModelMismatch when files differ from the
    manifest, or when another encoder, format or version of scikit-learn made it.
    """
    manifest = read_manifest(folder)
    _compare(manifest, encoder=encoder, folder=folder)
    try:
        parts = {part: read_part(folder / name) for part, name in manifest.files.items()}
    except FileNotFoundError as error:
        if read_manifest(folder) != manifest:  # replaced by a newer model while we read
            return load_model(folder, encoder=encoder)
        raise ModelMismatch(f"{error.filename} is missing: {REMEDY}") from error
    except OSError as error:
        message = f"{error.filename} cannot be read ({error.strerror}): {REMEDY}"
        raise ModelUnavailable(message) from error
    try:
        return read_parts(parts)
    except BROKEN as error:
        raise ModelMismatch(
            f"{folder}: a part of the model is broken ({error}): {REMEDY}"
        ) from error


def _compare(manifest: Manifest, *, encoder: str, folder: Path) -> None:
    now, then = current_versions(), manifest.versions
    expectations = (
        ("format", str(manifest.format), str(FORMAT)),
        ("encoder", manifest.encoder, encoder),
        ("scikit-learn", then.get("scikit-learn", "none"), now["scikit-learn"]),
    )
    for name, made_with, here in expectations:
        if made_with != here:
            message = f"{folder} was made with {name} {made_with}, here is {here}: {REMEDY}"
            raise ModelMismatch(message)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
