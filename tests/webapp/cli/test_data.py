"""`jiedai data`: validate, split, convert and perturb."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import main

ROOT = Path(__file__).parents[3]
ITEMS = ("耳机", "面霜", "外套", "键盘", "水杯", "雨伞")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [(f"我要退掉这个{item}", "apply_return") for item in ITEMS]
    rows += [(f"{item}的快递到哪里了", "query_logistics") for item in ITEMS]
    path = tmp_path / "data.tsv"
    path.write_text("".join(f"{text}\t{intent}\n" for text, intent in rows), encoding="utf-8")
    return path


def test_the_lint_ends_with_one_when_it_finds_something(data: Path) -> None:
    assert run("data", "validate", data).exit_code == 0
    with data.open("a", encoding="utf-8") as file:
        file.write("我要退掉这个耳机\tquery_logistics\n我要退掉这个面霜\tapply_return\n")
    found = run("data", "validate", data, "--json")
    assert found.exit_code == 1
    problems = json.loads(found.stdout)["problems"]
    serious = [p for p in problems if p["severity"] != "hint"]
    assert [p["kind"] for p in serious] == ["text_in_two_intents", "duplicate"]
    assert [(p["file"], p["line"]) for p in serious] == [(str(data), 13), (str(data), 14)]
    assert run("data", "validate", data.parent / "none").exit_code == 2
    assert run("data", "validate", data, "--near", "7").exit_code == 2


def test_the_lint_lists_lines_that_cannot_be_read(data: Path) -> None:
    data.write_text("没有意图\n也没有\n", encoding="utf-8")
    found = run("data", "validate", data)
    assert found.exit_code == 1
    assert found.stdout.count("expected a text and an intent") == 2


def test_the_lint_sees_leaks_damage_and_encodings_at_once(data: Path, tmp_path: Path) -> None:
    tests = tmp_path / "tests.csv"
    tests.write_text("text,intent\n我要退掉这个耳机,apply_return\n浣犲ソ,greet\n", "utf-8")
    more = tmp_path / "more.csv"
    more.write_bytes("能退掉吗,apply_return\n".encode("gbk"))
    found = run("data", "validate", data, "--test", more, "--test", tests, "--no-encoder")
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["warning", "error", "warning", "warning"]
    assert f"{more}: read as GB18030" in lines[0]
    assert f"{tests}:2: the test text '我要退掉这个耳机' is the training text" in lines[1]
    assert f"{tests}:3: the text '浣犲ソ' reads like '你好'" in lines[2]
    assert f"{tests}:3: no training example has the intent 'greet'" in lines[3]


def test_hints_alone_are_no_failure(data: Path) -> None:
    found = run("data", "validate", data, "--near", "0", "--json")
    assert found.exit_code == 0
    assert {p["kind"] for p in json.loads(found.stdout)["problems"]} <= {"close_pair"}


def test_a_conversion_says_what_a_table_has_no_place_for(tmp_path: Path) -> None:
    source = tmp_path / "rasa.yml"
    source.write_text(
        "nlu:\n- intent: a\n  examples: |\n    - 去[杭州](city)\n- synonym: 杭州\n  examples: |\n"
        "    - 杭\nstories: []\n",
        encoding="utf-8",
    )
    answer = run("data", "convert", "--data", source, "--out", tmp_path / "x.csv")
    assert answer.exit_code == 0
    for lost in ("entities (1)", "synonyms (1)", "the section 'stories' (1)"):
        assert f"no place for {lost}" in answer.stderr
    kept = run("data", "convert", "--data", source, "--out", tmp_path / "x.yml")
    assert "no place" not in kept.stderr
    assert "stories: []" in (tmp_path / "x.yml").read_text("utf-8")


def test_a_split_loses_nothing_and_repeats_itself(data: Path, tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        out = tmp_path / name
        answer = run("data", "split", "nlu", "--data", data, "--out", out, "--random-seed", "7")
        assert answer.exit_code == 0, answer.output
        texts.append(
            [(out / f"{part}_data.yml").read_text("utf-8") for part in ("training", "test")]
        )
    assert texts[0] == texts[1]
    assert sum(text.count("    - ") for text in texts[0]) == 12
    assert texts[0][1].count("    - ") == 2


def test_a_split_makes_no_leaks_that_the_lint_finds(data: Path, tmp_path: Path) -> None:
    with data.open("a", encoding="utf-8") as file:
        file.writelines(f"我要退掉这个{item}\tapply_return\n" for item in ITEMS)
    out = tmp_path / "parts"
    assert run("data", "split", "nlu", "--data", data, "--out", out).exit_code == 0
    parts = out / "training_data.yml", "--test", out / "test_data.yml"
    found = run("data", "validate", *parts, "--no-encoder", "--json")
    kinds = {p["kind"] for p in json.loads(found.stdout)["problems"]}
    assert "leak" not in kinds


def test_a_conversion_there_and_back_changes_nothing(data: Path, tmp_path: Path) -> None:
    there, back = tmp_path / "x.yml", tmp_path / "back.tsv"
    assert run("data", "convert", "--data", data, "--out", there).exit_code == 0
    assert run("data", "convert", "--data", there, "--out", back).exit_code == 0
    assert back.read_text("utf-8") == data.read_text("utf-8")
    assert run("data", "convert", "--data", data, "--out", tmp_path / "x.doc").exit_code == 2


@pytest.mark.parametrize("name", ["out.yml", "out.tsv", "out.csv"])
def test_a_file_that_cannot_be_written_is_said_with_the_remedy(
    data: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    for out in (tmp_path / name, data / name):
        answer = run("data", "convert", "--data", data, "--out", out)
        assert answer.exit_code != 0
        assert "Traceback" not in answer.output
    answer = run("data", "split", "nlu", "--data", data, "--out", tmp_path / name / "x" / "y")
    assert answer.exit_code == 0
    answer = run("data", "split", "nlu", "--data", data, "--out", data / "x")
    assert answer.exit_code == 1
    assert "name another place" in answer.stderr


def test_a_full_disk_leaves_the_earlier_file_whole(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.yml"
    assert run("data", "convert", "--data", data, "--out", out).exit_code == 0
    before = out.read_bytes()
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "from webapp.cli import main; main()"
    )
    arguments = ("data", "convert", "--data", str(data), "--out", str(out))
    answer = subprocess.run(
        [sys.executable, "-B", "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT
    )
    assert answer.returncode == 1
    assert "out.yml: File too large: free some space there" in answer.stderr
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.tsv", "out.yml"]


def test_utterances_are_spoilt_into_a_file_for_each_kind_of_slip(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "spoilt"
    answer = run("data", "perturb", "--data", data, "--out", out)
    assert answer.exit_code == 0, answer.output
    files = {file.stem for file in out.glob("*.tsv")}
    assert {"homophone", "missing", "pinyin", "traditional"} <= files
    assert "wrong_key" not in files  # these texts hold no Latin letters
    lines = (out / "traditional.tsv").read_text("utf-8").splitlines()
    assert "我要退掉這個耳機\tapply_return" in lines
