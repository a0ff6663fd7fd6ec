"""Settings that cannot be used stop the program with their name and the remedy."""

from pathlib import Path

import pytest

from webapp.setting_values import BadSettings
from webapp.settings import CONFIG_FILE, Settings, write_config


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("database_url", "nonsense", "sqlite:///FILE"),
        ("demo", "perhaps", "set 1 or 0"),
        ("limit_logins", "often", "120/minute"),
        ("log_level", "loud", "INFO"),
        ("timezone", "Mars/Olympus", "Asia/Shanghai"),
        ("vector_index", "faiss", "auto, flat, hnsw, pgvector"),
        ("web_threads", "-1", "whole number"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_the_remedy(
    tmp_path: Path, name: str, value: str, remedy: str
) -> None:
    write_config(tmp_path, {name: value})
    with pytest.raises(BadSettings) as refused:
        Settings.from_env(data=tmp_path)
    assert f"JIEDAI_{name.upper()}" in str(refused.value)
    assert remedy in str(refused.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_text("pack = [", encoding="utf-8")
    with pytest.raises(BadSettings, match=CONFIG_FILE):
        Settings.from_env(data=tmp_path)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(tmp_path, {"pack": "stored", "log_level": "warning"})
    monkeypatch.setenv("JIEDAI_PACK", "given")
    settings = Settings.from_env(data=tmp_path)
    assert (settings.pack, settings.log_level) == ("given", "WARNING")


def test_an_encoder_of_the_data_folder_goes_before_the_built_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.from_env(data=tmp_path).encoder_source == (
        Settings.from_env(data=tmp_path).builtin_encoder
    )
    (tmp_path / "models" / "encoder").mkdir(parents=True)
    settings = Settings.from_env(data=tmp_path)
    assert settings.encoder_source == tmp_path / "models" / "encoder"
    monkeypatch.setenv("JIEDAI_ENCODER", "some/model")
    assert Settings.from_env(data=tmp_path).encoder_source == "some/model"
