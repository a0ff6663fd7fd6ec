"""What a sentence claims, however it is written."""

from __future__ import annotations

import pytest

from knowledge.facts import FactKind, denials, find_facts, without


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("签收后七天内", FactKind.DURATION, ("604800",)),
        ("签收后 7 日内", FactKind.DURATION, ("604800",)),
        ("168 小时内", FactKind.DURATION, ("604800",)),
        ("within seven days", FactKind.DURATION, ("604800",)),
        ("１５个工作日", FactKind.DURATION, ("15",)),
        ("3-5 business days", FactKind.DURATION, ("3", "5")),
        ("质保两年", FactKind.DURATION, ("24",)),
        ("12 个月", FactKind.DURATION, ("12",)),
        ("半年", FactKind.DURATION, ("6",)),
        ("¥1,299", FactKind.MONEY, ("1299",)),
        ("一百二十元", FactKind.MONEY, ("120",)),
        ("1.5 万元", FactKind.MONEY, ("15000",)),
        ("$5", FactKind.MONEY, ("5",)),
        ("打九折", FactKind.PERCENT, ("9",)),
        ("百分之五", FactKind.PERCENT, ("5",)),
        ("7.2%", FactKind.PERCENT, ("7.2",)),
        ("2026年11月3日", FactKind.DATE, ("2026-11-3",)),
        ("11 月 3 日", FactKind.DATE, ("-11-3",)),
        ("Nov 3", FactKind.DATE, ("-11-3",)),
        ("21:00", FactKind.TIME, ("21:00",)),
        ("9 pm", FactKind.TIME, ("21:00",)),
        ("400-820-1122", FactKind.PHONE, ("4008201122",)),
        ("三次", FactKind.COUNT, ("3",)),
        ("64 GB", FactKind.COUNT, ("64",)),
    ],
)
def test_a_claim_has_one_value_however_it_is_written(
    text: str, kind: FactKind, values: tuple[str, ...]
) -> None:
    (fact,) = find_facts(text)
    assert (fact.kind, fact.values) == (kind, values)


def test_a_claim_knows_its_place() -> None:
    text = "满９９元包邮"
    (fact,) = find_facts(text)
    assert text[fact.start : fact.end] == "９９元"


def test_ranges_that_share_an_end_agree() -> None:
    (range_,), (one,), (other,) = map(find_facts, ("3 到 5 天", "5 天", "7 天"))
    assert range_.agrees_with(one)
    assert not range_.agrees_with(other)


@pytest.mark.parametrize("text", ["不支持退货", "没有发票", "cannot be returned", "It is not free"])
def test_a_denial_is_seen(text: str) -> None:
    assert len(denials(text)) == 1


@pytest.mark.parametrize("text", ["七天无理由退货", "不超过三件", "不锈钢", "no later than Monday"])
def test_what_only_reads_like_a_denial_is_none(text: str) -> None:
    assert denials(text) == ()


def test_what_is_taken_out_leaves_a_mark() -> None:
    assert without("满 99 元包邮", ((2, 6),)) == "满 #包邮"
