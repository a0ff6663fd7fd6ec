"""What customers say beside the matter: questions back, nods, proofs too early or twice."""

from __future__ import annotations

import pytest

from tests.fakes import Talk, hit, make_bot, rule_of

SERUM, CLEANSER, BUDS = "20261101000001", "20261101000002", "20261101000003"


def make_talk(**options: object) -> Talk:
    return Talk(make_bot(**options))  # type: ignore[arg-type]  # options of make_bot


@pytest.mark.parametrize(
    "text", ["啥是订单号", "订单号在哪看", "在哪看", "what is the order number"]
)
def test_what_is_asked_for_is_explained_and_the_task_goes_on(text: str) -> None:
    talk = make_talk(script={text: "query_order_status"})
    talk.say("我要退货")
    turn = talk.say(text)
    assert rule_of(turn) == "explains"
    assert turn.state.misses == 0
    assert turn.intent is not None
    talk.say(BUDS)
    assert talk.say("0002").state.slots["item"] == "真无线耳机 Pro"


def test_what_is_not_asked_for_yet_is_explained_before_the_open_question() -> None:
    talk = make_talk()
    said = talk.says("我要退货", "手机尾号是什么意思")
    assert "最后四位数字" in said
    assert "还差订单号" in said


def test_a_question_in_few_words_is_about_what_is_awaited_only() -> None:
    assert rule_of(make_talk().say("在哪看")) == "misses"
    assert rule_of(make_talk().say("订单号在哪看")) == "explains"


def test_a_question_that_brings_the_number_is_no_question_about_it() -> None:
    talk = make_talk()
    assert "后四位" in talk.says("查物流", f"订单号是什么，{SERUM}这个吗")


@pytest.mark.parametrize("text", ["哦", "嗯", "知道了", "好的"])
def test_a_nod_is_neither_a_detail_nor_a_miss(text: str) -> None:
    talk = make_talk()
    talk.says("查物流", text)
    turn = talk.say(text)
    assert "订单号" in turn.replies[0].content
    assert (turn.state.misses, turn.handoff) == (0, None)


@pytest.mark.parametrize(
    "text",
    [
        "等一下",
        "稍等，我找找",
        "好的，我去翻一下",
        "等会儿哈",
        "我找下订单号",
        "马上发给你",
    ],
)
def test_who_looks_for_what_was_asked_is_not_hurried(text: str) -> None:
    talk = make_talk(script={text: "affirm"})
    talk.says("查物流", text)
    turn = talk.say(text)
    assert turn.replies[0].content == "好的，不着急，您慢慢来～"
    assert (turn.state.misses, turn.handoff) == (0, None)
    assert "后四位" in talk.says(SERUM)


@pytest.mark.parametrize(
    "text", ["等了三天了", "查一下", "还要等多久", "我找不到订单号", "等一下能到吗"]
)
def test_waiting_that_is_complained_of_or_asked_about_is_no_wish_for_time(text: str) -> None:
    talk = make_talk()
    talk.say("查物流")
    assert "不着急" not in talk.says(text)


@pytest.mark.parametrize("proof", ["13800000001", "0001"])
def test_a_proof_that_comes_before_the_number_is_kept(proof: str) -> None:
    talk = make_talk()
    talk.say("查物流")
    turn = talk.say(proof)
    assert "记下了" in turn.replies[0].content
    assert "订单号" in turn.replies[-1].content
    assert turn.intent is None
    assert "已发货" in talk.says(SERUM)


def test_a_phone_number_out_of_nowhere_starts_the_task() -> None:
    talk = make_talk()
    assert "订单号" in talk.says("13800000001")
    assert "已发货" in talk.says(SERUM)


@pytest.mark.parametrize("proof", ["0001", "尾号0001", "13800000001"])
def test_a_proof_that_is_repeated_is_known_already(proof: str) -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001")
    turn = talk.say(proof)
    assert "已经核对过" in turn.replies[0].content
    assert (turn.state.misses, turn.intent) == (0, None)


def test_other_digits_than_the_proof_are_no_repetition() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001")
    assert rule_of(talk.say("0002")) == "misses"


def test_a_proof_is_known_only_for_the_order_that_it_proved() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001")
    assert "已发货" in talk.says(f"{SERUM} 0001")
    talk.says(CLEANSER)
    assert "仓库拣货中" in talk.says("0001")


@pytest.mark.parametrize(
    "understood",
    [
        {"ask_shipping_time": 0.9},
        {"query_logistics": 0.3, "ask_shipping_time": 0.3},
        {"query_order_status": 0.9},
    ],
)
def test_a_question_after_the_order_was_shown_is_about_that_order(
    understood: dict[str, float],
) -> None:
    talk = make_talk(script={"那明天到不": understood})
    talk.says("查物流", SERUM, "0001")
    said = talk.says("那明天到不")
    assert "烟酰胺精华" in said
    assert "别的订单" in said


def test_when_it_arrives_is_known_by_its_words() -> None:
    talk = make_talk(script={"那什么时候到": {"goodbye": 0.3}})
    talk.says("查物流", SERUM, "0001")
    assert "烟酰胺精华" in talk.says("那什么时候到")


@pytest.mark.parametrize("text", ["一般多久能到", "寄到北京要等吗", "今天天气怎么样"])
def test_a_question_about_something_else_is_not_about_the_order_shown(text: str) -> None:
    script = {"一般多久能到": "ask_shipping_time", "寄到北京要等吗": "ask_shipping_time"}
    talk = make_talk(script=script)
    talk.says("查物流", SERUM, "0001")
    assert rule_of(talk.say(text)) == "misses"


def test_a_proof_that_has_proved_nothing_yet_is_noted_again() -> None:
    assert "记下了" in make_talk().says("查物流", "0001", "0001")


@pytest.mark.parametrize(
    "text",
    ["忘了", "我不记得手机号了", "号码换了", "我没有这个手机号了", "真的想不起来", "I forgot",
     "i don't remember the phone number"],
)  # fmt: skip
def test_who_has_no_digits_at_hand_is_told_where_they_are_and_who_else_helps(text: str) -> None:
    talk = make_talk(script={text: "change_phone"})
    talk.says("查物流", SERUM)
    turn = talk.say(text)
    assert rule_of(turn) == "explains"
    assert "转人工" in turn.replies[0].content or "human" in turn.replies[0].content


def test_a_courier_who_does_not_get_through_is_no_question_about_the_digits() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM)
    assert rule_of(talk.say("为啥打不通我电话啊")) != "explains"
    assert rule_of(talk.say("为什么要我的手机号")) == "explains"


def test_cancel_after_an_order_was_shown_is_about_that_order() -> None:
    how = {"怎么取消订单": hit("取消订单", "在“我的订单”点“取消订单”。")}
    talk = make_talk(script={"取消吧": "cancel_order"}, answers=how)
    assert rule_of(talk.say("取消吧")) == "gives_up_nothing"
    talk.says("查物流", SERUM, "0001")
    assert rule_of(talk.say("取消吧")) == "gives_up_the_order"
    assert rule_of(talk.say("算了")) == "gives_up_nothing"


def test_cancel_after_an_order_is_nothing_when_no_article_tells_how() -> None:
    talk = make_talk(script={"取消吧": "cancel_order"})
    talk.says("查物流", SERUM, "0001")
    assert rule_of(talk.say("取消吧")) == "gives_up_nothing"
