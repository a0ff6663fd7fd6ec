"""Numbers and dates in whatever way they are written: with spaces, as on a cheque."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlu.entities import find_entities
from nlu.entity_writing import one_writing, without_gaps
from tests.nlu.found import values


@pytest.mark.parametrize(
    "text",
    [
        "29日你来吗",
        "截止到2018年",
        "08年奥运会在北京举办",
        "从17点55分23秒至18点33分02秒",
        "10月3号到10月5号",
        "12月5日下午3点20分",
        "3天后",
        "双11之前",
        "5月6日",
        "3周后",
    ],
)
def test_dates_are_the_same_with_spaces_beside_their_digits(text: str) -> None:
    apart = "".join(
        f"{a} " if a.isdigit() != b.isdigit() else a
        for a, b in zip(text, f"{text[1:]}$", strict=True)
    ).strip()
    assert " " in apart
    assert values(apart) == values(text)


def test_a_find_covers_the_spaces_that_were_typed_in_it() -> None:
    text = "请在 12 月 5 日 之前发"
    (found,) = find_entities(text, now=datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert text[found.start : found.end] == "12 月 5 日 之前"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("下午3点 20分钟后", [("time", "15:00"), ("datetime", "2026-11-22T10:20:00")]),
        ("下周 3点", [("date", "2026-W48"), ("time", "03:00")]),
        ("订单20261101000001 周三买的", [("order_id", "20261101000001"), ("date", "2026-11-18")]),
        ("20261101000001 两点前", [("order_id", "20261101000001"), ("time_range", "../02:00")]),
        ("尾号 0001 月底到", [("phone_tail", "0001"), ("date", "2026-11-30")]),
        ("单号 123 上周五签收", [("number", "123"), ("date", "2026-11-13")]),
    ],
)
def test_a_space_between_two_things_parts_them(text: str, found: list[tuple[str, str]]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("參佰伍拾元整", ("money", "350")),
        ("貳仟參佰圓", ("money", "2300")),
        ("负参拾贰", ("number", "-32")),
        ("萬分之參", ("percent", "0.03")),
        ("1千〇20", ("number", "1020")),
        ("3仟克", ("measure", "3kg")),
        ("貳零壹陸年", ("date", "2016")),
        ("拾贰月", ("date", "2026-12")),
    ],
)
def test_numerals_of_cheques_are_numerals(text: str, value: tuple[str, str]) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    "text", ["我要參加活動", "参加不了", "陆先生你好", "伍小姐", "好几千参加的"]
)
def test_names_and_verbs_that_look_like_numerals_are_none(text: str) -> None:
    assert values(text) == []


def test_each_character_keeps_its_place_or_is_told_where_it_stood() -> None:
    text = "贰拾 〇 12 月"
    assert len(one_writing(text)) == len(text)
    plain, places = without_gaps(text)
    assert plain == "二十 〇 12月"
    assert [text[place] for place in places[-3:]] == ["1", "2", "月"]
