"""The widget's script: one file, small, with nothing in it that clashes."""

import gzip
import re
from collections import Counter

import pytest

from webapp.widget_script import MODULES, STATIC, widget_script

LARGEST = 30 * 1024


def test_the_script_is_small_enough() -> None:
    assert len(gzip.compress(widget_script().encode(), 6)) <= LARGEST


def test_no_module_statement_is_left_over() -> None:
    assert not re.search(r"^(import|export)\b", widget_script(), re.MULTILINE)


def test_the_style_reaches_the_shadow_root() -> None:
    script = widget_script()
    assert ":host{" in script
    assert ":root" not in script


def test_both_languages_are_inside() -> None:
    assert "Talk to a person" in widget_script()


def test_no_two_modules_give_the_same_name_at_their_top() -> None:
    names = Counter(
        name
        for module in MODULES
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)",
            (STATIC / "js" / f"{module}.js").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_is_joined_too(module: str) -> None:
    scripts = STATIC / "js"
    path = scripts / f"{module}.js"
    written = re.findall(
        r'^import .*?"([^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    imported = {(path.parent / name).resolve() for name in written}
    assert imported <= {scripts / f"{name}.js" for name in (*MODULES, "embedded")}
