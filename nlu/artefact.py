"""Saves and loads a trained understanding with its manifest; refuses whatever does not fit."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

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
from nlu.emotion import EmotionClassifier
from nlu.entity_custom import NO_CUSTOM, read_entities, write_entities
from nlu.errors import ModelMismatch, ModelUnavailable
from nlu.intents import IntentClassifier
from nlu.likelihood import LikelihoodRatio
from nlu.model import NluModel
from nlu.mood import read_mood_lexicon
from nlu.ngrams import CharNgrams
from nlu.out_of_scope import EVIDENCE, Neighbours, ScopeEvidence, ScopeJudge
from nlu.spelling import read_speller, write_speller
from nlu.training_data import Example
from nlu.trust import Trust

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
    parts = {"arrays": _arrays(model), "words": _words(model)}
    if mood_text is not None:
        parts["mood"] = mood_text.encode()
    if model.speller is not None:
        parts["spelling"] = write_speller(model.speller).encode()
    if not model.custom.is_empty:
        parts["entities"] = write_entities(model.custom).encode()
    if model.emotion is not None:
        parts["emotion"] = model.emotion.to_bytes()
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
        return _assemble(parts)
    except (KeyError, ValueError, TypeError) as error:
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


def _arrays(model: NluModel) -> bytes:
    out = io.BytesIO()
    classifier, judge = model.classifier, model.judge
    np.savez(
        out,
        idf=classifier.ngrams_.idf_,
        centre=classifier.centre_,
        weights=classifier.weights_,
        intercept=classifier.intercept_,
        own=model.evidence.own_.vectors_.astype(np.float16),
        contrast=model.evidence.contrast_.vectors_.astype(np.float16),
        quadric=model.evidence.likelihood_.quadric,
        linear=model.evidence.likelihood_.linear,
        constant=model.evidence.likelihood_.constant,
        beliefs=model.evidence.trust_.beliefs.astype(np.float16),
        trust=model.evidence.trust_.weights.astype(np.float16),
        judge_middle=judge.middle_,
        judge_spread=judge.spread_,
        judge_ceiling=judge.ceiling_,
        judge_weights=judge.weights_,
        rarity=model.rarity,
    )
    return out.getvalue()


def _words(model: NluModel) -> bytes:
    classifier, judge = model.classifier, model.judge
    vocabulary = classifier.ngrams_.vocabulary_
    content = {
        "classes": classifier.classes_,
        "vector_weight": classifier.vector_weight,
        "longest": classifier.ngrams_.longest,
        "ngrams": sorted(vocabulary, key=vocabulary.__getitem__),
        "temperature": model.temperature,
        "thresholds": model.thresholds,
        "usual_belief": model.evidence.trust_.usual,
        "judge_intercept": judge.intercept_,
        "judge_threshold": judge.threshold_,
        "evidence": EVIDENCE,
        "neighbours": [model.evidence.own_.neighbours, model.evidence.contrast_.neighbours],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _assemble(parts: Mapping[str, bytes]) -> NluModel:
    words = json.loads(parts["words"])
    with np.load(io.BytesIO(parts["arrays"]), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if tuple(words["evidence"]) != EVIDENCE:
        raise ValueError("it judges scope by other evidence than this program")
    classifier = IntentClassifier(vector_weight=words["vector_weight"])
    classifier.ngrams_ = CharNgrams(longest=words["longest"])
    classifier.ngrams_.vocabulary_ = {gram: i for i, gram in enumerate(words["ngrams"])}
    classifier.ngrams_.idf_ = arrays["idf"]
    classifier.classes_ = tuple(words["classes"])
    classifier.centre_, classifier.weights_ = arrays["centre"], arrays["weights"]
    classifier.intercept_ = arrays["intercept"]
    evidence = ScopeEvidence()
    own, contrast = words["neighbours"]
    evidence.own_ = Neighbours(neighbours=own).fit(arrays["own"])
    evidence.contrast_ = Neighbours(neighbours=contrast).fit(arrays["contrast"])
    shape = (arrays[name] for name in ("quadric", "linear", "constant"))
    evidence.likelihood_ = LikelihoodRatio(*shape)
    beliefs, line = (arrays[name].astype(np.float32) for name in ("beliefs", "trust"))
    evidence.trust_ = Trust(beliefs, line, words["usual_belief"])
    judge = ScopeJudge()
    judge.middle_, judge.spread_ = arrays["judge_middle"], arrays["judge_spread"]
    judge.ceiling_ = arrays["judge_ceiling"]
    judge.weights_, judge.intercept_ = arrays["judge_weights"], words["judge_intercept"]
    judge.threshold_ = words["judge_threshold"]
    mood = read_mood_lexicon(parts["mood"].decode()) if "mood" in parts else None
    custom = read_entities(parts["entities"].decode()) if "entities" in parts else NO_CUSTOM
    emotion = EmotionClassifier.from_bytes(parts["emotion"]) if "emotion" in parts else None
    speller = read_speller(parts["spelling"].decode()) if "spelling" in parts else None
    return NluModel(
        classifier,
        evidence,
        judge,
        words["temperature"],
        arrays["rarity"],
        mood,
        custom,
        emotion,
        speller,
        tuple(words["thresholds"]),
    )


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
