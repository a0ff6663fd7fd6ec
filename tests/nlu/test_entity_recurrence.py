"""What comes again and again."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("每天", "P1D"),
        ("每两周", "P2W"),
        ("每隔三天", "P3D"),
        ("每个季度", "P3M"),
        ("每半年", "P0.5Y"),
        ("每小时", "PT1H"),
        ("每周三", "XXXX-WXX-3"),
        ("每个周末", "XXXX-WXX-WE"),
        ("每月15号", "XXXX-XX-15"),
        ("每年5月1日", "XXXX-05-01"),
        ("每天早上八点", "T08:00"),
        ("每周五下午三点", "XXXX-WXX-5T15:00"),
    ],
)
def test_what_recurs_says_how_often_or_on_which_day(text: str, value: str) -> None:
    assert values(text) == [("recurrence", value)]


@pytest.mark.parametrize("text", ["每个", "每人", "每次", "每天气", "每月40号"])
def test_what_is_counted_by_something_else_does_not_recur_on_a_day(text: str) -> None:
    assert "XXXX" not in "".join(value for _, value in values(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [("每秒", "PT1S"), ("每晚", "P1D"), ("每晚八点", "T20:00"), ("每早7点", "T07:00")],
)
def test_every_second_and_every_night_recur(text: str, value: str) -> None:
    assert values(text) == [("recurrence", value)]
