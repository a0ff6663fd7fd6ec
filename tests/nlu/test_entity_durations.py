"""Durations, from the shortest to the longest, and in short."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


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
