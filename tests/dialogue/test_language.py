from __future__ import annotations

import pytest

from dialogue.language import is_written_in, language_meant, language_of


@pytest.mark.parametrize(
    ("text", "previous", "first", "expected"),
    [
        ("我的快递呢", "en", False, "zh"),
        ("where is my parcel", "zh", False, "en"),
        ("我要return这个order", "en", False, "zh"),
        ("20261101000001", "en", False, "en"),
        ("SF1000000000001", "zh", False, "zh"),
        ("lin.wei@example.com", "zh", False, "zh"),
        ("邮箱lin.wei@example.com", "zh", False, "zh"),
        ("https://shop.example/orders/list", "zh", True, "zh"),
        ("ok", "zh", False, "zh"),
        ("ok thanks", "zh", True, "zh"),
        ("refund", "zh", False, "zh"),
        ("refund", "zh", True, "en"),
        ("嗯", "en", False, "en"),
        ("嗯", "zh", False, "zh"),
        ("好", "en", True, "zh"),
        ("", "en", True, "en"),
    ],
)
def test_the_language_follows_the_customer_but_not_every_short_word(
    text: str, previous: str, first: bool, expected: str
) -> None:
    assert language_of(text, previous=previous, first=first) == expected


@pytest.mark.parametrize(
    ("text", "written_in", "understood_as", "expected"),
    [
        ("wo yao tui huo", "en", "zh", "zh"),
        ("tuihuo", "en", "zh", "zh"),
        ("where is my parcel", "en", "en", "en"),
        ("ok bye", "en", "zh", "en"),
        ("SF1000000000001", "en", "zh", "en"),
        ("我要return", "en", "zh", "en"),
    ],
)
def test_pinyin_is_answered_in_chinese(
    text: str, written_in: str, understood_as: str, expected: str
) -> None:
    said = language_meant(text, written_in=written_in, understood_as=understood_as)
    assert said == expected


def test_a_passage_is_readable_in_the_language_it_is_mostly_written_in() -> None:
    assert is_written_in("退货期限 7 days", "zh")
    assert is_written_in("Return within 7 days (退货)", "en")
    assert not is_written_in("退货期限", "en")
