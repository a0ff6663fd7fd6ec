"""The written form, the way back to what was typed, the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import canonical, common_words, detect_language, gist, normalise, words
from nlu.understanding import Language


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("退貨", "退货"),
        ("２０２６－１１", "2026-11"),
        ("ＡＢc", "abc"),
        ("  a \t\n b　", "a b"),
        ("我\u200b要\ufeff退", "我要退"),
        ("a\x00b", "a b"),
        ("👍🏽\ufe0f", "👍"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_one_written_form(typed: str, normal: str) -> None:
    assert normalise(typed).text == normal


def test_long_repetitions_are_squeezed_but_never_digits() -> None:
    assert canonical("快快快快点！！！！20000000000001") == "快快点!!20000000000001"
    assert normalise("快快快快").text == "快快快快"


def test_spaces_between_chinese_characters_go_only_when_squeezed() -> None:
    assert canonical("我 要 退 货 2 件") == "我要退货 2 件"
    assert normalise("我 要").text == "我 要"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("我要退货😭😭", "我要退货"),
        ("我要退货~~~", "我要退货"),
        ("我要退货！！！", "我要退货!"),
        ("嗯，那个，我要退货", "我要退货"),
        ("um, where is my order", "where is my order"),
        ("那个怎么退", "那个怎么退"),  # not said in hesitation: nothing separates it
        ("嗯", "嗯"),
        ("嗯嗯，", "嗯嗯,"),
        ("？？？", "?"),
        ("😭", "😭"),
    ],
)
def test_the_gist_is_what_is_said_and_not_how(typed: str, said: str) -> None:
    assert gist(typed) == said


def test_common_words_are_chinese_and_have_several_characters() -> None:
    common = set(common_words())
    assert {"移动", "电话"} <= common
    assert all(len(word) > 1 for word in common)


def test_a_span_leads_back_to_what_was_typed() -> None:
    typed = "　單號：２０２６１１０１　謝謝"
    normal = normalise(typed)
    start = normal.text.index("2026")
    begin, end = normal.span(start, start + 8)
    assert typed[begin:end] == "２０２６１１０１"
    assert normal.position(begin) == start


def test_one_character_that_becomes_several_keeps_its_place() -> None:
    normal = normalise("x㎏y")
    assert normal.text == "xkgy"
    assert normal.span(1, 2) == normal.span(2, 3) == (1, 2)


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="no such slice"):
        normalise("abc").span(1, 1)


@given(st.text(max_size=40), st.booleans())
def test_the_map_is_whole_and_rising(typed: str, squeeze: bool) -> None:
    normal = normalise(typed, squeeze=squeeze)
    assert len(normal.offsets) == len(normal.ends) == len(normal.text)
    assert list(normal.offsets) == sorted(normal.offsets)
    assert all(0 <= s < e <= len(typed) for s, e in zip(normal.offsets, normal.ends, strict=True))


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("快递咋还没到", Language.CHINESE),
        ("where is my order 20261101000001", Language.ENGLISH),
        ("I want a refund for 耳机", Language.ENGLISH),
        ("API 报错", Language.CHINESE),
        ("我的app login不了", Language.CHINESE),
        ("ok", Language.CHINESE),
        ("SF1000000000001", Language.CHINESE),
        ("👍", Language.CHINESE),
        ("", Language.CHINESE),
    ],
)
def test_language_is_the_one_with_more_words(typed: str, language: Language) -> None:
    assert detect_language(typed) is language


def test_words_are_cut_in_the_normal_form() -> None:
    assert words("　我 要 退 貨　") == ("我要", "退货")
    assert words("") == ()
