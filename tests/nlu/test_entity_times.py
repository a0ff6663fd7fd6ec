"""Hours by their ends and parts of a day."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9-18点", "09:00/18:00"),
        ("九到十点", "09:00/10:00"),
        ("下午2-4点", "14:00/16:00"),
        ("早9晚6", "09:00/18:00"),
        ("下午", "12:00/18:00"),
        ("晚上", "18:00/24:00"),
    ],
)
def test_hours_have_two_ends(text: str, value: str) -> None:
    assert values(text) == [("time_range", value)]


@pytest.mark.parametrize("text", ["晚上好", "下午好", "上午好啊", "中午饭", "下午茶", "晚安"])
def test_a_greeting_and_a_meal_are_no_part_of_a_day(text: str) -> None:
    assert values(text) == []


def test_a_part_of_a_day_stands_beside_its_day() -> None:
    assert values("明天下午") == [("date", "2026-11-23"), ("time_range", "12:00/18:00")]
    assert values("今晚") == [("date", "2026-11-22"), ("time_range", "18:00/24:00")]
    assert values("今晚八点") == [("date", "2026-11-22"), ("time", "20:00")]


def test_twelve_at_night_is_midnight() -> None:
    assert values("晚上12点") == [("time", "00:00")]
    assert values("中午12点") == [("time", "12:00")]


def test_a_weekday_does_not_hide_the_hour_behind_it() -> None:
    assert values("下周一9点") == [("date", "2026-11-23"), ("time", "09:00")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("午后三点", "15:00"),
        ("晚间8点", "20:00"),
        ("夜间10点", "22:00"),
        ("早间七点", "07:00"),
        ("八点过半", "08:30"),
        ("八时三十分", "08:30"),
        ("二十时", "20:00"),
        ("晚9时一刻", "21:15"),
        ("三点钟半", "03:30"),
        ("十七点3刻", "17:45"),
        ("二十点三刻钟", "20:45"),
        ("四点钟两刻", "04:30"),
        ("八点又十分", "08:10"),
        ("8点钟过54分钟", "08:54"),
        ("〇点整", "00:00"),
    ],
)
def test_more_parts_of_a_day_and_hours_in_words_are_read(text: str, value: str) -> None:
    assert values(text) == [("time", value)]


def test_an_hour_may_begin_and_a_button_be_pressed() -> None:
    assert values("从8点开始") == [("time_range", "08:00/..")]
    assert values("8点开门") == [("time", "08:00")]
    assert "time" not in [name for name, _ in values("3点开链接")]


@pytest.mark.parametrize(
    ("text", "value"), [("8到10:30", "08:00/10:30"), ("下午3-5:30", "15:00/17:30")]
)
def test_a_range_may_have_its_minutes_at_the_end_alone(text: str, value: str) -> None:
    assert values(text) == [("time_range", value)]


@pytest.mark.parametrize("text", ["晚上8-12:30", "20-24:30"])
def test_hours_that_end_after_midnight_end_with_a_time_that_there_is(text: str) -> None:
    assert values(text) == [("time_range", "20:00/00:30")]


def test_hours_in_words_make_a_range() -> None:
    assert values("九时到十七时") == [("time_range", "09:00/17:00")]
    assert values("明晨五点") == [("date", "2026-11-23"), ("time", "05:00")]


@pytest.mark.parametrize("text", ["一时兴起", "小时候", "准时", "三时髦"])
def test_a_word_with_the_sign_for_hours_is_no_time(text: str) -> None:
    assert "time" not in [name for name, _ in values(text)]
