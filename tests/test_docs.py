"""Documents are tested too: settings, commands, packages and decisions are written down."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from webapp.cli import main
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert [f.name for f in fields(Settings) if f"`{f.name}`" not in text] == []


def test_every_command_is_in_both_readmes() -> None:
    commands = main.list_commands(None)  # type: ignore[arg-type]
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [c for c in commands if f"jiedai {c}" not in text] == [], name


def test_the_architecture_names_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = [p.parent.name for p in ROOT.glob("*/__init__.py")]
    assert [p for p in packages if f"`{p}/" not in text and f"`{p}`" not in text] == []


def test_decisions_are_numbered_without_gaps_and_say_their_status() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(p.name[:4]) for p in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in decisions:
        assert "\nStatus: " in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_documents_and_paths_they_name_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [t for t in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in t]
    assert [t for t in links if not (document.parent / t).exists()] == []
    named = re.findall(
        r"`((?:docs|scripts|webapp|nlu|knowledge|dialogue|handoff|tests)/[\w./-]+)`", text
    )
    assert [p for p in named if not (ROOT / p).exists()] == []
