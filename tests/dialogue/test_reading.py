from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.errors import BadFlow
from dialogue.reading import Section, read_document, read_section


def section(tmp_path: Path, text: str) -> Section:
    path = tmp_path / "file.yml"
    path.write_text(text, encoding="utf-8")
    return read_section(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match=r"nowhere\.yml:1: cannot be read"):
        read_section(tmp_path / "nowhere.yml")


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    path.write_bytes("名字: 接待".encode("gbk"))
    with pytest.raises(BadFlow, match="not UTF-8"):
        read_section(path)


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match=r"file\.yml:3: not valid YAML"):
        section(tmp_path, "a: 1\nb: [1,\nc: }")


def test_control_characters_are_not_yaml(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match=r"file\.yml:1: not valid YAML"):
        section(tmp_path, "a: \x00")


@pytest.mark.parametrize("text", ["", "- a", "word"])
def test_the_top_must_be_a_mapping(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFlow, match="must be a mapping"):
        section(tmp_path, text)


def test_a_key_that_stands_twice_is_found(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match=r"file\.yml:2: “a” stands here twice"):
        section(tmp_path, "a: 1\na: 2")


def test_an_unknown_key_is_found_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match=r"file\.yml:2: unknown key “naem”; use one of: name"):
        section(tmp_path, "name: x\nnaem: y").only("name")


@pytest.mark.parametrize("text", ["name: ''", "name: [a]", "other: x"])
def test_a_text_must_be_there_and_not_be_empty(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFlow, match="name"):
        section(tmp_path, text).text("name")


def test_a_default_stands_for_a_missing_text(tmp_path: Path) -> None:
    assert section(tmp_path, "a: 1").text("name", "none") == "none"


def test_a_flag_is_true_false_or_absent(tmp_path: Path) -> None:
    flags = section(tmp_path, "a: true\nb: false\nc: maybe")
    assert (flags.flag("a"), flags.flag("b"), flags.flag("d")) == (True, False, False)
    with pytest.raises(BadFlow, match=r":3: “c” must be true or false"):
        flags.flag("c")


def test_one_text_is_a_list_of_one(tmp_path: Path) -> None:
    texts = section(tmp_path, "a: x\nb: [x, y]\nc: []\nd: [[x]]")
    assert (texts.texts("a"), texts.texts("b"), texts.texts("e")) == (("x",), ("x", "y"), ())
    for key in "cd":
        with pytest.raises(BadFlow, match="list of texts"):
            texts.texts(key)


def test_sections_and_lists_of_sections_are_checked(tmp_path: Path) -> None:
    outer = section(tmp_path, "a: {b: c}\nd: [{e: f}]\ng: [h]\ni: []\nj: k")
    assert outer.section("a").text("b") == "c"
    assert outer.table("a") == {"b": "c"}
    assert [each.text("e") for each in outer.sections("d")] == ["f"]
    assert (outer.is_section("a"), outer.is_section("j")) == (True, False)
    for key, problem in (("z", "missing"), ("j", "must be a mapping")):
        with pytest.raises(BadFlow, match=problem):
            outer.section(key)
    for key, problem in (("z", "missing"), ("i", "not empty"), ("g", "every item")):
        with pytest.raises(BadFlow, match=problem):
            outer.sections(key)


def test_null_stands_for_nothing(tmp_path: Path) -> None:
    assert section(tmp_path, "a: ~\nb: x").optional_texts() == {"a": None, "b": "x"}


def test_a_document_may_be_a_list(tmp_path: Path) -> None:
    path = tmp_path / "file.yml"
    path.write_text("- a: 1\n- b: 2")
    document = read_document(path)
    assert isinstance(document, tuple)
    assert [list(each.names()) for each in document] == [["a"], ["b"]]
