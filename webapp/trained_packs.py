"""Keeps what was trained from a pack under `models/`, so that nothing is learnt twice."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nlu.artefact import Manifest, copy_model, load_model
from nlu.encoder import Encoder
from nlu.errors import ModelMismatch, ModelUnavailable
from nlu.unseen import Progress
from webapp.settings import Settings
from webapp.understanding import read_titles, train_pack


def provide_model(
    settings: Settings, encoder: Encoder, *, now: datetime, progress: Progress
) -> Manifest:
    """Put the pack's model into the data folder: one trained earlier here, or a new one.

    Raises BadTrainingData with every problem of the pack; nothing is put there then.
    """
    kept = _kept(settings, encoder)
    with _alone(kept.parent):
        try:
            load_model(kept, encoder=encoder.fingerprint)
        except (ModelUnavailable, ModelMismatch):
            shutil.rmtree(kept, ignore_errors=True)  # whatever is there is of no use
            train_pack(
                settings.pack_folder,
                out=kept,
                encoder=encoder,
                features_file=features_file(settings, encoder),
                now=now,
                progress=progress,
            )
        return copy_model(kept, settings.nlu_model)


def _kept(settings: Settings, encoder: Encoder) -> Path:
    """A folder named by what is learnt from and with, beside the encoder if we may write there."""
    digest = hashlib.sha256(encoder.fingerprint.encode())
    packs = settings.pack_folder.parent
    sources = [f for pack in (settings.pack, "common") for f in (packs / pack / "nlu").rglob("*")]
    code = (settings.home / "nlu").glob("*.py")  # none in an installed program
    shared = [packs / "common" / n for n in ("mood.yml", "mood/train.yml", "everyday.yml")]
    own = [settings.pack_folder / n for n in ("mood.yml", "mood/train.yml")]
    digest.update(json.dumps(read_titles(settings.pack_folder), sort_keys=True).encode())
    for path in [*sorted(sources), *shared, *own, *sorted(code)]:
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return _trained_here(settings) / f"{settings.pack}-{digest.hexdigest()[:16]}"


def features_file(settings: Settings, encoder: Encoder) -> Path:
    """Where the features of training texts are kept, so that training again takes seconds."""
    return _trained_here(settings) / f"features-{encoder.fingerprint}.npz"


def _trained_here(settings: Settings) -> Path:
    models = settings.home / "models"
    return (models if os.access(models, os.W_OK) else settings.models_folder) / "packs"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process trains, the others wait for what it makes; a killed one lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
