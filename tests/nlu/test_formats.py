"""Reading and writing training data, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.errors import BadTrainingData
from nlu.formats import (
    check_training_data,
    read_training_data,
    scan_training_data,
    write_training_data,
)
from nlu.rasa_yaml import read_yaml
from nlu.rasa_yaml_write import write_yaml
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


EVERYTHING = """\
version: "3.1"
nlu:
- intent: faq/refund
  metadata: {owner: 售后, since: 2026-11-01}
  examples:
  - text: |
      第一行[杭州](region)
      第二行
    metadata:
      sentiment: neutral
      tags: [a, "b: c"]
  - text: "带空字符 和 - 号"
- intent: book
  examples: |
    - 从[京]{"entity": "city", "value": "北京", "role": "from", "group": "1"}出发
    # 一条注释
    - 去[上海]{"entity": "a:b"}的[票]{"entity": "thing", "value": "\\u007b票\\u007d"}
    - - 减号开头
    - "引号"  和  两个空格
- intent: faq/refund
  examples: |
    - 退款呢
- regex: spaced
  examples: |
    - a {2}b  c
- lookup: city
  examples: |
    - 北京 朝阳
- synonym: 北京
  examples: |
    - 京
stories:
- story: 退款
  steps:
  - intent: faq/refund
  - action: utter_faq/refund
responses:
  utter_faq/refund:
  - text: |
      两行
      回答
