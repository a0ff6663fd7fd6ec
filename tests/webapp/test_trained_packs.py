"""A pack is learnt once: a second data folder gets a copy, changed data a model of its own."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu.encoder import Encoder, load_encoder
from webapp.settings import Settings
from webapp.trained_packs import provide_model

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PACK = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - 你好
    - 您好呀
    - 在吗
    - hello
- intent: goodbye
  examples: |
    - 再见
    - 拜拜
    - 下次聊
    - bye
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(ROOT / "models" / "encoder")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    folder = tmp_path / "training_data" / "small" / "nlu"
    folder.mkdir(parents=True)
    (folder / "all.yml").write_text(PACK, encoding="utf-8")
    return tmp_path


def provide(home: Path, data: str, encoder: Encoder, *, at: datetime = NOW) -> datetime:
    """When the model was trained that a data folder now has."""
    settings = Settings(data=home / data, database_url="", home=home, pack="small")
    manifest = provide_model(settings, encoder, now=at, progress=lambda stage, done: None)
    assert (settings.nlu_model / "manifest.json").exists()
    return datetime.fromisoformat(str(manifest.created_at))


def test_a_second_data_folder_gets_what_was_learnt_for_the_first(
    home: Path, encoder: Encoder
) -> None:
    assert provide(home, "one", encoder) == NOW
    assert provide(home, "two", encoder, at=december(2)) == NOW


def test_changed_data_is_learnt_anew(home: Path, encoder: Encoder) -> None:
    provide(home, "one", encoder)
    file = home / "training_data" / "small" / "nlu" / "all.yml"
    file.write_text(PACK.replace("下次聊", "回头聊"), encoding="utf-8")
    assert provide(home, "two", encoder, at=december(2)) == december(2)


def test_a_new_title_and_other_words_of_moods_are_learnt_anew(home: Path, encoder: Encoder) -> None:
    provide(home, "one", encoder)
    pack = home / "training_data" / "small"
    (pack / "wording").mkdir()
    words = "language: zh\nmessages: {}\nintents: {goodbye: 道别}\n"
    (pack / "wording" / "zh.yml").write_text(words, encoding="utf-8")
    assert provide(home, "two", encoder, at=december(2)) == december(2)
    mood = ROOT / "training_data" / "common" / "mood.yml"
    shutil.copyfile(mood, pack / "mood.yml")
    assert provide(home, "three", encoder, at=december(3)) == december(3)
    assert provide(home, "four", encoder, at=december(4)) == december(3)


def test_a_kept_model_that_is_broken_is_learnt_anew(home: Path, encoder: Encoder) -> None:
    provide(home, "one", encoder)
    (kept,) = (home / "models" / "packs").glob("small-*")
    (kept / "manifest.json").write_text("{", encoding="utf-8")
    assert provide(home, "two", encoder, at=december(2)) == december(2)


def december(day: int) -> datetime:
    return NOW.replace(month=12, day=day)
