"""Weeks of a month, centuries, days in a row."""

from __future__ import annotations

import pytest

from nlu.entities import find_entities
from tests.nlu.found import SUNDAY, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10月的第一周", "2026-09-28/2026-10-04"),
        ("2018年10月第一个星期", "2018-10-01/2018-10-07"),
        ("下个月的最后一周", "2026-12-28/2027-01-03"),
        ("21世纪", "2000-01-01/2099-12-31"),
        ("上世纪", "1900-01-01/1999-12-31"),
        ("明后天", "2026-11-23/2026-11-24"),
        ("今明两天", "2026-11-22/2026-11-23"),
        ("周六日", "2026-11-21/2026-11-22"),
        ("20180101-20180501", "2018-01-01/2018-05-01"),
        ("10月1-7日", "2026-10-01/2026-10-07"),
        ("10/18-5/6", "2026-10-18/2027-05-06"),
        ("11-2月", "2026-11/2027-02"),
        ("7月6-19", "2026-07-06/2026-07-19"),
        ("上一个周末", "2026-11-14/2026-11-15"),
        ("下一个月的第四周", "2026-12-21/2026-12-27"),
    ],
)
def test_a_stretch_of_days_is_an_interval(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]


def test_a_stretch_may_end_on_the_leap_day_of_the_next_year() -> None:
    found = find_entities("10/18-2/29", now=SUNDAY.replace(year=2027))
    assert [(e.name, e.value) for e in found] == [("date_range", "2027-10-18/2028-02-29")]


def test_a_month_has_no_sixth_week() -> None:
    assert "date_range" not in [name for name, _ in values("2026年2月第五周")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十月的第二个星期五", "2026-10-09"),
        ("本月第一个周一", "2026-11-02"),
        ("十一月的最后一个周五", "2026-11-27"),
        ("12/25/2018", "2018-12-25"),
        ("25/12/2018", "2018-12-25"),
    ],
)
def test_a_weekday_of_a_month_is_a_day(text: str, value: str) -> None:
    assert values(text) == [("date", value)]


def test_days_to_come_end_with_the_last_of_them() -> None:
    assert values("今后三天") == [("date_range", "2026-11-23/2026-11-25")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1850年", "1850"),
        ("一八年", "2018"),
        ("大后年", "2029"),
        ("2018全年", "2018"),
        ("2018/3", "2018-03"),
        ("3/2018", "2018-03"),
        ("3-23-2018", "2018-03-23"),
        ("25/12", "2026-12-25"),
        ("上一个星期三", "2026-11-11"),
        ("一百天后", "2027-03-02"),
        ("五年后", "2031-11-22"),
        ("2018.3", "2018-03"),
        ("2018五月", "2018-05"),
        ("下一年11月份", "2027-11"),
        ("上一年", "2025"),
        ("当月五日", "2026-11-05"),
        ("元月1号", "2027-01-01"),
        ("元月份", "2027-01"),
        ("去年的今天", "2025-11-22"),
        ("三月卅一日", "2027-03-31"),
        ("本月最后一天", "2026-11-30"),
        ("二零壹七年", "2017"),
    ],
)
def test_more_forms_of_dates_are_read(text: str, value: str) -> None:
    assert values(text) == [("date", value)]


def test_a_day_with_its_weekday_is_one_date_and_two_weekdays_are_two() -> None:
    assert values("11月5日周四") == [("date", "2026-11-05")]
    assert values("周一周二") == [("date", "2026-11-16"), ("date", "2026-11-17")]


@pytest.mark.parametrize("text", ["1999年费", "9999年前", "一万年之后"])
def test_what_is_no_year_or_beyond_the_calendar_is_no_date(text: str) -> None:
    assert "date" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("周末之前", "../2026-11-21"),
        ("第三季度之后", "2026-10-01/.."),
        ("下半年开始", "2026-07-01/.."),
        ("90年代以前", "../1990-01-01"),
        ("截至上半年", "../2026-01-01"),
        ("2016.10-2017.03", "2016-10/2017-03"),
        ("2016/10~2017/3", "2016-10/2017-03"),
    ],
)
def test_a_stretch_has_an_open_end_and_months_may_be_numbers(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]
