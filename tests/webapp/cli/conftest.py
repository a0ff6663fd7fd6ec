"""A small home with the real encoder and a pack of few examples, and a data folder made from it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nlu.encoder import Encoder, load_encoder
from nlu.formats import read_training_data, write_training_data
from nlu.training_data import TrainingData
from webapp.cli import main

ROOT = Path(__file__).resolve().parents[3]
_INTENTS = ("greet", "request_human", "thanks", "track_order")


@pytest.fixture(scope="session", autouse=True)
def held_encoder() -> Encoder | None:
    """The encoder is held, so that the commands, which run in this process, share its network."""
    folder = ROOT / "models" / "encoder"
    return load_encoder(folder) if folder.is_dir() else None


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `JIEDAI_HOME` may be: the encoder, and the e-commerce pack cut down."""
    home, full = tmp_path_factory.mktemp("home"), ROOT / "training_data" / "ecommerce"
    (home / "models").mkdir()
    (home / "models" / "encoder").symlink_to(ROOT / "models" / "encoder")
    pack = home / "training_data" / "ecommerce"
    for part in ("wording", "flows", "lexicon"):
        shutil.copytree(full / part, pack / part)
    common = home / "training_data" / "common"
    shutil.copytree(full.parent / "common" / "wording", common / "wording")
    shutil.copy(full.parent / "common" / "conduct.yml", common)
    shutil.copy(full / "conduct.yml", pack)
    (pack / "knowledge").mkdir()
    for name in ("invoice.md", "lost-package.md"):
        shutil.copy(full / "knowledge" / name, pack / "knowledge")
    (pack / "nlu").mkdir()
    write_training_data(_few(read_training_data([full / "nlu"])), pack / "nlu" / "few.yml")
    return home


@pytest.fixture(scope="session")
def made(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A data folder made with `jiedai init --demo`, and what the command said.

    It has been searched once: the database keeps the vectors that every search compares with.
    """
    folder = tmp_path_factory.mktemp("made") / "data"
    result = run("init", "--data", str(folder), "--demo", home=small_home)
    searched = run("kb", "search", "开发票", "--data", str(folder), home=small_home)
    assert searched.exit_code == 0, searched.output
    return folder, result


@pytest.fixture
def folder(made: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of the made folder that the test may spoil."""
    shutil.copytree(made[0], tmp_path / "data", symlinks=True)
    return tmp_path / "data"


@pytest.fixture
def at_home(small_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment knows the small home and no other setting."""
    for name in [name for name in os.environ if name.startswith("JIEDAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JIEDAI_HOME", str(small_home))


def run(*arguments: str, home: Path | None = None) -> Result:
    """Run `jiedai` in this process."""
    environment = {} if home is None else {"JIEDAI_HOME": str(home)}
    return CliRunner(env=environment).invoke(main, list(arguments))


def _few(data: TrainingData) -> TrainingData:
    kept = []
    for intent in _INTENTS:
        kept += [e for e in data.examples if e.intent == intent][:15]
    return TrainingData(examples=tuple(kept))
