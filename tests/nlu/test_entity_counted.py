"""When a single Chinese numeral is a number."""

from __future__ import annotations

import pytest

from nlu.entity_counted import stands_for_number


@pytest.mark.parametrize(
    "text",
    [
        "三朵花",
        "一滴水",
        "两项",
        "六届",
        "八级",
        "十几个",
        "仨",
        "四",
        "二选一",
        "伍个",
        "两单",
        "两下",
        "五台电脑",
        "九以上",
        "两盏灯",
        "三学期",
        "十分钟",
    ],
)
def test_what_is_counted_or_alone_is_a_number(text: str) -> None:
    assert stands_for_number(text, 0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "一样",
        "三星",
        "二手",
        "四川",
        "十足",
        "七夕",
        "陆续",
        "零食",
        "两全",
        "零下",
        "一单元",
        "五台山",
    ],
)
def test_a_part_of_a_word_is_none(text: str) -> None:
    assert not stands_for_number(text, 0, 1)


def test_a_weekday_and_a_pronoun_hide_a_numeral() -> None:
    assert not stands_for_number("周三次", 1, 2)
    assert not stands_for_number("咱俩", 1, 2)
