"""Before, after, since, until; days and hours together."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("最晚明天", "../2026-11-23"),
        ("最迟周五", "../2026-11-27"),
        ("最早后天", "2026-11-24/.."),
        ("截止到昨天", "../2026-11-21"),
        ("2015年1月1日（含）之前", "../2015-01-01"),
        ("2015年1月1日当天或之后", "2015-01-01/.."),
        ("2015年1月1日或者更早", "../2015-01-01"),
        ("不早于2015年1月1日", "2015-01-01/.."),
        ("2015年及以前", "../2016-01-01"),
        ("3月以来", "2026-03-01/.."),
        ("去年至今", "2025-01-01/.."),
        ("下周一9点到下周三18点", "2026-11-23T09:00/2026-11-25T18:00"),
    ],
)
def test_an_open_range_has_the_end_that_was_said(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]


def test_years_between_two_need_one_word_for_both() -> None:
    assert values("2022和2025年之间") == [("date_range", "2022/2025")]
    assert ("date_range", "2022/2025") not in values("2022和2025年")


def test_around_a_day_is_not_before_it() -> None:
    assert values("5月1日前后") == [("date", "2026-05-01")]


def test_days_with_their_hours_are_two_ranges() -> None:
    assert values("周一到周五9:00-18:00") == [
        ("date_range", "2026-11-16/2026-11-20"),
        ("time_range", "09:00/18:00"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("自打2018年", "2018-01-01/.."),
        ("10月1日与10月5日之内", "2026-10-01/2026-10-05"),
        ("直至明天", "../2026-11-23"),
        ("截止至昨天", "../2026-11-21"),
        ("2018年1月1日以及之后", "2018-01-01/.."),
        ("2018年或者之后", "2018-01-01/.."),
        ("2018年1月1日开始到2019年1月1日", "2018-01-01/2019-01-01"),
        ("2018 年 3 月至 5 月", "2018-03/2018-05"),
        ("一九九五至一九九七年", "1995/1997"),
        ("今晚8点到12点", "2026-11-22T20:00/2026-11-22T24:00"),
        ("2018到2019", "2018/2019"),
        ("2017/2018年", "2017/2018"),
        ("2018至今", "2018-01-01/.."),
        ("9月一直到12月", "2026-09/2026-12"),
        ("五一到十一", "2026-05-01/2026-10-01"),
        ("下午三点到明天上午九点", "2026-11-22T15:00/2026-11-23T09:00"),
        ("12月1号到今天", "2025-12-01/2026-11-22"),
        ("上周六到周二", "2026-11-14/2026-11-17"),
        ("2018年5月1日或在之后", "2018-05-01/.."),
        ("打从2018年", "2018-01-01/.."),
        ("还剩3小时", "2026-11-22T10:00:00/2026-11-22T13:00:00"),
        ("18年到19年", "2018/2019"),
        ("08-09年", "2008/2009"),
        ("18年至今", "2018-01-01/.."),
    ],
)
def test_a_range_is_read_in_every_usual_form(text: str, value: str) -> None:
    assert values(text) == [("date_range", value)]


def test_one_day_or_another_are_two_and_years_of_a_loan_are_no_calendar() -> None:
    assert values("明天或后天") == [("date", "2026-11-23"), ("date", "2026-11-24")]
    assert "date_range" not in [name for name, _ in values("贷款15到20年")]
