"""`jiedai train`, `test` and `parse`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
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


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the small data; a test that spoils it takes a copy."""
    folder = tmp_path_factory.mktemp("trained")
    answer = run("train", "nlu", "--data", small_data(folder), "--out", folder / "model")
    assert answer.exit_code == 0, answer.output
    return folder / "model"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return small_data(tmp_path)


def small_data(folder: Path) -> Path:
    rows = [(f"我要退掉这个{item}", "apply_return") for item in ITEMS]
    rows += [(f"{item}的快递到哪里了", "query_logistics") for item in ITEMS]
    path = folder / "data.tsv"
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
def test_unknown_labels_are_tested_as_strangers(trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "tests.tsv"
    path.write_text("我要退掉这个帽子\tapply_return\n今天天气怎么样\tweather\n", "utf-8")
    options = ("test", "nlu", "--model", trained, "--out", tmp_path / "report")
    found = run(*options, "--data", path)
    assert found.exit_code == 0, found.output
    figures = json.loads(found.stdout)
    assert (figures["examples"], figures["strangers"]) == (1, 1)
    assert "1 examples have intents that the model does not know" in found.stderr
    path.write_text("今天天气怎么样\tout_of_scope\n", "utf-8")
    refused = run(*options, "--data", path)
    assert refused.exit_code == 2
    assert "no test text is of an intent that the model knows" in refused.stderr


@needs_encoder
def test_without_a_model_the_remedy_is_said(data: Path, tmp_path: Path) -> None:
    answer = run("parse", "你好", "--model", tmp_path / "none")
    assert answer.exit_code == 1
    assert "jiedai train nlu" in answer.stderr
    tested = run("test", "nlu", "--model", tmp_path, "--data", data, "--out", tmp_path / "out")
    assert tested.exit_code == 1


@needs_encoder
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_trained(tmp_path: Path) -> None:
    path, model = tmp_path / "bad.tsv", tmp_path / "model"
    path.write_text(
        "你好\tgreet\n您好\tgreet\n你好\tbye\n再见\tbye\n没有意图\n\t空\n唯一\tlonely\n",
        encoding="utf-8",
    )
    (tmp_path / "bad.yml").write_text("nlu:\n- intent: empty\n  examples: |\n", encoding="utf-8")
    answer = run("train", "nlu", "--data", path, "--data", tmp_path / "bad.yml", "--out", model)
    assert answer.exit_code == 2
    for line in (
        "bad.tsv:3: '你好' is an example of 'bye' here and of 'greet'",
        "bad.tsv:5: expected a text and an intent",
        "bad.tsv:6: the text is empty",
        "bad.yml:2: intent 'empty' has no examples",
    ):
        assert line in answer.stderr
    assert not model.exists()


@needs_encoder
def test_a_model_of_another_version_is_refused_with_the_remedy(
    trained: Path, tmp_path: Path
) -> None:
    model = shutil.copytree(trained, tmp_path / "model")
    manifest = json.loads((model / "manifest.json").read_text("utf-8"))
    for part, value in (("format", 1), ("encoder", "another")):
        (model / "manifest.json").write_text(json.dumps({**manifest, part: value}), "utf-8")
        answer = run("parse", "你好", "--model", model)
        assert answer.exit_code == 1
        assert f"was made with {part} {value}" in answer.stderr
        assert "train again: `jiedai train nlu" in answer.stderr


@needs_encoder
@pytest.mark.parametrize(
    "text",
    ["耳机的快递到哪里了" * 120_000, "\0\x08\x1b[2J", "退\0掉\x07耳机", "\udcff退货", " \u3000\n"],
)
def test_any_text_is_understood_as_something(trained: Path, text: str) -> None:
    answer = run("parse", text, "--model", trained)
    assert answer.exit_code == 0, answer.output
    known = {"apply_return", "query_logistics", "out_of_scope"}
    assert json.loads(answer.stdout)["intent"]["name"] in known


@needs_encoder
def test_feelings_are_shown_and_measured(trained: Path, tmp_path: Path) -> None:
    answer = json.loads(run("parse", "呵呵，你们可真会做生意，骗子", "--model", trained).stdout)
    assert (answer["mood"], answer["emotion"], answer["sentiment"]) == (
        "angry",
        "anger",
        "negative",
    )
    labelled = tmp_path / "felt.tsv"
    labelled.write_text("骗子，马上退钱\tanger/urgent\n太感谢了\tgratitude\n", "utf-8")
    figures = json.loads(run("test", "mood", "--model", trained, "--data", labelled).stdout)
    assert (figures["emotion"]["accuracy"], figures["urgent"]["recall"]) == (1.0, 1.0)
    labelled.write_text("太感谢了\t1\n骗子\t0\n", "utf-8")
    figures = json.loads(run("test", "mood", "--model", trained, "--data", labelled).stdout)
    assert (figures["accuracy"], figures["decided"]) == (1.0, 1.0)
    labelled.write_text("哼\trage\n", "utf-8")
    refused = run("test", "mood", "--model", trained, "--data", labelled)
    assert refused.exit_code == 2
    assert "felt.tsv:1: 'rage' is no emotion" in refused.stderr


@needs_encoder
def test_a_killed_training_leaves_the_earlier_model_as_it_was(data: Path, tmp_path: Path) -> None:
    model, many = tmp_path / "model", tmp_path / "many.tsv"
    assert run("train", "nlu", "--data", data, "--out", model).exit_code == 0
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    with many.open("w", encoding="utf-8") as file:
        for i in range(3000):
            file.write(f"第{i}个订单怎么退\treturn\n第{i}个包裹到哪了\ttrack\n")
    program = [sys.executable, "-c", "from webapp.cli import main; main()"]
    command = [*program, "train", "nlu", "--data", str(many), "--out", str(model)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=ROOT) as training:
        assert training.stderr is not None
        assert b"training" in training.stderr.readline()  # it has begun to encode
        training.kill()
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before
    assert run("parse", "退掉耳机", "--model", model).exit_code == 0


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


@needs_encoder
def test_training_takes_no_folder_of_another_program(data: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "my app"}', encoding="utf-8")
    (tmp_path / "words-list.csv").write_text("mine", encoding="utf-8")
    for out, complaint in (
        (tmp_path, "is no model's and would be replaced"),
        (tmp_path / "words-list.csv" / "model", "cannot hold a model"),
    ):
        answer = run("train", "nlu", "--data", data, "--out", out)
        assert answer.exit_code == 2
        assert complaint in answer.stderr
    assert (tmp_path / "words-list.csv").read_text(encoding="utf-8") == "mine"


def test_cross_validation_refuses_what_training_refuses(tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text("我要退货\ta\n退货吧\ta\n", encoding="utf-8")
    words = "nlu:\n- synonym: 杭州\n  examples: |\n    - 杭州市\n"
    (tmp_path / "words.yml").write_bytes(words.encode("gb18030"))
    source, out = ("--data", tmp_path), ("--out", tmp_path / "out")
    for command in (("train", "nlu"), ("test", "nlu", "--cross-validation")):
        refused = run(*command, *source, *out)
        assert refused.exit_code == 2
        assert "two intents are needed" in refused.stderr
    assert not (tmp_path / "out").exists()


@needs_encoder
def test_cross_validation_learns_from_the_titles_that_training_learns_from(
    tmp_path: Path,
) -> None:
    rows = [(text, "in7") for text in ("坏掉了咋办", "用着用着就不行了", "保修期限")]
    rows += [(text, "in8") for text in ("几天能到", "现在走到哪了", "查物流")]
    confidence = []
    for titles in ("{}", "{in7: 保修期限, in8: 查物流}"):
        pack = tmp_path / f"pack{len(confidence)}"
        (pack / "nlu").mkdir(parents=True)
        (pack / "wording").mkdir()
        (pack / "nlu" / "all.tsv").write_text("".join(f"{t}\t{i}\n" for t, i in rows), "utf-8")
        (pack / "wording" / "zh.yml").write_text(f"intents: {titles}\n", encoding="utf-8")
        answer = run(
            *("test", "nlu", "--data", pack, "--out", tmp_path / "out", "--cross-validation")
        )
        assert answer.exit_code == 0, answer.stderr
        confidence.append(json.loads(answer.stdout)["accuracy"])
    assert confidence[1] > confidence[0]


def test_a_benchmark_folder_without_files_is_bad_input(tmp_path: Path) -> None:
    if not (ROOT / "models" / "encoder" / "manifest.json").exists():
        pytest.skip("no encoder: run scripts/setup")
    answer = run("benchmark", "nlu", tmp_path, "--json")
    assert answer.exit_code == 2
    assert "train.tsv" in answer.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("benchmark", "nlu", "{there}"),
        ("benchmark", "faq", "{there}"),
        ("encoder", "build", "--out", "{there}/file/encoder"),
    ],
)
def test_what_cannot_be_read_or_written_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("JIEDAI_TIMEZONE", "Asia/Nowhere")  # of settings `encoder` asks nothing
    answer = run(*(part.format(there=tmp_path) for part in command))
    assert isinstance(answer.exception, SystemExit)
    assert answer.exit_code in {1, 2}
    assert answer.stderr.startswith("Error: ")
