"""Two texts side by side."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.compare import Row, RowKind, compare_texts


def kinds(old: str, new: str) -> list[str]:
    return [row.kind.value for row in compare_texts(old, new)]


def marked(row: Row) -> tuple[str, str]:
    """Both sides with their changed pieces in brackets."""
    sides = (row.old, row.new)
    left, right = (
        "".join(f"[{span.text}]" if span.changed else span.text for span in side) for side in sides
    )
    return left, right


def test_the_changed_characters_of_a_line_are_marked_on_both_sides() -> None:
    (row,) = compare_texts("签收后七天内可以退货。", "签收后十五天内可以退货。")
    assert row.kind is RowKind.CHANGED
    assert marked(row) == ("签收后[七]天内可以退货。", "签收后[十五]天内可以退货。")


def test_numbers_and_latin_words_change_whole() -> None:
    (row,) = compare_texts("满199元包邮，call us", "满1299元包邮，mail us")
    assert marked(row) == ("满[199]元包邮，[call] us", "满[1299]元包邮，[mail] us")


def test_lines_that_came_and_went_stand_alone() -> None:
    rows = compare_texts("# 退货\n\n七天。", "# 退货\n\n拆封的不退。\n\n七天。")
    assert [row.kind.value for row in rows] == ["equal", "equal", "added", "added", "equal"]
    assert [(row.old_line, row.new_line) for row in rows] == [
        (1, 1),
        (2, 2),
        (None, 3),
        (None, 4),
        (3, 5),
    ]
    assert kinds("甲\n乙", "乙") == ["removed", "equal"]


def test_a_mended_line_is_paired_with_itself_among_new_ones() -> None:
    old = "标题\n运费由买家承担，请先垫付。"
    new = "标题\n全新的一段说明文字\n运费由卖家承担，请先垫付。"
    rows = compare_texts(old, new)
    assert [row.kind.value for row in rows] == ["equal", "added", "changed"]
    assert marked(rows[2]) == ("运费由[买]家承担，请先垫付。", "运费由[卖]家承担，请先垫付。")


def test_lines_with_nothing_in_common_are_not_shown_as_one_that_changed() -> None:
    assert sorted(kinds("质量问题包运费", "abcdefg")) == ["added", "removed"]


@pytest.mark.parametrize("text", ["", "一行", "甲\n\n乙\n"])
def test_equal_texts_have_equal_rows_only(text: str) -> None:
    assert set(kinds(text, text)) <= {"equal"}


_LINES = st.lists(st.sampled_from(["", "甲", "甲乙丙丁", "甲乙丙戊", "a b", "b c d"]), max_size=12)


@settings(max_examples=200, deadline=None)
@given(_LINES, _LINES)
def test_each_side_reads_back_as_its_own_text(old: list[str], new: list[str]) -> None:
    rows = compare_texts("\n".join(old), "\n".join(new))
    left = [row for row in rows if row.old_line is not None]
    right = [row for row in rows if row.new_line is not None]
    assert ["".join(s.text for s in row.old) for row in left] == "\n".join(old).splitlines()
    assert ["".join(s.text for s in row.new) for row in right] == "\n".join(new).splitlines()
    assert [row.old_line for row in left] == list(range(1, len(left) + 1))
    assert [row.new_line for row in right] == list(range(1, len(right) + 1))


def test_a_whole_book_that_was_rewritten_is_compared_all_the_same() -> None:
    old = "\n".join(f"第{n}条 旧的规定" for n in range(3000))
    new = "\n".join(f"第{n}条 新的规矩" for n in range(3000))
    rows = compare_texts(old, new)
    assert len(rows) == 3000
    assert {row.kind for row in rows} == {RowKind.CHANGED}
