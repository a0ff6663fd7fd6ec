"""`jiedai kb terms`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webapp.cli.conftest import run

pytestmark = pytest.mark.usefixtures("at_home")


def test_terms_are_added_listed_searched_with_and_removed(folder: Path) -> None:
    data = ("--data", str(folder))
    assert run("kb", "terms", "add", "发票", "报销凭据", "小票票", *data).exit_code == 0
    listed = run("kb", "terms", "list", *data)
    assert listed.stdout == "发票: 报销凭据, 小票票\n"
    asked = json.loads(run("kb", "search", "小票票怎么开", *data, "--json").stdout)
    assert asked["read"] == [{"said": "小票票", "term": "发票"}]
    assert asked["hits"][0]["article_id"] == "invoice"
    told = run("kb", "search", "小票票怎么开", *data)
    assert "read 小票票 as 发票" in told.stderr
    assert run("kb", "terms", "remove", "發票", *data).exit_code == 0
    assert json.loads(run("kb", "terms", "list", "--json", *data).stdout) == []


def test_what_cannot_be_ends_with_2_and_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    data = ("--data", str(folder))
    assert run("kb", "terms", "add", "发票", "报销凭据", *data).exit_code == 0
    for arguments, said in (
        (("add", "票据", "报销凭据"), "take it out there"),
        (("remove", "票据"), "see `jiedai kb terms list`"),
        (("export", str(tmp_path / "terms.docx")), "choose one of these endings"),
        (("import", str(folder / "missing.csv")), "does not exist"),
    ):
        result = run("kb", "terms", *arguments, *data)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("name", ["terms.csv", "terms.yml"])
def test_what_is_exported_is_imported_without_a_change(
    folder: Path, tmp_path: Path, name: str
) -> None:
    data, file = ("--data", str(folder)), tmp_path / name
    run("kb", "terms", "add", "发票", "报销凭据", "--meaning", "报销用的", *data)
    assert run("kb", "terms", "export", str(file), *data).exit_code == 0
    again = run("kb", "terms", "import", str(file), *data)
    assert (again.exit_code, again.stderr) == (0, "0 added, 0 changed, 1 unchanged\n")


def test_an_import_with_mistakes_takes_the_good_and_ends_with_1(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("term,synonyms\n发票,报销凭据\n票,票据\n", encoding="utf-8")
    result = run("kb", "terms", "import", str(file), "--data", str(folder), "--json")
    assert result.exit_code == 1
    done = json.loads(result.stdout)
    assert (done["added"], [problem["line"] for problem in done["failed"]]) == (1, [3])
    assert f"{file}:3: `票` is a single character" in result.stderr
