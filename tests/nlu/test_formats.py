"""Reading and writing training data, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.errors import BadTrainingData
from nlu.formats import read_training_data, write_training_data
from nlu.rasa_yaml import read_yaml, write_yaml
from nlu.training_data import (
    Annotation,
    Example,
    Place,
    Severity,
    TrainingData,
    find_problems,
    refuse,
)

FULL = """\
version: "3.1"
nlu:
- intent: query_logistics
  examples: |
    - 快递到哪了
    - 寄到[杭州](region)的[耳机]{"entity": "product", "value": "真无线耳机", "role": "item"}呢
    - [顺丰](company:SF)到哪了
- synonym: 真无线耳机
  examples: |
    - 耳机
- regex: order_id
  examples: |
    - 20\\d{12}
- lookup: company
  examples: |
    - 顺丰
    - 中通
responses:
  utter_greet:
  - text: hi
"""


def read(text: str) -> TrainingData:
    data, problems = read_yaml(text, file="x.yml")
    assert problems == []
    return data


def complaints(text: str) -> list[str]:
    return [str(problem) for problem in read_yaml(text, file="x.yml")[1]]


def test_rasa_yaml_is_read_with_its_entities() -> None:
    data = read(FULL)
    assert [e.text for e in data.examples] == [
        "快递到哪了",
        "寄到杭州的耳机呢",
        "顺丰到哪了",
    ]
    assert data.examples[1].annotations == (
        Annotation("region", "杭州", 2, 4),
        Annotation("product", "真无线耳机", 5, 7, role="item"),
    )
    assert data.examples[2].annotations == (Annotation("company", "SF", 0, 2),)
    assert data.examples[1].place == Place("x.yml", 6)
    assert [(w.name, w.values) for w in data.synonyms] == [("真无线耳机", ("耳机",))]
    assert [w.values for w in data.regexes] == [("20\\d{12}",)]
    assert [w.values for w in data.lookups] == [("顺丰", "中通")]


def test_writing_and_reading_again_gives_the_same() -> None:
    once = read(FULL)
    assert write_yaml(read(write_yaml(once))) == write_yaml(once)
    again = read(write_yaml(once))
    assert [(e.text, e.intent, e.annotations) for e in again.examples] == [
        (e.text, e.intent, e.annotations) for e in once.examples
    ]


@pytest.mark.parametrize("name", ["yes", "123", "a: b", "退货", "ask/price", "null"])
def test_any_name_of_an_intent_survives(name: str) -> None:
    data = TrainingData((Example("文", name),))
    assert read(write_yaml(data)).examples[0].intent == name


def test_the_long_form_of_examples_is_read() -> None:
    text = (
        "nlu:\n- intent: a\n  examples:\n  - text: |\n      你好\n    metadata: {x: 1}\n  - 再见\n"
    )
    assert [e.text for e in read(text).examples] == ["你好", "再见"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nlu:\n- intent: [\n", "x.yml:3: not YAML"),
        ("nlu:\n- intent: " + "[" * 200_000, "x.yml:2: nested too deeply"),
        ("", "x.yml: the file is empty"),
        ("- a\n", "x.yml:1: expected `version:` and `nlu:`"),
        ('version: "2.0"\nnlu: []\n', "x.yml:1: version '2.0'"),
        ("nlu: 3\n", "x.yml:1: `nlu:` must be a list"),
        ("nlu:\n- 3\n", "x.yml:2: expected `- intent: name`"),
        ("nlu:\n- intnt: a\n", "x.yml:2: expected one of intent"),
        ("nlu:\n- intent: a\n", "x.yml:2: intent 'a' has no examples"),
        ("nlu:\n- intent: a\n  examples: |\n    \n", "intent 'a' has no examples"),
        ("nlu:\n- intent: ''\n  examples: |\n    - b\n", "x.yml:2: this intent has no name"),
        ("nlu:\n- intent: a\n  examples: |\n    - b\n    c\n", "x.yml:5: an example begins"),
        ("nlu:\n- intent: a\n  examples: |\n    - b\n    -\n", "x.yml:5: an empty example"),
        ("nlu:\n- intent: a\n  examples: {b: c}\n", "x.yml:3: the examples of intent 'a'"),
        ("nlu:\n- intent: a\n  examples: |\n    - [b]{entity}\n", "x.yml:4: {entity} is not JSON"),
        ("nlu:\n- regex: a\n  examples: |\n    - (\n", "x.yml:4: '(' is no regular expression"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, complaint: str) -> None:
    assert any(complaint in found for found in complaints(text)), complaints(text)


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("nlu:\n- intent: a\n- intnt: b\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes("你好,greet\n".encode("gbk"))
    (tmp_path / "c.tsv").write_text("你好\tgreet\n没有意图\n\tgreet\n", encoding="utf-8")
    with pytest.raises(BadTrainingData) as caught:
        read_training_data([tmp_path])
    lines = str(caught.value).splitlines()
    assert len(lines) == 5
    assert "a.yml:2" in lines[0]
    assert "a.yml:3" in lines[1]
    assert "b.csv:1: not UTF-8" in lines[2]
    assert "c.tsv:2: expected a text and an intent" in lines[3]
    assert "c.tsv:3: the text is empty" in lines[4]


def test_tables_keep_texts_and_intents(tmp_path: Path) -> None:
    data = TrainingData((Example('他说"好", 对吧', "affirm"), Example("多少钱", "ask_price")))
    for name in ("x.csv", "x.tsv", "x.yml"):
        write_training_data(data, tmp_path / name)
        again = read_training_data([tmp_path / name])
        assert [(e.text, e.intent) for e in again.examples] == [
            (e.text, e.intent) for e in data.examples
        ]


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\ufeffid,Intent,Text\r\n1,greet,你好\r\n", encoding="utf-8")
    example = read_training_data([path]).examples[0]
    assert (example.text, example.intent, example.place.line) == ("你好", "greet", 2)


def test_of_a_pack_only_the_training_files_are_read(tmp_path: Path) -> None:
    for folder, text in (("nlu", "learn"), ("test", "secret")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.tsv").write_text(f"{text}\ta\n", encoding="utf-8")
    assert [e.text for e in read_training_data([tmp_path]).examples] == ["learn"]


@pytest.mark.parametrize("name", ["missing", "x.docx", "empty"])
def test_a_path_without_training_data_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.docx").write_text("x", encoding="utf-8")
    with pytest.raises(BadTrainingData, match=name):
        read_training_data([tmp_path / name])


def kinds(*examples: Example) -> list[tuple[str, Severity]]:
    return [(p.kind, p.severity) for p in find_problems(TrainingData(examples), few=2)]


def test_the_lint_finds_what_is_wrong_with_the_whole() -> None:
    good = (Example("一", "a"), Example("二", "a"), Example("三", "b"), Example("四", "b"))
    assert kinds(*good) == []
    assert kinds(*good, Example("一", "a")) == [("duplicate", Severity.WARNING)]
    assert kinds(*good, Example("一 ", "b")) == [("text_in_two_intents", Severity.ERROR)]
    assert kinds(*good, Example("五", "c")) == [("too_few_examples", Severity.ERROR)]
    assert kinds(*good[:2]) == [("one_intent", Severity.ERROR)]
    assert kinds() == [("one_intent", Severity.ERROR)]
    assert kinds(*good, Example("天气", "out_of_scope")) == []


def test_only_errors_are_refused() -> None:
    data = TrainingData((Example("一", "a", place=Place("f.yml", 7)), Example("二", "a")))
    with pytest.raises(BadTrainingData, match="two intents are needed"):
        refuse(find_problems(data))
    refuse(p for p in find_problems(data) if p.severity is Severity.WARNING)
