"""Durations, from the shortest to the longest, and in short."""

from __future__ import annotations

import pytest

from nlu.entities import find_entities
from tests.nlu.found import SUNDAY, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3个工作日", "P3BD"),
        ("24h", "PT24H"),
        ("1h30m", "PT1H30M"),
        ("30min", "PT30M"),
        ("一个多月", "P1M"),
        ("一整天", "P1D"),
    ],
)
def test_a_duration_is_read(text: str, value: str) -> None:
    assert values(text) == [("duration", value)]


@pytest.mark.parametrize(
    ("text", "number", "duration"),
    [
        ("借一万一天多少利息", "10000", "P1D"),
        ("贷20万一年", "200000", "P1Y"),
        ("存二十万三年", "200000", "P3Y"),
        ("借20000一个月", "20000", "P1M"),
    ],
)
def test_a_sum_and_the_time_it_is_for_are_two(text: str, number: str, duration: str) -> None:
    assert values(text) == [("number", number), ("duration", duration)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("三百五十二天", "P352D"), ("一百二十一个月", "P121M"), ("一千零五天", "P1005D")],
)
def test_a_long_duration_keeps_its_last_digit(text: str, value: str) -> None:
    assert values(text) == [("duration", value)]


def test_how_many_is_no_part_of_a_duration() -> None:
    [year] = find_entities("一年多少钱", now=SUNDAY)
    assert (year.start, year.end) == (0, 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3-5天", "P3D/P5D"),
        ("3到5天", "P3D/P5D"),
        ("2-3个工作日", "P2BD/P3BD"),
        ("三到五个月", "P3M/P5M"),
        ("半小时到一小时", "PT0.5H/PT1H"),
    ],
)
def test_a_duration_may_have_two_ends(text: str, value: str) -> None:
    assert values(text) == [("duration_range", value)]


@pytest.mark.parametrize("text", ["70-90天大", "2018-2019年", "5-3天", "三五天", "两三天"])
def test_what_has_no_two_ends_is_no_range(text: str) -> None:
    assert "duration_range" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一年半", "P1.5Y"),
        ("半个世纪", "P50Y"),
        ("三个世纪", "P300Y"),
        ("十几年", "P10Y"),
        ("365日", "P365D"),
        ("6个钟", "PT6H"),
        ("一分半钟", "PT1.5M"),
        ("一个半多小时", "PT1.5H"),
        ("两个来月", "P2M"),
        ("仨月", "P3M"),
        ("一个星期三小时", "P1WT3H"),
        ("1万小时", "PT10000H"),
        ("100,000小时", "PT100000H"),
        ("三年两个月零五天", "P3Y2M5D"),
        ("三刻钟", "PT45M"),
        ("这两天", "P2D"),
        ("这三个月", "P3M"),
        ("三日内", "P3D"),
        ("7日无理由", "P7D"),
        ("两日", "P2D"),
        ("最后三天", "P3D"),
    ],
)
def test_a_duration_is_read_in_every_usual_form(text: str, value: str) -> None:
    assert values(text) == [("duration", value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两天、三天", ["P2D", "P3D"]),
        ("一个半小时，两个小时", ["PT1.5H", "PT2H"]),
        ("3天5天都行", ["P3D", "P5D"]),
    ],
)
def test_durations_that_do_not_fall_are_several(text: str, expected: list[str]) -> None:
    assert values(text) == [("duration", value) for value in expected]


@pytest.mark.parametrize("text", ["两千年", "1000年", "20日", "21世纪", "45分"])
def test_years_days_and_points_are_no_durations(text: str) -> None:
    assert "duration" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("近7日", "2026-11-15/2026-11-22"),
        ("未来7日", "2026-11-23/2026-11-29"),
        ("下 2 周", "2026-11-23/2026-12-06"),
        ("过去的三天", "2026-11-19/2026-11-22"),
        ("接下来的两周", "2026-11-23/2026-12-06"),
    ],
)
def test_a_duration_with_its_side_is_a_stretch_of_days(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一年半前", "2025-05-22"),
        ("两个月零三天后", "2027-01-25"),
        ("2年3个月后", "2029-02-22"),
        ("一个半月后", "2027-01-06"),
    ],
)
def test_what_lies_a_duration_of_several_parts_away_is_a_day(text: str, value: str) -> None:
    assert values(text) == [("date", value)]


def test_what_is_left_in_days_is_a_duration() -> None:
    assert values("还剩三天") == [("duration", "P3D")]


def test_the_last_day_and_a_day_that_a_month_has_are_no_durations() -> None:
    assert "duration" not in [name for name, _ in values("今天是最后一天")]
    assert values("下月3日内") == [("date", "2026-12-03")]
