"""Numbers as they are typed, said and spelt."""

from __future__ import annotations

import pytest

from nlu.entities import find_entities
from tests.nlu.found import SUNDAY, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.1^3", "1.331"),
        ("2^-1", "0.5"),
        ("½", "0.5"),
        ("2½", "2.5"),
        ("五百来万", "5000000"),
        ("一 千 零 一", "1001"),
        ("四 十 五 亿", "4500000000"),
        ("卅五", "35"),
        ("一二三四五", "12345"),
        ("两千3点1", "2300.1"),
        ("四十 点 五 七", "40.57"),
        ("一点五万", "15000"),
        ("3点5万", "35000"),
        ("三点二亿", "320000000"),
        ("一点二千万", "12000000"),
        ("五十千", "50"),
        ("2^--2", "4"),
    ],
)
def test_a_number_has_one_value_however_it_is_written(text: str, value: str) -> None:
    assert values(text) == [("number", value)]


@pytest.mark.parametrize("text", ["0^-1", "9^99"])
def test_a_power_without_a_usual_value_is_no_number(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("3‰", "0.3"), ("六点五折", "65"), ("8点5折", "85"), ("20个佰分点", "20"), ("壹折", "10")],
)
def test_a_share_is_a_percentage(text: str, value: str) -> None:
    assert [v for name, v in values(text) if name == "percent"] == [value]


@pytest.mark.parametrize("text", ["两辆车", "三头牛", "五倍", "六双", "四位"])
def test_a_single_numeral_before_a_counted_thing_is_a_number(text: str) -> None:
    assert values(text)[0][0] in {"number", "quantity"}


@pytest.mark.parametrize("text", ["一样", "一直", "登陆", "放肆", "陆家嘴", "第一"])
def test_a_numeral_inside_a_word_is_no_number(text: str) -> None:
    assert "number" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("仨人", "3"),
        ("俩苹果", "2"),
        ("十几种颜色", "10"),
        ("一亿万", "1000000000000"),
        ("百八十", "180"),
        ("半打", "6"),
        ("3又1/2", "3.5"),
        ("七分之二", "0.285714285714"),
        ("一百二十三分之四", "0.0325203252033"),
        ("10^9", "1000000000"),
        ("-2^3", "-8"),
        ("1.5e-3", "0.0015"),
        ("负 七十", "-70"),
    ],
)
def test_a_number_is_read_in_every_usual_form(text: str, value: str) -> None:
    assert [v for name, v in values(text) if name == "number"] == [value]


@pytest.mark.parametrize(
    ("text", "value"), [("4g", "4000000000"), ("2.5M", "2500000"), ("1.5T", "1500000000000")]
)
def test_a_letter_multiplies_where_no_measure_is_asked_for(text: str, value: str) -> None:
    found = find_entities(text, now=SUNDAY, kinds={"number"})
    assert [one.value for one in found] == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一百 二百", ["100", "200"]),
        ("三万 五万", ["30000", "50000"]),
        ("三加五等于八", ["3", "5", "8"]),
        ("我选三", ["3"]),
        ("主队三比二胜", ["3", "2"]),
        ("九节车厢", ["9"]),
        ("五口之家", ["5"]),
        ("住七楼", ["7"]),
        ("12cm", ["12"]),
        ("五百一晚", ["500"]),
        ("月薪一万二年终奖", ["12000"]),
    ],
)
def test_numbers_are_apart_and_alone(text: str, expected: list[str]) -> None:
    found = find_entities(text, now=SUNDAY, kinds={"number"})
    assert [one.value for one in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        "统一回复",
        "说一声",
        "二手货",
        "八卦新闻",
        "周三见",
        "咱俩",
        "十字路口",
        "零头",
        "三线城市",
        "一成不变",
    ],
)
def test_more_words_with_a_numeral_are_no_numbers(text: str) -> None:
    assert "number" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("百分之-3", "-3"),
        ("负 3%", "-3"),
        ("20%off", "20"),
        ("半成", "5"),
        ("百分之二百", "200"),
        ("两成五", "25"),
        ("半个百分点", "0.5"),
        ("千分之三点五", "0.35"),
        ("九 五 折", "95"),
        ("7 5 折", "75"),
    ],
)
def test_a_percentage_is_read_in_every_usual_form(text: str, value: str) -> None:
    assert values(text) == [("percent", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("半万", "5000"),
        ("半亿", "50000000"),
        ("负四.八", "-4.8"),
        ("三.五万", "35000"),
        ("他说- 572.4", "-572.4"),
    ],
)
def test_a_half_of_a_unit_a_point_and_a_minus_apart_are_read(text: str, value: str) -> None:
    assert values(text) == [("number", value)]


def test_a_dash_before_an_item_of_a_list_is_no_minus() -> None:
    assert values("- 5") == [("number", "5")]
