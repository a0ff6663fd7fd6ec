"""Days in digits with any sign between them, and days of a week that is named."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8/13 2012", "2012-08-13"),
        ("2/12,2017", "2017-02-12"),
        ("17/05-2025", "2025-05-17"),
        ("04/28\\2017", "2017-04-28"),
        ("2018 05 24", "2018-05-24"),
        ("5月十四，周四", "2026-05-14"),
        ("2018双11", "2018-11-11"),
        ("2018中秋", "2018-09-24"),
        ("一周前的今天", "2026-11-15"),
        ("上一个的礼拜六", "2026-11-14"),
        ("下一星期二", "2026-11-24"),
        ("这一周一", "2026-11-16"),
        ("上个月月底", "2026-10-31"),
        ("6月的月初", "2026-06-01"),
        ("下个月的今天", "2026-12-22"),
        ("去年的昨天", "2025-11-21"),
    ],
)
def test_a_day_is_read_however_it_is_put(text: str, value: str) -> None:
    assert values(text) == [("date", value)]


@pytest.mark.parametrize("text", ["2018 13 24", "8/13 2012件", "2018 05 24 08"])
def test_digits_that_are_no_day_stay_numbers(text: str) -> None:
    assert ("date", "2018-05-24") not in values(text)
    assert ("date", "2012-08-13") not in values(text)


def test_the_end_of_last_month_is_one_date_and_not_that_month_and_the_end_of_this_one() -> None:
    assert values("上个月月底之前") == [("date_range", "../2026-10-31")]
    assert values("月底之前") == [("date_range", "../2026-11-30")]
