"""Reading what was meant where a text was mistyped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.spelling import Speller, learn_spelling, read_speller, write_speller

TEXTS = (
    "我要退货",
    "怎么退货",
    "退货流程是什么",
    "想退货退款",
    "我的物流到哪了",
    "物流怎么不更新",
    "查一下物流",
    "查下我的快递",
    "我的快递到哪了",
    "帮我查一下快递",
    "登录不了账号",
    "账号登录失败",
    "重新登录",
    "订单0001什么时候发货",
    "wifi连不上",
    "where is my parcel",
    "track my parcel please",
    "is it on sale",
    "are these on sale",
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    return learn_spelling(TEXTS * 5, language=["safe", "mail", "parcels"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("我要腿货", "我要退货"),
        ("我的悟流到哪了", "我的物流到哪了"),
        ("我的wuliu到哪了", "我的物流到哪了"),
        ("wo yao tui huo", "我要退货"),
        ("deng lu shi bai", "登录失败"),
        ("is wu liu", "is wu liu"),  # is has no such sound: this is no pinyin
        ("chongxin登录", "重新登录"),
        ("怎么货退", "怎么退货"),
        ("查下我的快递递到哪了", "查下我的快递到哪了"),
        ("where is my parcle", "where is my parcel"),
        ("where is my pacel", "where is my parcel"),
        ("where is my parxel", "where is my parcel"),
    ],
)
def test_a_slip_is_read_as_what_was_meant(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "",
        "😭",
        "订单9876什么时候发货",
        "移动电话",  # common words that training does not have
        "vpn连不上",  # letters that are no pinyin
        "is it safe",  # a word of the language, one letter from a known one
        "send it by mail",
    ],
)
def test_what_is_well_written_stays_as_it_is(speller: Speller, text: str) -> None:
    assert speller.mend(text) == text


def test_without_a_dictionary_no_latin_word_is_touched() -> None:
    assert learn_spelling(TEXTS).mend("where is my parcle") == "where is my parcle"


def test_a_long_text_is_not_mended(speller: Speller) -> None:
    text = "我要腿货" * 30
    assert speller.mend(text) == text


def test_mended_twice_is_mended_once(speller: Speller) -> None:
    for text in ("我要腿货", "我的wuliu到哪了", "where is my parcle"):
        once = speller.mend(text)
        assert speller.mend(once) == once


def test_a_speller_comes_back_from_its_file_as_it_was(speller: Speller) -> None:
    back = read_speller(write_speller(speller))
    for text in ("我要腿货", "chongxin登录", "is it safe", "where is my parcle"):
        assert back.mend(text) == speller.mend(text)
    assert write_speller(back) == write_speller(speller)


@pytest.mark.parametrize("text", ["{}", "[]", "null", '{"counts": 1}', "not JSON"])
def test_a_file_that_holds_no_speller_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_speller(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("我要退货腿的wuliuparcel 09,?😭\u200b"), max_size=90))
def test_any_text_is_read_and_digits_are_never_lost(text: str) -> None:
    mended = _SPELLER.mend(text)
    assert [c for c in mended if c.isdigit()] == [c for c in text if c.isdigit()]


_SPELLER = learn_spelling(TEXTS * 5)
