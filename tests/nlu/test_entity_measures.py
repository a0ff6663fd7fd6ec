"""Measures with their unit, whole and in parts."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5平方厘米", "5cm²"),
        ("100平方英尺", "100平方英尺"),
        ("250cc", "250cm³"),
        ("3加仑", "3加仑"),
        ("八两", "8两"),
        ("三斤二两", "3.2斤"),
        ("5尺3寸", "5.3尺"),
        ("5英尺6英寸", "5.5英尺"),
        ("三十六度五", "36.5°"),
        ("华氏100度", "100°F"),
        ("100公里/小时", "100km/h"),
        ("时速60公里", "60km/h"),
        ("每秒3米", "3m/s"),
        ("220V", "220V"),
        ("3马力", "3hp"),
        ("100Mbps", "100Mbps"),
        ("20克拉", "20克拉"),
    ],
)
def test_a_measure_is_one_decimal_with_its_unit(text: str, value: str) -> None:
    assert values(text) == [("measure", value)]


@pytest.mark.parametrize("text", ["两个", "一两天", "打卡", "你迈过去", "方丈"])
def test_what_only_looks_like_a_measure_is_none(text: str) -> None:
    assert "measure" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120千米/小时", "120km/h"),
        ("5公里每分钟", "5km/min"),
        ("每分钟3米", "3m/min"),
        ("每小时60英里", "60mph"),
        ("10英尺每秒", "10ft/s"),
        ("8千兆字节", "8GB"),
        ("3兆兆字节", "3TB"),
        ("10公亩", "10公亩"),
        ("二分之一公斤", "0.5kg"),
        ("3/4英里", "0.75英里"),
        ("开氏37度", "37K"),
        ("三十摄氏温度", "30°C"),
    ],
)
def test_speeds_shares_and_large_units_are_read(text: str, value: str) -> None:
    assert values(text) == [("measure", value)]


def test_half_a_month_belongs_to_an_age() -> None:
    assert values("六个半月大") == [("age", "P6.5M")]
