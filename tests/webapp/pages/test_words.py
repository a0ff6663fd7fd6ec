"""Every string that people read is marked for translation, and every marked one is translated."""

import re
from pathlib import Path

import pytest

from webapp.localisation import catalogue, sources_of

WEBAPP = Path(__file__).parents[3] / "webapp"
SOURCES = sources_of(WEBAPP)
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")

# Shown in their own language whatever the page's, so that whoever cannot read it finds the way.
OWN_LANGUAGE = {"中文", "切换到中文"}


def test_there_are_strings_of_every_kind() -> None:
    suffixes = {Path(name).suffix for files in SOURCES.values() for name in files}
    assert suffixes == {".html", ".py", ".js"}


def test_every_source_string_has_english_words() -> None:
    english = catalogue("en")
    untranslated = [source for source in SOURCES if not english.get(source, "").strip()]
    assert untranslated == [], "run scripts/messages and fill in messages.po"


def test_the_catalogue_holds_nothing_that_is_not_used() -> None:
    assert sorted(set(catalogue("en")) - set(SOURCES)) == []


@pytest.mark.parametrize("source", [source for source in SOURCES if PLACEHOLDER.search(source)])
def test_a_translation_keeps_the_placeholders(source: str) -> None:
    english = catalogue("en")[source]
    assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(source))


@pytest.mark.parametrize(
    "path", sorted((WEBAPP / "templates").glob("*.html")), ids=lambda path: path.name
)
def test_a_template_has_no_text_outside_the_catalogue(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"))
    assert [line.strip() for line in text.splitlines() if HAN.search(line)] == []


@pytest.mark.parametrize(
    "path", sorted((WEBAPP / "static" / "js").rglob("*.js")), ids=lambda path: path.name
)
def test_a_script_has_no_text_outside_the_catalogue(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`', text)
    unmarked = {
        part for pair in strings for part in pair if HAN.search(part) and part not in SOURCES
    }
    assert unmarked <= OWN_LANGUAGE
