"""Words: what counts as one, and which share of a question a text covers."""

from __future__ import annotations

import pytest

from knowledge.lexical import LexicalIndex
from knowledge.text import normalise, terms


def test_width_case_and_script_do_not_matter() -> None:
    assert normalise("ＡＢＣ　退貨") == "abc 退货"
    assert terms("退貨") == terms("退货") == ["退", "货", "退货"]


def test_question_words_do_not_count() -> None:
    assert terms("请问怎么退货呢") == terms("退货")
    assert terms("How do I return this?") == ["return"]


def test_numbers_and_english_endings() -> None:
    assert terms("returns within 7.5 days") == ["return", "within", "7.5", "day"]


def test_coverage_is_one_when_all_is_there_and_counts_unknown_words() -> None:
    index = LexicalIndex(["退货运费", "发票抬头", "保修期限"])
    cover, cosine = index.match("退货运费")
    assert cover[0] == pytest.approx(1, abs=1e-5)
    assert cosine[0] == pytest.approx(1, abs=1e-5)
    assert cover[1] == 0
    partly, _ = index.match("退货龘靐")
    assert 0 < partly[0] < 0.6


def test_a_question_of_question_words_covers_nothing() -> None:
    cover, cosine = LexicalIndex(["退货运费"]).match("怎么办呢")
    assert not cover.any()
    assert not cosine.any()
