"""What comes between a task's question and its answer: other questions, thanks, giving up."""

from __future__ import annotations

import pytest

from handoff.reason import Reason
from tests.dialogue.talks import (
    FEES,
    SERUM,
    make_talk,
    reason_of,
)
from tests.fakes import buttons_of


def test_never_mind_ends_the_task_and_forgets_the_number() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM)
    turn = talk.say("算了不查了")
    assert (turn.state.flow, turn.state.slots) == (None, {})


def test_a_number_that_was_proved_is_kept_when_another_task_is_abandoned() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001", "我要退货", "算了")
    assert talk.state.slots["order_id"] == SERUM


def test_a_question_in_between_is_answered_and_the_task_resumed() -> None:
    talk = make_talk(answers=FEES)
    talk.says("查物流", SERUM)
    said = talk.says("运费多少")
    assert "包邮" in said
    assert "后四位" in said
    assert "已发货" in talk.says("0001")


def test_a_wish_for_something_else_ends_the_task_and_is_answered() -> None:
    wish = "不是退货，是问运费多少"
    talk = make_talk(answers=FEES, script={wish: "ask_shipping_fee"})
    talk.say("我要退货")
    said = talk.says(wish)
    assert "包邮" in said
    assert "订单号" not in said
    assert talk.state.flow is None


@pytest.mark.parametrize(
    "text", ["不是我的手机号，是我妈的", "不是不想给，是忘了", "not sure, where is it"]
)
def test_whoever_speaks_of_a_detail_stays_in_the_task(text: str) -> None:
    talk = make_talk(answers=FEES, script={text: "ask_shipping_fee"})
    talk.says("查物流", SERUM, text)
    assert talk.state.flow is not None


def test_a_task_that_is_not_meant_gives_way_to_the_one_that_is() -> None:
    wish = "不是查快递，是要退货"
    talk = make_talk(script={wish: "apply_return"})
    talk.says("查物流", wish)
    assert talk.state.flow is not None
    assert talk.state.flow.flow == "return_item"


def test_thanks_in_between_do_not_end_the_task_but_goodbye_does() -> None:
    talk = make_talk()
    assert "订单号" in talk.says("查物流", "谢谢")
    talk.say("再见")
    assert talk.state.flow is None


def test_asking_for_the_same_again_repeats_the_question() -> None:
    assert "订单号" in make_talk().says("查物流", "查订单")


def test_another_task_replaces_the_first_and_keeps_what_is_known() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "我要退货")
    assert talk.state.flow is not None
    assert talk.state.flow.flow == "return_item"
    assert "原因" in talk.says("0001")


def test_a_person_can_be_asked_for_in_the_middle() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM)
    turn = talk.say("转人工")
    assert reason_of(turn) is Reason.ASKED_FOR_HUMAN
    assert turn.state.flow is None


def test_something_foreign_in_the_middle_is_declined_and_then_handed_over() -> None:
    talk = make_talk()
    talk.say("查物流")
    turn = talk.say("今天天气怎么样")
    assert "订单号" in turn.replies[-1].content
    assert reason_of(talk.say("写首诗")) is Reason.REPEATED_MISS


def test_a_declined_offer_brings_the_task_back() -> None:
    talk = make_talk()
    talk.says("查物流", "今天天气怎么样")
    assert "订单号" in talk.says("不用了")


def test_something_known_but_unanswered_is_asked_once_more() -> None:
    turn = make_talk()
    turn.say("查物流")
    retried = turn.say("怎么开发票")
    assert "14 位" in retried.replies[0].content
    assert "转人工" in buttons_of(retried)


def test_a_number_that_does_not_fit_is_asked_for_three_times() -> None:
    talk = make_talk()
    talk.says("查物流", "12345678", "12345678")
    assert reason_of(talk.say("12345678")) is Reason.FLOW_FAILED
