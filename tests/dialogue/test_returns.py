"""Asking for a return, turn by turn: reason, confirmation, refusals."""

from __future__ import annotations

import pytest

from dialogue.business import Refusal
from handoff.reason import Reason
from tests.dialogue.talks import (
    BUDS,
    CANCELLED,
    CLEANSER,
    FEES,
    REFUNDING,
    SERUM,
    make_talk,
    reason_of,
    returning,
)
from tests.fakes import DemoShop, buttons_of, hit, rule_of


def test_a_return_is_opened_after_reason_and_confirmation() -> None:
    shop = DemoShop()
    talk, turn = returning("质量问题", "提交吧", shop=shop)
    assert list(shop.returns) == ["run-1"]
    assert "R0001" in turn.replies[0].content
    [ticket] = turn.tickets
    assert (ticket.kind, ticket.order_id) == ("return", BUDS)
    assert ticket.fields["return_reason"] == "quality"
    assert talk.state.flow is None


def test_nothing_is_opened_before_the_confirmation() -> None:
    shop = DemoShop()
    _, turn = returning("质量问题", shop=shop)
    assert shop.returns == {}
    assert buttons_of(turn) == ["提交", "先不提交"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("第一个", "wrong_size"),
        ("拍错了", "changed_mind"),
        ("戴着耳朵疼", "戴着耳朵疼"),
        ("东西坏了", "quality"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_reason_is_chosen_numbered_or_told(text: str, reason: str) -> None:
    assert returning(text)[0].state.slots["return_reason"] == reason


def test_an_ordinal_beyond_the_reasons_is_taken_as_words() -> None:
    script = {"第三": {}}
    assert returning("第三", script=script)[0].state.slots["return_reason"] == "not_as_described"


def test_a_question_is_no_reason() -> None:
    talk, turn = returning("运费多少", answers=FEES)
    assert "包邮" in turn.replies[0].content
    assert "return_reason" not in talk.state.slots


def test_a_question_that_names_a_reason_is_answered_first() -> None:
    asked = {"质量问题的话运费谁出？": hit("退货运费", "我们出。")}
    script = {"质量问题的话运费谁出？": "ask_return_shipping_fee"}
    talk, turn = returning("质量问题的话运费谁出？", answers=asked, script=script)
    assert turn.replies[0].content == "我们出。"
    assert "return_reason" not in talk.state.slots


def test_a_question_that_names_a_reason_and_has_no_answer_is_the_reason() -> None:
    talk, _ = returning("质量有问题不能退吗")
    assert talk.state.slots["return_reason"] == "quality"


def test_the_reason_can_be_corrected_at_the_confirmation() -> None:
    talk, turn = returning("不喜欢", "不对，是质量问题")
    assert "质量问题" in turn.replies[0].content
    assert "提交" in buttons_of(turn)
    assert talk.state.slots["return_reason"] == "quality"


def test_of_two_reasons_in_a_correction_the_later_counts() -> None:
    talk, _ = returning("不喜欢", "不是尺码不合适，是质量问题")
    assert talk.state.slots["return_reason"] == "quality"


def test_at_the_confirmation_wrong_alone_asks_the_reason_again() -> None:
    _, turn = returning("不喜欢", "不对")
    assert "质量问题" in buttons_of(turn)


@pytest.mark.parametrize("no", ["先不提交", "不了", "算了"])
def test_a_declined_confirmation_opens_nothing(no: str) -> None:
    shop = DemoShop()
    talk, turn = returning("不喜欢", no, shop=shop)
    assert (shop.returns, turn.tickets, talk.state.flow) == ({}, (), None)


def test_a_word_of_thanks_is_no_confirmation() -> None:
    shop = DemoShop()
    _, turn = returning("不喜欢", "谢谢", shop=shop)
    assert shop.returns == {}
    assert "提交" in buttons_of(turn)


def test_something_unclear_at_the_confirmation_is_asked_again() -> None:
    _, turn = returning("不喜欢", "怎么开发票")
    assert buttons_of(turn) == ["提交", "先不提交", "转人工"]


@pytest.mark.parametrize(
    ("order", "tail", "words", "offered"),
    [
        (CLEANSER, "0001", "还没有发货", True),
        (CANCELLED, "0003", "已经取消", False),
        (REFUNDING, "0002", "已经在退款", False),
    ],
)
def test_an_order_that_cannot_be_returned_is_explained(
    order: str, tail: str, words: str, offered: bool
) -> None:
    talk = make_talk()
    talk.says("我要退货", order)
    turn = talk.say(tail)
    assert words in turn.replies[0].content
    assert ("转人工" in buttons_of(turn)) is offered
    assert turn.state.flow is None


def test_a_refusal_by_the_shop_is_explained() -> None:
    _, turn = returning("不喜欢", "提交", shop=DemoShop(refusal=Refusal.TOO_LATE))
    assert "退货期限" in turn.replies[0].content
    assert turn.tickets == ()


def test_a_shop_that_fails_at_the_end_can_be_asked_again_under_the_same_id() -> None:
    shop = DemoShop()
    talk, _ = returning("不喜欢", shop=shop)
    shop.down = True
    assert "没有响应" in talk.says("提交")
    shop.down = False
    talk.says("我要退货")
    assert "R0001" in talk.says("提交")
    assert list(shop.returns) == ["run-1"]


def test_the_same_order_is_returned_without_asking_again() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001")
    turn = talk.say("我要退货")
    assert rule_of(turn) == "starts_a_task"
    assert "不想要了" in buttons_of(turn)


def test_a_yes_is_no_reason() -> None:
    talk, turn = returning("好的")
    assert "return_reason" not in talk.state.slots
    assert "退货的原因" in turn.replies[0].content


def test_a_reason_that_sounds_like_another_task_is_still_the_reason() -> None:
    script = {"物流太慢不想要了": "query_logistics"}
    talk, _ = returning("物流太慢不想要了", script=script)
    assert talk.state.slots["return_reason"] == "changed_mind"


def test_the_goods_of_an_order_are_forgotten_with_it() -> None:
    talk = make_talk()
    talk.says("我要退货", SERUM, "0001")
    assert talk.state.slots["item"] == "烟酰胺精华 30ml"
    talk.say(f"不对，是{BUDS}，尾号0009")
    assert "item" not in talk.state.slots


@pytest.mark.parametrize("text", ["哦哦", "嗯嗯", "0002", "13800000002"])
def test_neither_a_nod_nor_the_proof_again_is_a_reason(text: str) -> None:
    _, turn = returning(text)
    assert "退货的原因" in turn.replies[0].content
    assert "return_reason" not in turn.state.slots


def test_a_number_is_no_reason() -> None:
    _, turn = returning("9999")
    assert "return_reason" not in turn.state.slots


def test_an_order_is_returned_once() -> None:
    talk, turn = returning("质量问题", "提交")
    assert len(turn.tickets) == 1
    again = talk.say("我要退货")
    assert "R0001" in again.replies[0].content
    assert (again.tickets, again.state.flow) == ((), None)
    assert "后四位" in talk.says(f"我要退货 {SERUM}", SERUM)


def test_a_complaint_about_the_goods_is_the_reason_that_was_asked_for() -> None:
    script = {"滋滋响": "complain_quality", "颜色发错": "report_wrong_item"}
    assert returning("滋滋响", script=script)[0].state.slots["return_reason"] == "quality"
    named = returning("颜色发错", script=script)[0].state.slots["return_reason"]
    assert named == "not_as_described"


def test_a_complaint_about_the_service_is_no_reason() -> None:
    _, turn = returning("客服态度恶劣", script={"客服态度恶劣": "complain_service"})
    assert reason_of(turn) is Reason.COMPLAINT


def test_an_order_with_a_return_is_shown_with_it() -> None:
    talk, _ = returning("质量问题", "提交")
    assert "R0001" in talk.says("查物流")
