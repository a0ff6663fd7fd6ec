"""Which value a message means when it takes one back; texts as people type them."""

from __future__ import annotations

import re

import pytest

from dialogue.heard import Heard
from dialogue.pack import load_pack
from nlu.understanding import OUT_OF_SCOPE, Entity, IntentScore, Understanding
from tests.fakes import PACK

A, B = "20261101000001", "20261101000003"
_PACK = load_pack(PACK)
_FORMS = {
    "color": "红色|红的|黑色|黑的|蓝色|白色|red|black|blue",
    "size": "[SML]码|(?<![A-Za-z])[SML](?![A-Za-z])",
    "order_id": r"20\d{12}",
    "product": "精华|serum",
    "region": "北京|上海",
}


def heard(text: str) -> Heard:
    entities = tuple(
        Entity(name, match.group(), match.start(), match.end())
        for name, form in _FORMS.items()
        for match in re.finditer(form, text)
    )
    intent = IntentScore(OUT_OF_SCOPE, 0.9)
    return Heard(text, Understanding(text, intent, (intent,), entities), _PACK.conduct.cues)


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("不要红的要黑的", "黑的"),
        ("不要红的给我黑的", "黑的"),
        ("要黑的不要红的", "黑的"),
        ("不是红色是黑色", "黑色"),
        ("不是我要的红色，是黑色", "黑色"),
        ("别发红色，发黑色", "黑色"),
        ("发黑色，别发红色", "黑色"),
        ("没买红色，买的黑色", "黑色"),
        ("我买的是黑色，没买红色", "黑色"),
        ("黑色，红色是错的", "黑色"),
        ("要黑色，红色不要了", "黑色"),
        ("红色选错了要黑色", "黑色"),
        ("要黑色，不要红色和蓝色", "黑色"),
        ("把红色换成黑色", "黑色"),
        ("不要换成红色，换成黑色", "黑色"),
        ("not the red one, the black one", "black"),
        ("the black one, not the red", "black"),
        ("I want black instead of red", "black"),
        ("I didn't order red, I ordered black", "black"),
        ("it should be black, red is wrong", "black"),
        ("please don't send red, send black", "black"),
    ],
)
def test_of_two_colours_the_wanted_one_holds(text: str, color: str) -> None:
    assert heard(text).entity("color") == color


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("不是M码是L码", "L码"),
        ("是L码不是M码", "L码"),
        ("从M换成L", "L"),
        ("我要L，M打错了", "L"),
        ("不要M码L码，要S码", "S码"),
        ("not M, I meant L", "L"),
        ("L, not size M", "L"),
    ],
)
def test_of_two_sizes_the_wanted_one_holds(text: str, size: str) -> None:
    assert heard(text).entity("size") == size


@pytest.mark.parametrize(
    "text",
    [
        f"{A}不对，是{B}",
        f"{B}，{A}是错的",
        f"{B}，{A}打错了",
        f"单号{B}，刚才的{A}不对",
        f"{A}错了，应该是{B}",
        f"not {A}, I meant {B}",
        f"{B}, {A} was a typo",
        f"{A} is wrong, it's {B}",
        f"{B}, {A} is not the right one",
        f"不是订单 {A}，是 {B}",
    ],
)
def test_of_two_order_numbers_the_right_one_holds(text: str) -> None:
    assert heard(text).entity("order_id") == B


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{A}打错了", "order_id"),
        (f"不是{A}", "order_id"),
        (f"{A}不对", "order_id"),
        (f"{A} is wrong", "order_id"),
        (f"{A} was a typo", "order_id"),
        ("别发红色", "color"),
        ("not the red one", "color"),
    ],
)
def test_a_value_that_is_only_taken_back_leaves_none(text: str, name: str) -> None:
    assert heard(text).entity(name) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"我的单号是不是{A}", "order_id"),
        (f"订单{A}不对，少了一件", "order_id"),
        (f"{A}发错货了", "order_id"),
        (f"{A}不要了，怎么退", "order_id"),
        (f"{A} is the wrong colour", "order_id"),
        (f"I have not received {A}", "order_id"),
        ("精华不对，少了一瓶", "product"),
        ("收到的精华不对", "product"),
        ("还没发精华给我", "product"),
        ("精华买错了，怎么退", "product"),
        ("the serum is not working", "product"),
        ("别的先不说，红色有货吗", "color"),
        ("要不要红色好呢", "color"),
        ("从北京发货吗", "region"),
    ],
)
def test_a_value_that_is_only_complained_about_holds(text: str, name: str) -> None:
    assert heard(text).entity(name) is not None


@pytest.mark.parametrize(
    "text",
    [
        "尾号0001，0002是错的",
        "尾号不是0002是0001",
        "尾号0002打错了，是0001",
        "ending 0001, not 0002",
    ],
)
def test_of_two_phone_endings_the_right_one_holds(text: str) -> None:
    assert heard(text).phone_tail(awaited=True) == "0001"


@pytest.mark.parametrize(
    "text",
    [
        "不是尺码不合适，是质量问题",
        "是质量问题，不是尺码不合适",
        "是质量问题不是尺码",
        "not the size, the quality",
        "the quality, not the size",
    ],
)
def test_of_two_reasons_the_one_that_holds_is_chosen(text: str) -> None:
    assert reason(text) == "quality"


@pytest.mark.parametrize("text", ["尺码搞错了", "我不要了，尺码不对"])
def test_a_reason_that_sounds_like_a_correction_is_still_a_reason(text: str) -> None:
    assert reason(text) == "wrong_size"


def reason(text: str) -> str | None:
    flow = next(flow for flow in _PACK.flows if flow.name == "return_item")
    return heard(text).values_for(flow, "return_reason").get("return_reason")
