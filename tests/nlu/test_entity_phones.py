"""Telephone numbers in the ways people write them."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(0571)88888888", "057188888888"),
        ("0086-571-88888888", "057188888888"),
        ("+86 571 8888 8888", "057188888888"),
        ("(86) 20 82803159", "02082803159"),
        ("(+86) 189-1111-1111", "18911111111"),
        ("1891111 1111", "18911111111"),
        ("138.1234.5678", "13812345678"),
        ("138 - 1234 - 5678", "13812345678"),
        ("(138)12345678", "13812345678"),
        ("010-12345678转123", "01012345678x123"),
        ("021-6888-8888-02", "02168888888x02"),
        ("0755 8888 8888", "075588888888"),
        ("400-12-34567", "4001234567"),
        ("(852) 2345 6789", "+85223456789"),
        ("+81-90-1234-5678", "+819012345678"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("206 555 1212", "2065551212"),
        ("(206)5551212", "2065551212"),
        ("(83) 99999-9999", "83999999999"),
        ("83 99999-9999", "83999999999"),
        ("030/12345678", "03012345678"),
        ("07911 123456", "07911123456"),
        ("01 23 45 67 89", "0123456789"),
        ("0912-345-678", "0912345678"),
        ("852-1234-5678", "+85212345678"),
        ("886-2-12345678", "+886212345678"),
        ("( 010 ) 12345678", "01012345678"),
        ("(+ 45 ) 12 34 56 78", "+4512345678"),
        ("(0045 ) (0)12345678", "+4512345678"),
        ("(853) 2856 0740", "+85328560740"),
        ("(030) 123456", "030123456"),
        ("1 425 882 8080", "14258828080"),
        ("请打9228024877联系我", "9228024877"),
        ("9228024877是我的号码", "9228024877"),
        ("0521 078 05 06是公司电话", "05210780506"),
        ("我的电话号是“0470491192”", "0470491192"),
        ("打电话到37570074932", "37570074932"),
    ],
)
def test_telephone_numbers_are_read_in_any_grouping(text: str, value: str) -> None:
    assert values(text) == [("phone", value)]


def test_a_private_number_keeps_its_extension() -> None:
    assert values("18911111111转8234") == [("phone", "18911111111x8234")]
    assert values("18911111111-8234") == [("phone", "18911111111x8234")]


@pytest.mark.parametrize(
    "text",
    [
        "010-12345678转8001",
        "010-12345678转接8001",
        "010-12345678,分机号8001",
        "010-12345678 分机号是:8001",
        "(010)12345678 ext. 8001",
    ],
)
def test_an_extension_is_said_in_several_ways(text: str) -> None:
    assert values(text) == [("phone", "01012345678x8001")]


def test_what_is_to_be_done_after_a_number_is_no_extension() -> None:
    assert values("13800000001,转2件")[0] == ("phone", "13800000001")


@pytest.mark.parametrize(
    "text", ["一三八一二三四五六七八", "幺三八 一二三四 五六七八", "138一二三四5678"]
)
def test_a_mobile_number_that_is_spelt_out_is_one(text: str) -> None:
    assert values(text) == [("phone", "13812345678")]


def test_a_service_number_needs_a_word_before_it() -> None:
    assert values("电话95588") == [("phone", "95588")]
    assert values("打12306") == [("phone", "12306")]
    assert values("联系10086") == [("phone", "10086")]
    assert values("95588") == [("number", "95588")]


@pytest.mark.parametrize(
    "text",
    [
        "192.168.1.1",
        "3.1415926",
        "1234-5678",
        "打100分",
        "订单号12345678",
        "10-20-30",
        "138 001 38000",
        "00 10 00 31 46 D9 E9 11",
    ],
)
def test_other_digits_are_no_telephone_number(text: str) -> None:
    assert "phone" not in [name for name, _ in values(text)]


def test_two_numbers_in_a_row_are_two() -> None:
    assert [v for _, v in values("010-88886666/13812345678")] == ["01088886666", "13812345678"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+14258828080", "+14258828080"),
        ("+49 (0)151 12345678", "+4915112345678"),
        ("电话425) 882-8080", "4258828080"),
        ("电话1 425)-882-8080", "14258828080"),
        ("电话(853) 956-0740", "8539560740"),
    ],
)
def test_a_foreign_number_is_no_chinese_mobile(text: str, value: str) -> None:
    assert values(text) == [("phone", value)]
