"""Money in every currency, before and after the amount."""

from __future__ import annotations

import pytest

from tests.nlu.found import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A$50", "50 AUD"),
        ("₹500", "500 INR"),
        ("S$50", "50 SGD"),
        ("科威特第纳尔20", "20 KWD"),
        ("10卢布50戈比", "10.5 RUB"),
        ("5英镑30便士", "5.3 GBP"),
        ("100匈牙利福林", "100 HUF"),
        ("5以太坊", "5 ETH"),
        ("三百瑞士法郎", "300 CHF"),
        ("美元五十", "50 USD"),
        ("usd 50", "50 USD"),
        ("50 USD", "50 USD"),
        ("人民币壹佰元整", "100"),
        ("三毛五", "0.35"),
        ("五十大洋", "50"),
        ("-5元", "-5"),
        ("100块港币", "100 HKD"),
        ("十块二毛五", "10.25"),
        ("人民币五元六角", "5.6"),
        ("一块零三分", "1.03"),
        ("50€", "50 EUR"),
    ],
)
def test_a_currency_is_known_by_its_name_its_code_and_its_sign(text: str, value: str) -> None:
    assert values(text) == [("money", value)]


@pytest.mark.parametrize("text", ["花了300", "退我300", "现价300", "充值300", "运费300"])
def test_a_number_is_money_after_a_word_that_says_so(text: str) -> None:
    assert values(text) == [("money", "300")]


@pytest.mark.parametrize("text", ["5元宵", "三块状", "5欧洲", "花了3天", "退3件"])
def test_the_beginning_of_another_word_is_no_currency(text: str) -> None:
    assert "money" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-$5", "-5 USD"),
        ("$-5", "-5 USD"),
        ("十几块", "10"),
        ("CAN$20", "20 CAD"),
        ("HK $50", "50 HKD"),
        ("$1.5bn", "1500000000 USD"),
        ("$1.5 million", "1500000 USD"),
        ("3 分 钱", "0.03"),
        ("1元5角又2分", "1.52"),
        ("两块零五", "2.05"),
        ("1000日本元", "1000 JPY"),
        ("五十蚊", "50 HKD"),
        ("100俄国卢布", "100 RUB"),
        ("100克罗地亚库纳", "100 HRK"),
        ("100直布罗陀镑", "100 GIP"),
        ("8越盾", "8 VND"),
        ("30欧分", "0.3 EUR"),
        ("5卢比20派萨", "5.2 INR"),
        ("500克朗", "500 SEK"),
        ("三百先令", "300 KES"),
        ("三元六角五分", "3.65"),
        ("壹佰贰拾叁元肆角伍分", "123.45"),
        ("G$1000万", "10000000 GYD"),
        ("₡500", "500 CRC"),
        ("1000 huf", "1000 HUF"),
        ("马拉威克瓦查50", "50 MWK"),
        ("10第纳尔", "10 KWD"),
        ("5米利姆", "0.005 TND"),
        ("10瑞士生丁", "0.1 CHF"),
        ("5仙士", "0.05 CHF"),
        ("半分钱", "0.005"),
        ("三分之一元", "0.333333333333"),
        ("四分之三美元", "0.75 USD"),
        ("-5分钱", "-0.05"),
        ("负三毛", "-0.3"),
    ],
)
def test_more_currencies_and_forms_are_known(text: str, value: str) -> None:
    assert values(text) == [("money", value)]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("5毛-3毛", ["0.5", "0.3"]),
        ("五角钱-3角", ["0.5", "0.3"]),
        ("5分钱-3分钱", ["0.05", "0.03"]),
    ],
)
def test_a_stroke_between_two_sums_takes_nothing_away(text: str, sums: list[str]) -> None:
    assert values(text) == [("money", value) for value in sums]


@pytest.mark.parametrize("text", ["五角星", "两块肉", "1/2美元", "3/4毛钱", "零分之一元", "三蚊子"])
def test_pieces_and_sums_to_choose_from_are_no_whole_sum(text: str) -> None:
    assert "money" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28.9元一袋", [("money", "28.9"), ("quantity", "1")]),
        ("9.9元2斤", [("money", "9.9"), ("measure", "2斤")]),
        ("十块一斤", [("money", "10"), ("measure", "1斤")]),
        ("9块9三件", [("money", "9.9")]),
        ("三块五一斤", [("money", "3.5")]),
        ("三百一件", [("number", "300")]),
        ("三百一十块", [("money", "310")]),
        ("一百一块", [("money", "110")]),
    ],
)
def test_a_price_for_one_ends_before_what_it_is_for(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert values(text) == expected
