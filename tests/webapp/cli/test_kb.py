"""`jiedai kb` and `jiedai benchmark faq`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webapp.cli.conftest import run
from tests.webapp.office import PICTURE, docx, heading, paragraph
from tests.webapp.pictures import picture

CARE = "---\nid: care\n---\n\n## 怎么洗\n\n请用{water}手洗，不能机洗。\n"

pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    (tmp_path / "care.md").write_text(CARE.format(water="冷水"), encoding="utf-8")
    return tmp_path / "care.md"


def test_an_import_adds_changes_and_leaves_alone(folder: Path, knowledge: Path) -> None:
    def imported() -> dict[str, list[str]]:
        result = run("kb", "import", str(knowledge), "--data", str(folder), "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    assert imported()["added"] == ["care"]
    assert imported()["unchanged"] == ["care"]
    knowledge.write_text(CARE.format(water="温水"), encoding="utf-8")
    assert imported()["changed"] == ["care"]
    searched = run("kb", "search", "毛衣怎么洗，能机洗吗", "--data", str(folder), "--json")
    first = json.loads(searched.stdout)["hits"][0]
    assert (first["article_id"], first["heading"]) == ("care", "怎么洗")
    assert "温水" in first["passage"]
    assert 0 <= first["score"] <= 1


def test_a_bad_file_is_named_with_exit_1_and_the_good_ones_imported(
    folder: Path, knowledge: Path
) -> None:
    broken = knowledge.parent / "broken.md"
    broken.write_text("---\ntags: {a: b}\n---\n正文", encoding="utf-8")
    result = run("kb", "import", str(knowledge.parent), "--data", str(folder), "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["added"] == ["care"]
    assert [(problem["file"], problem["line"]) for problem in report["failed"]] == [
        ("broken.md", 2)
    ]
    assert "broken.md:2" in result.stderr
    assert result.stderr.endswith("1 added, 0 changed, 0 unchanged, 1 problem\n")

    knowledge.unlink()
    nothing = run("kb", "import", str(knowledge.parent), "--data", str(folder))
    assert nothing.exit_code == 2
    assert "Nothing was imported" in nothing.stderr


def test_a_missing_data_folder_names_the_remedy(tmp_path: Path) -> None:
    result = run("kb", "search", "退货", "--data", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "jiedai init" in result.stderr


def test_knowledge_tests_pass_or_fail_with_the_exit_code(knowledge: Path) -> None:
    cases = knowledge.parent / "tests.yml"
    cases.write_text("tests:\n  - {question: 怎么洗, article: care, heading: 怎么洗}\n", "utf-8")
    passed = run("kb", "test", str(cases), "--from", str(knowledge))
    assert passed.exit_code == 0, passed.output
    cases.write_text("tests:\n  - {question: 怎么洗, article: null, heading: null}\n", "utf-8")
    failed = run("kb", "test", str(cases), "--from", str(knowledge))
    assert failed.exit_code == 1
    assert "怎么洗: wanted no answer" in failed.stdout
    cases.write_text("tests: 3\n", encoding="utf-8")
    assert run("kb", "test", str(cases), "--from", str(knowledge)).exit_code == 2
    assert run("kb", "test", "--from", str(knowledge)).exit_code == 2


def test_benchmark_faq_prints_its_figures(tmp_path: Path) -> None:
    (tmp_path / "faq.tsv").write_text("A\t怎么退货\nB\t怎么开发票\n", encoding="utf-8")
    (tmp_path / "test.tsv").write_text("我要把东西退掉\tA\n发票给我开一张\tB\n", encoding="utf-8")
    result = run("benchmark", "faq", str(tmp_path), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["recall_at_1"] == 1.0
    (tmp_path / "test.tsv").unlink()
    assert run("benchmark", "faq", str(tmp_path)).exit_code == 2


def test_an_export_is_written_once_and_imported_without_a_change(
    folder: Path, knowledge: Path, tmp_path: Path
) -> None:
    assert run("kb", "import", str(knowledge), "--data", str(folder)).exit_code == 0
    for place in (tmp_path / "out", tmp_path / "out.zip"):
        written = run("kb", "export", str(place), "--data", str(folder), "--json")
        assert written.exit_code == 0, written.output
        assert json.loads(written.stdout)["articles"] >= 1
        again = run("kb", "import", str(place), "--data", str(folder), "--json")
        report = json.loads(again.stdout)
        assert (report["added"], report["changed"], report["failed"]) == ([], [], [])
        assert "care" in report["unchanged"]
    refused = run("kb", "export", str(tmp_path / "out"), "--data", str(folder))
    assert refused.exit_code == 2
    assert "name a new folder" in refused.stderr


def test_a_word_file_is_converted_and_then_imported(folder: Path, tmp_path: Path) -> None:
    parts = [heading("雨伞几天能退", 2), paragraph("七天内。"), heading("雨伞怎么洗", 2), PICTURE]
    (tmp_path / "雨伞.docx").write_bytes(docx(*parts, paragraph("看图。"), picture=picture()))
    out = tmp_path / "out"
    for number in (1, 2):
        converted = run("kb", "convert", str(tmp_path / "雨伞.docx"), "--out", str(out), "--split")
        assert converted.exit_code == 0, converted.output
        assert len(list(out.glob("*.md"))) == 2 * number
    imported = run("kb", "import", str(out), "--data", str(folder), "--json")
    assert imported.exit_code == 0, imported.output
    assert "雨伞几天能退" in json.loads(imported.stdout)["added"]
    assert json.loads(imported.stdout)["remarks"] == []


def test_a_file_that_cannot_be_converted_names_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"nothing")
    refused = run("kb", "convert", str(tmp_path / "a.docx"), "--out", str(tmp_path / "out"))
    assert refused.exit_code == 2
    assert "open it in Word and save it anew" in refused.stderr
    assert not (tmp_path / "out").exists()
