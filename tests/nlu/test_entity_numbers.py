"""Numbers as they are typed, said and spelt."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


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
