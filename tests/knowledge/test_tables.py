"""Rows of tables: which are asked for, and how they stand alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.tables import asked_rows, fitting_rows, tables_of

FEES = """\
按收货地计费：

| 收货地 | 首重 | 续重 |
|---|---:|---:|
| 江苏、浙江、上海 | 6 元 | 2 元 |
| 四川、重庆 | 10 元 | 6 元 |
| 新疆、西藏 | **22 元** | 18 元 |
| 香港 | 30 元 | 20 元 |
"""
STOCK = """\
| 颜色 | 容量 | 库存 |
|---|---|---|
| 黑色 | 128G | 有货 |
| | 256G | 缺货 |
| 白色 | 128G | 有货 |
| | 256G | 有货 |
"""
SIZES = """\
| 尺码 | 胸围 | 体重 |
|---|---|---|
| S | 96 cm | 45–52 kg |
| M | 100 cm | 52–60 kg |
| L | 104 cm | 60–68 kg |
"""


@pytest.mark.parametrize(
    ("question", "table", "rows"),
    [
        ("寄到新疆首重多少钱", FEES, (2,)),
        ("往重庆寄要多少", FEES, (1,)),
        ("上海和香港分别多少", FEES, (0, 3)),
        ("黑色 128G 有货吗", STOCK, (0,)),
        ("白的256g还有么", STOCK, (3,)),
        ("ＸＬ没有，那Ｌ码胸围多少", SIZES, (2,)),
        ("M 多重能穿", SIZES, (1,)),
    ],
)
def test_a_question_about_one_thing_gets_its_rows(
    question: str, table: str, rows: tuple[int, ...]
) -> None:
    assert asked_rows(question, table) == rows


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("首重多少钱", FEES),
        ("运费怎么算", FEES),
        ("有货吗", STOCK),
        ("我一米七穿多大", SIZES),
        ("do you have a size chart", SIZES),
        ("", FEES),
    ],
)
def test_a_question_about_all_of_them_gets_no_row(question: str, table: str) -> None:
    assert asked_rows(question, table) == ()


def test_words_of_the_heading_tell_no_rows_apart() -> None:
    table = (
        "| 方式 | 到账 |\n|---|---|\n| 微信 | 即时 |\n| 分期 | 退回分期账户 |\n| 银行卡 | 三天 |\n"
    )
    assert asked_rows("退款多久到账", table, heading="退款到账") == ()
    assert asked_rows("分期的退款多久到账", table, heading="退款到账") == (1,)


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it() -> None:
    table = "| 等级 | 折扣 |\n|---|---|\n| 银卡 | 九八 |\n| 金卡 | 九五 |\n| 铂金卡 | 九二 |\n"
    assert asked_rows("铂金卡打几折", table) == (2,)
    assert asked_rows("金卡打几折", table) == (1,)


def test_most_of_the_rows_are_not_a_choice_among_them() -> None:
    table = "| 店 | 营业 |\n|---|---|\n| 东店 | 全年 |\n| 西店 | 全年 |\n"
    assert asked_rows("东店西店都全年吗", table) == ()


def test_the_first_cells_of_merged_rows_are_those_of_the_row_above() -> None:
    (table,) = tables_of(STOCK)
    assert table.rows[1] == ("黑色", "256G", "缺货")
    assert table.text(3) == "颜色 白色 容量 256G 库存 有货"


def test_an_empty_cell_within_a_row_stays_empty() -> None:
    (table,) = tables_of(
        "| 款 | 价 | 备注 |\n|---|---|---|\n| 甲 | 9 元 | 停产 |\n| 乙 | 8 元 | |\n"
    )
    assert table.rows[1] == ("乙", "8 元", "")
    assert table.text(1) == "款 乙 价 8 元"


def test_rows_alone_keep_markup_and_pipes() -> None:
    (table,) = tables_of("| 键 | 作用 |\n|---|---|\n| `a\\|b` | **或** |\n| c | 见[这里](/x) |\n")
    alone = table.markdown([0])
    assert alone == "| 键 | 作用 |\n| --- | --- |\n| `a\\|b` | **或** |"
    assert tables_of(alone)[0].rows == table.rows[:1]
    assert table.text(0) == "键 a|b 作用 或"


def test_short_and_long_rows_have_as_many_cells_as_the_header() -> None:
    (table,) = tables_of("| a | b |\n|---|---|\n| 一 |\n| 二 | 三 | 四 |\n")
    assert table.rows == (("一", ""), ("二", "三"))


def test_rows_count_through_all_tables_of_a_passage() -> None:
    assert asked_rows("L 码胸围", f"{FEES}\n说明\n\n{SIZES}") == (6,)


def test_tables_in_quotes_and_tables_without_rows_are_none() -> None:
    assert tables_of("> | a | b |\n> |---|---|\n> | 一 | 二 |\n") == ()
    assert tables_of("| a | b |\n|---|---|\n") == ()
    assert tables_of("没有表格") == ()


def test_a_table_of_one_row_is_shown_whole() -> None:
    (table,) = tables_of("| 地 | 费 |\n|---|---|\n| 新疆 | 9 元 |\n")
    assert fitting_rows("新疆多少钱", table) == ()


@pytest.mark.parametrize("part", ["dev", "held_out"])
def test_rows_are_chosen_as_people_would(part: str) -> None:
    path = Path(__file__).with_name("table_questions.yml")
    cases = [
        (question, rows, asked_rows(question, table["table"], heading=table["heading"]))
        for table in yaml.safe_load(path.read_text(encoding="utf-8"))[part]
        for question, rows in table["asked"].items()
    ]
    right = sum(found == tuple(rows) for _, rows, found in cases)
    misleading = [question for question, rows, found in cases if found and set(rows) - set(found)]
    assert right / len(cases) >= 0.95
    assert misleading == []
