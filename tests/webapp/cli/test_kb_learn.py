"""`jiedai kb health` and `jiedai kb gaps`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webapp.cli.conftest import run
from webapp.cli.kb_files import opened_database
from webapp.settings import Settings

SEVEN = "---\nid: a\ntitle: 退货\n---\n\n## 几天内可以退\n\n签收后 7 天内可以无理由退货，要完好。\n"
NINE = "---\nid: b\ntitle: 售后\n---\n\n## 退货期限\n\n签收后九天内可以无理由退货，要完好。\n"

pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    place = tmp_path / "knowledge"
    place.mkdir()
    (place / "a.md").write_text(SEVEN, encoding="utf-8")
    (place / "b.md").write_text(NINE, encoding="utf-8")
    return place


def test_grave_findings_of_files_end_with_1_and_say_what_to_do(knowledge: Path) -> None:
    result = run("kb", "health", "--from", str(knowledge), "--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert [finding["kind"] for finding in findings] == ["contradiction", "no_tests", "no_tests"]
    told = run("kb", "health", "--from", str(knowledge))
    assert "contradiction: find out which is right" in told.stdout
    assert "a / 几天内可以退" in told.stdout


def test_an_installation_is_examined_and_its_gaps_are_listed(folder: Path, knowledge: Path) -> None:
    data = ("--data", str(folder))
    assert run("kb", "import", str(knowledge / "a.md"), *data).exit_code == 0
    result = run("kb", "health", *data, "--json")
    assert (result.exit_code, [f["kind"] for f in json.loads(result.stdout)]) == (0, ["no_tests"])
    gaps = run("kb", "gaps", *data, "--refresh", "--json")
    assert (gaps.exit_code, json.loads(gaps.stdout)) == (0, [])


def test_a_run_over_an_installations_own_tests_is_kept(folder: Path, tmp_path: Path) -> None:
    tested = SEVEN.replace("title", "tests: [{question: 几天内能退, heading: 几天内可以退}]\ntitle")
    (tmp_path / "a.md").write_text(tested, encoding="utf-8")
    data = ("--data", str(folder))
    assert run("kb", "import", str(tmp_path / "a.md"), *data).exit_code == 0
    assert run("kb", "test", *data, "--at-least", "0").exit_code == 0
    assert run("kb", "test", "--from", str(tmp_path), *data, "--at-least", "0").exit_code == 0
    with opened_database(Settings.from_env(data=folder)) as database, database.read() as work:
        (kept,) = work.test_runs.list()
    assert (kept.by, kept.scope) == ("jiedai kb test", "all")
    assert kept.cases >= kept.passed > 0


def test_a_folder_that_is_no_knowledge_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("---\ntests: 3\n---\n\n## 一\n\n二\n", encoding="utf-8")
    assert run("kb", "health", "--from", str(tmp_path)).exit_code == 2
