"""`jiedai train`, `test`, `parse` and `data`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import main

ITEMS = ("耳机", "面霜", "外套", "键盘", "水杯", "雨伞")
ROOT = Path(__file__).parents[3]

needs_encoder = pytest.mark.skipif(
    not (ROOT / "models" / "encoder" / "manifest.json").exists(),
    reason="no encoder: run scripts/setup",
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [(f"我要退掉这个{item}", "apply_return") for item in ITEMS]
    rows += [(f"{item}的快递到哪里了", "query_logistics") for item in ITEMS]
    path = tmp_path / "data.tsv"
    path.write_text("".join(f"{text}\t{intent}\n" for text, intent in rows), encoding="utf-8")
    return path


@needs_encoder
def test_the_shell_shows_the_likeliest_intents_only(tmp_path: Path) -> None:
    asked = ("退掉{}", "{}到哪了", "{}多少钱", "{}有货吗", "{}怎么用", "{}坏了", "{}开发票")
    path, model = tmp_path / "many.tsv", tmp_path / "model"
    rows = [f"{a.format(i)}\tintent_{n}\n" for n, a in enumerate(asked) for i in ITEMS]
    path.write_text("".join(rows), encoding="utf-8")
    assert run("train", "nlu", "--data", path, "--out", model).exit_code == 0
    typed = CliRunner().invoke(main, ["shell", "nlu", "--model", str(model)], input="退掉耳机\n\n")
    assert len(json.loads(typed.stdout)["intent_ranking"]) == 5
    parsed = run("parse", "退掉耳机", "--model", model)
    assert len(json.loads(parsed.stdout)["intent_ranking"]) == len(asked)


@needs_encoder
def test_a_model_is_trained_tested_and_asked(data: Path, tmp_path: Path) -> None:
    model, out = tmp_path / "model", tmp_path / "report"
    trained = run("train", "nlu", "--data", data, "--out", model)
    assert trained.exit_code == 0, trained.output
    tested = run("test", "nlu", "--model", model, "--data", data, "--out", out)
    assert tested.exit_code == 0, tested.output
    assert json.loads(tested.stdout)["accuracy"] == 1.0
    assert json.loads((out / "metrics.json").read_text("utf-8")) == json.loads(tested.stdout)
    crossed = run("test", "nlu", "--data", data, "--out", out, "--cross-validation", "--folds", "3")
    assert json.loads(crossed.stdout)["examples"] == 12
    parsed = run("parse", "手表的快递到哪里了，单号20261101000001", "--model", model)
    answer = json.loads(parsed.stdout)
    assert answer["intent_ranking"][0]["name"] == "query_logistics"
    assert [e["value"] for e in answer["entities"] if e["entity"] == "order_id"] == [
        "20261101000001"
    ]


@needs_encoder
def test_without_a_model_the_remedy_is_said(data: Path, tmp_path: Path) -> None:
    answer = run("parse", "你好", "--model", tmp_path / "none")
    assert answer.exit_code == 1
    assert "jiedai train nlu" in answer.stderr
    tested = run("test", "nlu", "--model", tmp_path, "--data", data, "--out", tmp_path / "out")
    assert tested.exit_code == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("你好\tgreet\n再见\tgreet\n", "two intents are needed"), ("你好\n", "bad.tsv:1: expected")],
)
@needs_encoder
def test_bad_data_is_bad_input_and_trains_nothing(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(content, encoding="utf-8")
    answer = run("train", "nlu", "--data", path, "--out", tmp_path / "model")
    assert answer.exit_code == 2
    assert complaint in answer.stderr
    assert not (tmp_path / "model").exists()


def test_the_lint_ends_with_one_when_it_finds_something(data: Path) -> None:
    assert run("data", "validate", data).exit_code == 0
    with data.open("a", encoding="utf-8") as file:
        file.write("我要退掉这个耳机\tquery_logistics\n我要退掉这个面霜\tapply_return\n")
    found = run("data", "validate", data, "--json")
    assert found.exit_code == 1
    kinds = [p["kind"] for p in json.loads(found.stdout)["problems"]]
    assert kinds == ["text_in_two_intents", "duplicate"]
    assert run("data", "validate", data.parent / "none").exit_code == 2


def test_the_lint_lists_lines_that_cannot_be_read(data: Path) -> None:
    data.write_text("没有意图\n也没有\n", encoding="utf-8")
    found = run("data", "validate", data)
    assert found.exit_code == 1
    assert found.stdout.count("expected a text and an intent") == 2


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


def test_a_conversion_there_and_back_changes_nothing(data: Path, tmp_path: Path) -> None:
    there, back = tmp_path / "x.yml", tmp_path / "back.tsv"
    assert run("data", "convert", "--data", data, "--out", there).exit_code == 0
    assert run("data", "convert", "--data", there, "--out", back).exit_code == 0
    assert back.read_text("utf-8") == data.read_text("utf-8")
    assert run("data", "convert", "--data", data, "--out", tmp_path / "x.doc").exit_code == 2


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


def test_a_benchmark_folder_without_files_is_bad_input(tmp_path: Path) -> None:
    if not (ROOT / "models" / "encoder" / "manifest.json").exists():
        pytest.skip("no encoder: run scripts/setup")
    answer = run("benchmark", "nlu", tmp_path, "--json")
    assert answer.exit_code == 2
    assert "train.tsv" in answer.stderr
