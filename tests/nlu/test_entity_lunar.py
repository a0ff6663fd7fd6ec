"""Days of the lunar calendar against days that almanacs print."""

from __future__ import annotations

from datetime import date

import pytest

from nlu.entity_lunar import lunar_day

SPRING = (
    "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23"
    " 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
)
DRAGON_BOAT = (
    "2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05 2031-06-24"
    " 2032-06-12 2033-06-01 2034-06-20 2035-06-10"
)
MID_AUTUMN = (
    "2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01"
    " 2032-09-19 2033-09-08 2034-09-27 2035-09-16"
)


@pytest.mark.parametrize(
    ("days", "month", "day"), [(SPRING, 1, 1), (DRAGON_BOAT, 5, 5), (MID_AUTUMN, 8, 15)]
)
def test_festivals_fall_on_the_days_that_were_published(days: str, month: int, day: int) -> None:
    for published in map(date.fromisoformat, days.split()):
        assert lunar_day(published.year, month, day) == published


def test_the_last_day_of_a_short_month_is_its_thirtieth_too() -> None:
    assert lunar_day(2025, 12, 29) == lunar_day(2025, 12, 30) == date(2026, 2, 16)


def test_the_calendar_is_known_from_2000_to_2050() -> None:
    assert lunar_day(2000, 1, 1) == date(2000, 2, 5)
    assert lunar_day(2050, 1, 1) == date(2050, 1, 23)
    assert lunar_day(1999, 1, 1) is None
    assert lunar_day(2051, 1, 1) is None


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (1, 0), (1, 31)])
def test_what_the_calendar_does_not_have_is_no_day(month: int, day: int) -> None:
    assert lunar_day(2026, month, day) is None