"""


def kept(data: TrainingData) -> TrainingData:
    """The data without its places."""
    nowhere = Place()
    return TrainingData(
        tuple(replace(e, place=nowhere) for e in data.examples),
        *(
            tuple(replace(one, place=nowhere) for one in part)
            for part in (data.synonyms, data.regexes, data.lookups, data.sections)
        ),
    )


@pytest.mark.parametrize("text", [FULL, EVERYTHING])
def test_writing_and_reading_again_gives_the_same(text: str) -> None:
    once = read(text)
    assert kept(read(write_yaml(once))) == kept(once)
    assert write_yaml(read(write_yaml(once))) == write_yaml(once)


def test_everything_in_a_file_of_rasa_is_read() -> None:
    data = read(EVERYTHING)
    first = data.examples[0]
    assert (first.text, first.intent) == ("第一行杭州\n第二行", "faq/refund")
    assert first.annotations == (Annotation("region", "杭州", 3, 5),)
    assert first.place.line == 7
    assert first.metadata == "{sentiment: neutral, tags: [a, 'b: c']}"
    assert first.intent_metadata == "{owner: 售后, since: 2026-11-01}"
    assert [e.text for e in data.examples[2:6]] == [
        "从京出发",
        "去上海的票",
        "- 减号开头",
        '"引号"  和  两个空格',
    ]
    assert data.examples[2].annotations == (Annotation("city", "北京", 1, 2, "from", "1"),)
    assert data.examples[3].annotations[1].value == "{票}"
    assert data.examples[6].intent_metadata == ""
    assert data.regexes[0].values == ("a {2}b  c",)
    assert [section.name for section in data.sections] == ["stories", "responses"]


def test_sections_of_several_files_become_one_or_are_named() -> None:
    first = read("responses:\n  utter_a:\n  - text: 甲\nrules:\n- rule: a\n")
    second = read("responses:\n  utter_b:\n  - text: 乙\nrules:\n- rule: b\n")
    both = TrainingData(sections=(*first.sections, *second.sections))
    written = write_yaml(both)
    assert written.count("responses:") == written.count("rules:") == 1
    assert all(part in written for part in ("utter_a", "utter_b", "rule: a", "rule: b"))
    clash = read("responses:\n  utter_a:\n  - text: 丙\n")
    with pytest.raises(BadTrainingData, match=r"`responses: utter_a` is at x\.yml:1 and x\.yml:1"):
        write_yaml(TrainingData(sections=(*first.sections, *clash.sections)))


def test_what_rasas_marks_cannot_hold_is_refused_with_its_place() -> None:
    examples = (
        Example("[怒](脸)什么时候发货", "urge", place=Place("a.tsv", 3)),
        Example("好]吗", "ask", (Annotation("x", "好]", 0, 2),), Place("a.tsv", 4)),
        Example("[旺旺]在吗 {a}", "greet"),
    )
    with pytest.raises(BadTrainingData) as caught:
        write_yaml(TrainingData(examples))
    assert [line[:8] for line in str(caught.value).splitlines()] == ["a.tsv:3:", "a.tsv:4:"]


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=4))
def test_any_text_survives_or_is_refused(pairs: list[tuple[str, str]]) -> None:
    examples = tuple(
        Example(text.strip(), intent.strip(), metadata="")
        for text, intent in pairs
        if text.strip() and intent.strip() and "\r" not in text + intent
    )
    try:
        written = write_yaml(TrainingData(examples))
    except BadTrainingData:
        assert any("[" in e.text for e in examples)
        return
    assert kept(read(written)).examples == examples


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
        (
            "nlu:\n- intent: a\n  examples: |\n    - b\nnlu: []\n",
            "x.yml:5: `nlu:` is here a second",
        ),
        ("nlu:\n- intent: a\n  exmaples: |\n    - b\n", "x.yml:2: `exmaples:` is not known"),
        ("nlu:\n- intent: a\n  examples: |\n    - b\0\n    - c\x08\n", "x.yml:5: the control char"),
        (
            'nlu:\n- intent: a\n  examples: |\n    - [b]{"entity": "c", "d": 1}\n',
            "has d: an entity",
        ),
        *(
            (
                f"nlu:\n- intent: a\n  metadata: {value}\n  examples: |\n    - b\n",
                "x.yml:3: this metadata cannot be read",
            )
            for value in ("!x 1", "{since: 2026-13-01}", "!!int x", "!!bool x", "!!timestamp x")
        ),
        (
            'nlu:\n- intent: a\n  examples: |\n    - [b]{"a": %s}\n' % ("[" * 100_000),
            "is not JSON: maximum recursion depth",
        ),
        ("nlu:\n- regex: a\n  examples: |\n    - (\n", "x.yml:4: '(' is no regular expression"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, complaint: str) -> None:
    assert any(complaint in found for found in complaints(text)), complaints(text)


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("nlu:\n- intent: a\n- intnt: b\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes("你好,greet\n".encode("gbk") + b"\xff\xff,greet\n")
    (tmp_path / "c.tsv").write_text("你好\tgreet\n没有意图\n\tgreet\n", encoding="utf-8")
    with pytest.raises(BadTrainingData) as caught:
        read_training_data([tmp_path])
    lines = str(caught.value).splitlines()
    assert len(lines) == 5
    assert "a.yml:2" in lines[0]
    assert "a.yml:3" in lines[1]
    assert "b.csv:2: not UTF-8 nor GB18030" in lines[2]
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


TABLE = [("你好，在吗", "greet"), ("发货没", "urge")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", '"你好，在吗",greet\n发货没,urge\n'.encode()),
        ("mark.csv", '\ufeff"你好，在吗",greet\r\n发货没,urge\r\n'.encode()),
        ("gbk.csv", "文本,意图\r\n你好，在吗,greet\r\n发货没,urge\r\n".encode("gbk")),
        ("semicolons.csv", "intent;text\ngreet;你好，在吗\nurge;发货没\n".encode()),
        ("excel.tsv", "text\tintent\r\n你好，在吗\tgreet\r\n发货没\turge\r\n".encode("utf-16")),
        ("old.tsv", "你好，在吗\tgreet\r发货没\turge\r".encode()),
        ("wide.tsv", "id\tlabel\ttext\n1\tgreet\t你好，在吗\n2\turge\t发货没\n".encode()),
        ("empty_cells.csv", "你好，在吗,greet,,\n,,,\n发货没,urge,,\n".encode()),
    ],
)
def test_tables_are_read_as_spreadsheets_save_them(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    data, problems = scan_training_data([tmp_path / name])
    assert [(e.text, e.intent) for e in data.examples] == TABLE
    assert [p.severity for p in problems] == ([Severity.WARNING] if "gbk" in name else [])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("你好,请问,greet\n".encode(), "x.csv:1: 3 columns where two are expected"),
        ("text,kind\n你好,greet\n".encode(), "x.csv:1: the columns have names, but none"),
        ('你好,greet\n"没关上,urge\n'.encode(), "x.csv:2: not CSV: unexpected end of data"),
        ("a,1\nb,2\nc,3\nd,4\n".replace("\n", "甲\n").encode("utf-16-le"), "x.csv:1: no text file"),
        (b"a\0b,greet\n", "x.csv:1: no text file, or UTF-16 without its mark"),
        ("你好,greet\n".encode() + "再见,bye\n".encode("gbk"), "x.csv:2: this line is not UTF-8"),
        (("".join(f"greet,第{i}句\n" for i in range(9))).encode(), "x.csv: the first column looks"),
        (b"\n\n", "x.csv: the file holds no examples"),
    ],
)
def test_what_a_table_does_not_say_clearly_is_refused(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    _, problems = scan_training_data([tmp_path / "x.csv"])
    assert [str(p) for p in problems if complaint in str(p)], problems


def test_a_text_of_a_million_characters_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f'"{"很长" * 500_000}",greet\n你好,greet\n', encoding="utf-8")
    assert len(read_training_data([tmp_path / "x.csv"]).examples[0].text) == 1_000_000


def test_single_lines_and_the_whole_are_judged_at_once(tmp_path: Path) -> None:
    rows = "你好\tgreet\n您好\tgreet\n你好\tbye\n再见\tbye\n没有意图\n唯一\tlonely\n"
    (tmp_path / "x.tsv").write_text(rows, encoding="utf-8")
    found = check_training_data([tmp_path], few=2)[1]
    assert [p.kind for p in found] == ["unreadable", "text_in_two_intents", "too_few_examples"]
    (tmp_path / "broken.yml").write_text("nlu: [", encoding="utf-8")
    found = check_training_data([tmp_path], few=2)[1]  # the rest of `lonely` may be in there
    assert [p.kind for p in found] == ["unreadable", "unreadable", "text_in_two_intents"]


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


def test_what_nobody_can_see_is_no_example() -> None:
    hidden = tuple(Example(text, "a") for text in ("看得见", "\u200b", "\u200b\u200d", "\x07"))
    others = tuple(Example(text, "b") for text in ("一", "二"))
    found = find_problems(TrainingData((*hidden, *others)), few=2)
    assert [p.kind for p in found] == ["empty_text"] * 3 + ["too_few_examples"]
    assert all(p.severity is Severity.ERROR for p in found)


@pytest.mark.parametrize("name", ["accuracy", "macro avg", "weighted avg", "micro avg"])
def test_an_intent_named_as_a_row_of_reports_is_refused(name: str) -> None:
    texts = [(text, name) for text in ("一", "二")] + [(text, "b") for text in ("三", "四")]
    data = TrainingData(tuple(Example(text, intent) for text, intent in texts))
    assert [p.kind for p in find_problems(data, few=2)] == ["reserved_intent"]


def test_a_table_has_no_intents_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text('text,intent\n你好,greet\n再见,"good\nbye"\n', encoding="utf-8")
    with pytest.raises(BadTrainingData, match=r"data\.csv:3.*tab or a line break"):
        read_training_data([path])


def test_only_errors_are_refused() -> None:
    data = TrainingData((Example("一", "a", place=Place("f.yml", 7)), Example("二", "a")))
    with pytest.raises(BadTrainingData, match="two intents are needed"):
        refuse(find_problems(data))
    refuse(p for p in find_problems(data) if p.severity is Severity.WARNING)


@pytest.mark.parametrize(
    "mark",
    [
        '{"entity": "x", "value": "\\ud800"}',
        '{"entity": "\\ud800"}',
        '{"entity": "x", "role": "\\ud800"}',
        '{"entity": "x", "value": null}',
        '{"entity": "x", "value": ""}',
        '{"entity": "x", "value": true}',
        '{"entity": ""}',
        "( )",
        "(x:)",
    ],
)
def test_a_mark_without_a_sound_entity_and_value_is_named_with_its_line(
    tmp_path: Path, mark: str
) -> None:
    path = tmp_path / "x.yml"
    path.write_text(f"nlu:\n- intent: a\n  examples: |\n    - 好\n    - [退货]{mark}\n", "utf-8")
    with pytest.raises(BadTrainingData, match=r"x\.yml:5: "):
        read_training_data([path])


def test_the_value_of_a_mark_may_be_a_number(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    mark = '[两]{"entity": "count", "value": 2}'
    path.write_text(f"nlu:\n- intent: a\n  examples: |\n    - {mark}件\n", "utf-8")
    [found] = read_training_data([path]).examples
    assert [a.value for a in found.annotations] == ["2"]


@pytest.mark.parametrize("first", [("text", "intent"), ("问题", "a"), ("我要退货", "Label")])
def test_a_table_whose_first_row_looks_like_a_header_is_read_back(
    tmp_path: Path, first: tuple[str, str]
) -> None:
    rows = [first, ("怎么退货", "b")]
    for name in ("x.tsv", "x.csv"):
        written = TrainingData(tuple(Example(*row) for row in rows))
        write_training_data(written, tmp_path / name)
        read = read_training_data([tmp_path / name]).examples
        assert [(e.text, e.intent) for e in read] == rows


@pytest.mark.parametrize("intent", ["a\tb", "a\nb", "a\rb"])
def test_an_intent_that_tsv_cannot_hold_is_refused(tmp_path: Path, intent: str) -> None:
    with pytest.raises(BadTrainingData, match="TSV cannot hold the intent"):
        write_training_data(TrainingData((Example("退货", intent),)), tmp_path / "x.tsv")
    assert not (tmp_path / "x.tsv").exists()


def test_the_endings_of_files_may_be_capitals(tmp_path: Path) -> None:
    for number, name in enumerate(("MORE.TSV", "x.Csv", "y.YML")):
        data = TrainingData((Example(f"退货{number}", "a"),))
        write_training_data(data, tmp_path / name)
    assert {e.text for e in read_training_data([tmp_path]).examples} == {"退货0", "退货1", "退货2"}


def test_a_warning_about_a_file_without_examples_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text("我要退货\ta\n", encoding="utf-8")
    words = "nlu:\n- synonym: 杭州\n  examples: |\n    - 杭州市\n"
    (tmp_path / "words.yml").write_bytes(words.encode("gb18030"))
    _, problems = check_training_data([tmp_path])
    kinds = {p.kind for p in problems}
    assert {"encoding", "one_intent", "too_few_examples"} <= kinds
