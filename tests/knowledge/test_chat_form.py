"""The short form of a passage: what stands on its own, never cut inside of anything."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chat_form import short_form
from knowledge.passages import plain_text

SENTENCE = "满九十九元的订单在全国大部分地区都可以免费送货到家。"
ITEM = "- 商品完好并且吊牌、包装和赠品都还在，不影响第二次销售"
STEP = "打开我的订单，选择需要退回的商品，然后点申请退货"


def test_what_is_short_stays_whole() -> None:
    text = f"{SENTENCE}\n\n- 一\n- 二"
    assert short_form(text) == text


def test_a_rest_of_a_few_words_is_not_hidden() -> None:
    text = f"{SENTENCE * 4}\n\n其余按重量计费。"
    assert short_form(text) == text


def test_whole_paragraphs_come_first() -> None:
    first, second = SENTENCE * 2, SENTENCE * 5
    assert short_form(f"{first}\n\n{second}") == first


def test_a_long_paragraph_ends_after_a_sentence() -> None:
    assert short_form(SENTENCE * 12) == SENTENCE * 4


def test_a_single_long_sentence_is_not_cut() -> None:
    text = "很" * 300 + "长。"
    assert short_form(text) == text


def test_english_counts_half_and_is_cut_after_full_stops_alone() -> None:
    sentence = "It costs 3.50 per kg at shop.example and takes 2 days to arrive. "
    assert short_form((sentence * 8).strip()) == (sentence * 3).strip()


@pytest.mark.parametrize("around", ["**{}**", "[{}](https://a.example/)", "`{}`", "*{}*"])
def test_emphasis_links_and_code_are_not_cut(around: str) -> None:
    kept = around.format("先这样。" * 15 + "好")
    text = f"{SENTENCE}{kept}{SENTENCE * 5}"
    short = short_form(text)
    assert short != text
    assert plain_text(short) in plain_text(text)
    assert not set(plain_text(short)) & set("*[]`")


def test_an_announcement_is_not_left_alone() -> None:
    items = "\n".join([ITEM] * 8)
    assert short_form(f"下面这些情况可以退：\n\n{items}") == (
        "下面这些情况可以退：\n\n" + "\n".join([ITEM] * 4)
    )


def test_a_list_ends_after_a_whole_item_with_what_is_below_it() -> None:
    items = "\n".join(f"- 第 {n} 种情况{'很' * 40}\n  - 细节" for n in range(6))
    assert short_form(items) == "\n".join(f"- 第 {n} 种情况{'很' * 40}\n  - 细节" for n in range(2))


def test_a_few_steps_stay_together_however_long() -> None:
    steps = "\n".join(f"{n}. {STEP * 2}" for n in range(1, 6))
    assert short_form(f"{steps}\n\n{SENTENCE * 3}") == steps


def test_many_steps_end_after_a_whole_step() -> None:
    steps = [f"{n}. {STEP}" for n in range(1, 13)]
    assert short_form("\n".join(steps)) == "\n".join(steps[:4])


def table(rows: int) -> str:
    lines = "\n".join(f"| 城市{n} | {n} 元 |" for n in range(rows))
    return f"| 城市 | 邮费 |\n|---|---|\n{lines}"


def test_a_long_table_shows_its_header_and_first_rows() -> None:
    assert short_form(table(40)) == table(10)


def test_the_rows_asked_for_are_shown_under_their_header() -> None:
    assert short_form(f"按地区计：\n\n{table(40)}\n\n{SENTENCE}", rows=[17, 3]) == (
        "按地区计：\n\n| 城市 | 邮费 |\n| --- | --- |\n| 城市17 | 17 元 |\n| 城市3 | 3 元 |"
    )


def test_rows_of_a_second_table_are_its_own() -> None:
    second = "| 店 | 时间 |\n|---|---|\n| 东店 | 九点 |\n| 西店 | 十点 |"
    short = short_form(f"{table(3)}\n\n{second}", rows=[4])
    assert short == "| 店 | 时间 |\n| --- | --- |\n| 西店 | 十点 |"


def test_pictures_are_kept_whole() -> None:
    picture = "![屏幕右上角。点这里。](/files/a/b.png)"
    assert short_form(f"{picture}\n\n{SENTENCE * 9}") == f"{picture}\n\n{SENTENCE * 4}"
    assert short_form(f"{SENTENCE * 9}\n\n{picture}") == SENTENCE * 4


def test_definitions_of_links_keep_the_passage_whole() -> None:
    text = f"{SENTENCE * 6}[规则][1]\n\n{SENTENCE * 6}\n\n[1]: https://a.example/"
    assert short_form(text) == text


PIECES = st.sampled_from(
    [
        SENTENCE,
        f"**{SENTENCE}**",
        ITEM,
        f"1. {STEP}",
        table(9),
        "> 引用。",
        "```\na。b\n```",
        "短。",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_short_form_is_a_beginning_of_the_passage(pieces: list[str]) -> None:
    text = "\n\n".join(pieces)
    short = short_form(text)
    assert short.strip()
    assert "".join(plain_text(text).split()).startswith("".join(plain_text(short).split()))
    assert short == text or len(plain_text(short)) < len(plain_text(text))


@pytest.mark.parametrize(
    "row", ["- 第{}项内容说明文字\n", "这是第{}句话。", "**这是第{}句话。** 后面还有。"]
)
def test_what_is_very_long_is_not_looked_at_to_its_end(row: str) -> None:
    """Every search makes these forms: of a list of 1000 items it once took 40 seconds."""
    text = "".join(row.format(number) for number in range(1000))
    begun = process_time()
    assert len(short_form(text)) < 200
    assert process_time() - begun < 4


def test_a_paragraph_that_cannot_be_cut_stays_whole() -> None:
    text = f"**{'这是一句话。' * 400}**"
    assert short_form(text) == text
