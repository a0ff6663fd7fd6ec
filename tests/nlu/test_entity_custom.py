"""Entities that training files teach: regexes, lookup tables, synonyms, annotated examples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu.entities import find_entities
from nlu.entity_custom import CustomEntities, learn_entities, read_entities, write_entities
from nlu.entity_lexicon import EMPTY_LEXICON, Lexicon, read_lexicon
from nlu.rasa_yaml import read_yaml

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
FILE = """version: "3.1"
nlu:
- intent: ask_course
  examples: |
    - 我想报[雅思](course)
    - [托福](course)和[GRE]{"entity": "course", "value": "GRE 考试"}怎么选
    - [明天](date)有课吗
    - 雅思多少钱
    - [大](level)班多少钱
- intent: ask_room
  examples: |
    - 在[一楼](place)吗
    - 一楼有人
    - 去一楼
- regex: seat
  examples: |
    - [A-Z]\\d{2}
- lookup: campus
  examples: |
    - 海淀校区
    - 朝阳校区
- synonym: 海淀校区
  examples: |
    - 海淀分校
    - Haidian
"""


def learn(text: str = FILE) -> CustomEntities:
    data, problems = read_yaml(text, file="nlu.yml")
    assert problems == []
    return learn_entities(data)


@pytest.fixture(scope="module")
def custom() -> CustomEntities:
    return learn()


def found(
    text: str, custom: CustomEntities, lexicon: Lexicon = EMPTY_LEXICON
) -> list[tuple[str, str, str]]:
    entities = find_entities(text, now=NOW, custom=custom, lexicon=lexicon)
    return [(e.name, e.value, text[e.start : e.end]) for e in entities]


def test_a_regex_finds_its_entity_in_any_width_and_case(custom: CustomEntities) -> None:
    assert found("我坐Ａ１２", custom) == [("seat", "A12", "Ａ１２")]
    assert found("我坐b07", custom) == [("seat", "b07", "b07")]


def test_a_name_of_a_lookup_table_is_found_in_traditional_characters(
    custom: CustomEntities,
) -> None:
    assert found("朝陽校區在哪", custom) == [("campus", "朝阳校区", "朝陽校區")]


def test_a_synonym_of_a_name_is_found_and_stands_for_it(custom: CustomEntities) -> None:
    assert found("haidian怎么走", custom) == [("campus", "海淀校区", "haidian")]


def test_an_annotated_example_teaches_its_words(custom: CustomEntities) -> None:
    assert found("雅思开班了吗", custom) == [("course", "雅思", "雅思")]
    assert found("gre呢", custom) == [("course", "GRE 考试", "gre")]


def test_latin_names_are_not_cut_out_of_words(custom: CustomEntities) -> None:
    assert found("I agree", custom) == []


def test_words_that_are_mostly_unmarked_or_single_characters_teach_nothing(
    custom: CustomEntities,
) -> None:
    assert found("一楼大门", custom) == [("number", "1", "一")]


def test_annotated_dates_are_still_counted_from_now(custom: CustomEntities) -> None:
    assert found("明天", custom) == [("date", "2026-11-23", "明天")]


def test_a_regex_may_give_an_entity_of_ours_another_form() -> None:
    own = learn(FILE + "- regex: order_id\n  examples: |\n    - DD-\\d{6}\n")
    assert found("订单dd-123456", own) == [("order_id", "dd-123456", "dd-123456")]


def test_examples_do_not_add_to_what_the_lexicon_lists(custom: CustomEntities) -> None:
    lexicon = read_lexicon({"course.yml": "entity: course\nnames: {日语: [日文]}"})
    assert found("雅思还是日文", custom, lexicon) == [("course", "日语", "日文")]


def test_what_was_learnt_is_the_same_after_storing_it(custom: CustomEntities) -> None:
    assert read_entities(write_entities(custom)) == custom


@pytest.mark.parametrize("text", ["{}", "[", '{"patterns": [["a", "("]]}', "[]"])
def test_broken_storage_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError, TypeError)):
        read_entities(text)


def test_files_without_entities_teach_nothing(tmp_path: Path) -> None:
    plain = 'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - 你好\n    - 您好\n'
    assert learn(plain).is_empty
