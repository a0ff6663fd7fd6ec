"""A model's folder: what is made there, and what is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.artefact_files import clear_folder, is_part_name, part_name, prepare_folder, write_whole
from nlu.errors import UnusableFolder


def test_a_folder_is_made_and_one_with_a_model_taken(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    prepare_folder(folder)
    assert folder.is_dir()
    manifest = {"format": 1, "encoder": "toy", "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    prepare_folder(folder)


@pytest.mark.parametrize("content", ['{"name": "my app", "icons": []}', "[]", "no JSON"])
def test_another_programs_manifest_is_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(UnusableFolder, match="name another folder"):
        prepare_folder(tmp_path)
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == content


def test_a_folder_that_cannot_be_made_is_said_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "model"):
        with pytest.raises(UnusableFolder, match="cannot hold a model"):
            prepare_folder(folder)


def test_only_the_files_of_models_are_cleared_away(tmp_path: Path) -> None:
    kept, earlier = (part_name("words", content) for content in (b"new", b"old"))
    ours = [earlier, f"{earlier}.123.new", "manifest.json.45.new", part_name("mood", b"")]
    others = ["words-list.csv", "entities-region.txt", "mood-notes.md", "train.tsv", "arrays-"]
    for name in (kept, *ours, *others):
        write_whole(tmp_path / name, b"content")
    (tmp_path / "words-folder").mkdir()
    clear_folder(tmp_path, keep={kept})
    assert {path.name for path in tmp_path.iterdir()} == {kept, "words-folder", *others}


def test_a_part_is_no_path() -> None:
    name = part_name("words", b"")
    assert is_part_name(name)
    for other in (f"../m/{name}", f"{name}.new", "words-1", "other-" + name[6:], 3, None):
        assert not is_part_name(other)
