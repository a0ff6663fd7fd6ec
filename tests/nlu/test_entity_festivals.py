"""Festivals and days of the lunar calendar in the year that is nearest or said."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("元宵节", "2027-02-20"),
        ("清明节", "2027-04-05"),
        ("七夕", "2026-08-19"),
        ("重阳节", "2026-10-18"),
        ("冬至", "2026-12-22"),
        ("除夕", "2027-02-05"),
        ("大年三十", "2027-02-05"),
        ("大年初六", "2027-02-11"),
        ("正月十五", "2027-02-20"),
        ("农历八月十五", "2026-09-25"),
        ("腊月二十三", "2027-01-30"),
        ("2028年春节", "2028-01-26"),
        ("去年中秋", "2025-10-06"),
        ("母亲节", "2026-05-10"),
        ("明年年初", "2027-01-01"),
        ("去年年底", "2025-12-31"),
        ("圣诞前夜", "2026-12-24"),
    ],
)
def test_a_festival_is_a_day(text: str, value: str) -> None:
    assert values(text) == [("date", value)]


@pytest.mark.parametrize("text", ["农历十三月初一", "六一八", "清明上河图", "腊八粥", "正月"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert "date" not in [name for name, _ in values(text)]


def test_a_sum_before_what_it_is_for_is_no_festival() -> None:
    assert values("二百五一斤") == [("number", "250")]
    assert values("一百零一个") == [("quantity", "101")]
