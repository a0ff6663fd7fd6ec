"""Halves, quarters, decades and centuries; the first and last days of a year or a month."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("前半年", "2026-01-01/2026-06-30"),
        ("2017年后半年", "2017-07-01/2017-12-31"),
        ("上个半年", "2026-01-01/2026-06-30"),
        ("下个半年", "2027-01-01/2027-06-30"),
        ("5月上半月", "2026-05-01/2026-05-15"),
        ("下半个月", "2026-11-16/2026-11-30"),
        ("上上个季度", "2026-04-01/2026-06-30"),
        ("下一季度", "2027-01-01/2027-03-31"),
        ("上一个季度", "2026-07-01/2026-09-30"),
        ("前三季度", "2026-01-01/2026-09-30"),
        ("去年前两个季度", "2025-01-01/2025-06-30"),
        ("去年最后一个季度", "2025-10-01/2025-12-31"),
        ("明年头一个季度", "2027-01-01/2027-03-31"),
        ("1990年代", "1990-01-01/1999-12-31"),
        ("18世纪50年代", "1750-01-01/1759-12-31"),
        ("二十一世纪二十年代", "2020-01-01/2029-12-31"),
        ("本世纪30年代", "2030-01-01/2039-12-31"),
        ("这个世纪", "2000-01-01/2099-12-31"),
        ("2018Q3", "2018-07-01/2018-09-30"),
        ("2018下半年", "2018-07-01/2018-12-31"),
        ("2018第三季度", "2018-07-01/2018-09-30"),
        ("下一个世纪", "2100-01-01/2199-12-31"),
        ("上一个世纪60年代", "1960-01-01/1969-12-31"),
    ],
)
def test_a_part_of_a_year_or_of_a_century_is_an_interval(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今年的后三个月", "2026-10-01/2026-12-31"),
        ("两千零八年上半年", "2008-01-01/2008-06-30"),
        ("2021年最初两周", "2021-01-04/2021-01-17"),
        ("2018年最后两周", "2018-12-17/2018-12-30"),
        ("10月的前两周", "2026-09-28/2026-10-11"),
        ("10月的最后三天", "2026-10-29/2026-10-31"),
        ("这个月的前五天", "2026-11-01/2026-11-05"),
    ],
)
def test_the_first_and_last_of_a_period_are_counted_in_it(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]


@pytest.mark.parametrize("text", ["第五季度", "一世纪末"])
def test_what_a_period_does_not_have_is_none(text: str) -> None:
    assert "date_range" not in [name for name, _ in values(text)]


def test_a_year_may_be_said_as_a_number() -> None:
    assert values("两千零八年") == [("date", "2008")]
    assert values("两千零二十年五月一日") == [("date", "2020-05-01")]
    assert values("两千零五天") == [("duration", "P2005D")]
