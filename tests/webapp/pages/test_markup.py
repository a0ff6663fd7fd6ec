"""The pages obey the content security policy: nothing inline, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

WEBAPP = Path(__file__).parents[3] / "webapp"
TEMPLATES = sorted((WEBAPP / "templates").glob("*.html"))
SCRIPTS = sorted((WEBAPP / "static" / "js").rglob("*.js"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_loads_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r'(?:src|href)="(?:https?:)?//', path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_inserts_only_html_of_the_server(path: Path) -> None:
    """`el(…, { html })` is the one way in, and it is given a field named `html` only."""
    text = path.read_text(encoding="utf-8")
    allowed = 1 if path.name == "dom.js" else 0
    assert (
        len(re.findall(r"innerHTML|insertAdjacentHTML|outerHTML|document\.write", text)) == allowed
    )
    assert set(re.findall(r"\bhtml: ([^,}\s]+)", text)) <= {
        "message.html", "found.html", "article.html", "shown.html",
    }  # fmt: skip


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_runs_no_text_as_code(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function\(", path.read_text(encoding="utf-8"))
