"""Looking up an order and asking for a return, turn by turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from dialogue.business import Refusal
from dialogue.customer import Customer
from dialogue.draft import Draft
from dialogue.flows import Act, Finish, Flow
from dialogue.state import DialogueState, FlowPosition
from dialogue.turn import Turn
from handoff.reason import Reason
from nlu.understanding import Entity, Understanding
from tests.fakes import NOBODY, DemoShop, ScriptedNlu, Talk, buttons_of, hit, make_bot, rule_of

SERUM, CLEANSER, BUDS = "20261101000001", "20261101000002", "20261101000003"
REFUNDING, CANCELLED, ROBOT = "20261101000004", "20261101000005", "20261101000006"
FEES = {"运费多少": hit("运费标准", "满 99 元包邮。")}
NOT_SHOWN = ("烟酰胺精华", "顺丰", "已发货")


def make_talk(customer: Customer = NOBODY, **options: object) -> Talk:
    return Talk(make_bot(**options), customer)  # type: ignore[arg-type]  # options of make_bot


def reason_of(turn: Turn) -> Reason | None:
    return turn.handoff.reason if turn.handoff is not None else None


def test_the_order_is_shown_after_number_and_proof() -> None:
    talk = make_talk()
    assert "订单号" in talk.says("查物流")
    asked = talk.says(SERUM)
    assert "后四位" in asked
    assert not any(word in asked for word in NOT_SHOWN)
    shown = talk.says("0001")
    assert all(word in shown for word in NOT_SHOWN)
    assert talk.state.flow is None
    assert talk.state.verified_orders == (SERUM,)


@pytest.mark.parametrize(
    "texts",
    [
        (f"查物流 {SERUM} 尾号0001",),
        ("查物流", f"手机13800000001，单号{SERUM}"),
        ("查物流", "我手机13800000001", SERUM),
        (SERUM, "零零零幺"),
        ("查物流", SERUM, "尾号不是0002，是0001"),
    ],
)
def test_number_and_proof_may_come_in_any_order(texts: tuple[str, ...]) -> None:
    talk = make_talk()
    assert "已发货" in talk.says(*texts)
    assert talk.state.slots["phone_tail"] == "0001"


def test_a_year_or_an_amount_is_no_proof() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "我2025年买的")
    assert talk.state.wrong_proofs == 0


def test_an_unknown_order_and_a_wrong_proof_sound_the_same() -> None:
    wrong = make_talk().says("查物流", SERUM, "0002")
    unknown = make_talk().says("查物流", "20269999999999", "0002")
    assert wrong == unknown


def test_a_wrong_proof_is_forgotten_and_may_be_corrected() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0002")
    assert "phone_tail" not in talk.state.slots
    assert "已发货" in talk.says("0001")


def test_the_third_wrong_proof_goes_to_a_person() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "1111", "2222")
    turn = talk.say("3333")
    assert reason_of(turn) is Reason.FLOW_FAILED
    assert not any(word in turn.replies[0].content for word in NOT_SHOWN)


def test_starting_anew_gives_no_new_guesses() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "1111", "算了", "查物流", SERUM, "2222", "算了", "查物流", SERUM)
    assert reason_of(talk.say("3333")) is Reason.FLOW_FAILED


def test_an_identity_proved_by_the_site_needs_no_digits() -> None:
    talk = make_talk(Customer(verified_phone="13800000001"))
    assert "已发货" in talk.says(f"查物流 {SERUM}")


def test_somebody_elses_order_still_needs_digits() -> None:
    talk = make_talk(Customer(verified_phone="13800000001"))
    assert "后四位" in talk.says(f"查物流 {BUDS}")
    assert "已签收" in talk.says("0002")


def test_another_order_needs_its_own_proof() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001", "查物流")
    assert "后四位" in talk.says(f"查物流 {CLEANSER}")


def test_an_order_that_was_proved_is_not_asked_about_again() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001")
    assert "已发货" in talk.says("再查一下物流")


def test_an_order_mentioned_earlier_is_not_asked_for_again() -> None:
    talk = make_talk(script={f"{SERUM}怎么开发票啊": "request_invoice"})
    talk.say(f"{SERUM}怎么开发票啊")
    assert "后四位" in talk.says("查物流")


def test_a_correction_replaces_the_order_and_drops_its_proof() -> None:
    talk = make_talk()
    talk.says("我要退货", SERUM, "0001")
    said = talk.says(f"不对，是{BUDS}")
    assert BUDS in said
    assert "后四位" in said
    assert "耳机" not in said
    assert "phone_tail" not in talk.state.slots


def test_not_this_but_that() -> None:
    talk = make_talk()
    talk.says("查物流", f"不是{SERUM}，是{BUDS}")
    assert talk.state.slots["order_id"] == BUDS
    talk.say(f"是{SERUM}不是{BUDS}")
    assert talk.state.slots["order_id"] == SERUM


@pytest.mark.parametrize("text", ["订单号发错了", "发错了"])
def test_a_number_that_was_wrong_is_asked_for_again(text: str) -> None:
    talk = make_talk()
    talk.says("查物流", SERUM)
    assert "订单号" in talk.says(text)
    assert "order_id" not in talk.state.slots


def test_a_wrong_order_can_be_named_at_the_confirmation() -> None:
    talk = make_talk()
    talk.says("我要退货", SERUM, "0001", "不喜欢")
    assert "订单号" in talk.says("订单错了")
    assert talk.state.slots == {"return_reason": "changed_mind"}


def test_nothing_is_cleared_when_nothing_was_given() -> None:
    talk = make_talk()
    talk.says("查物流")
    assert "订单号" in talk.says("说错了")


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


def test_a_general_question_about_refunds_does_not_start_the_task() -> None:
    assert "订单号" in make_talk().says("我的退款到哪了")
    answers = {"退款几天到账": hit("退款", "1-3 个工作日。")}
    assert make_talk(answers=answers).says("退款几天到账") == "1-3 个工作日。"


def test_urging_opens_a_ticket_once() -> None:
    talk = make_talk()
    turn = talk.say(f"催发货 {CLEANSER} 0001")
    assert turn.tickets == ()  # the script does not know this text: only the number started it
    urged = [talk.say("催发货"), talk.say("催发货")]
    assert [len(turn.tickets) for turn in urged] == [1, 0]
    assert urged[0].tickets[0].order_id == CLEANSER


def test_urging_what_was_shipped_opens_no_ticket() -> None:
    talk = make_talk()
    talk.says("催发货", SERUM)
    assert talk.say("0001").tickets == ()


def test_trouble_with_the_delivery_offers_a_person() -> None:
    talk = make_talk()
    talk.says("查物流", ROBOT)
    turn = talk.say("0003")
    assert "转人工" in buttons_of(turn)
    assert reason_of(talk.say("好的")) is Reason.FLOW_FAILED


def test_an_order_without_a_carrier_and_news_is_shown_without_them() -> None:
    shop = DemoShop()
    shown = make_talk(shop=shop).says("查物流", CANCELLED, "0003")
    assert "物流：" not in shown


def test_a_shop_that_is_down_is_admitted_and_a_person_offered() -> None:
    shop = DemoShop(down=True)
    talk = make_talk(shop=shop)
    talk.says("查物流", SERUM)
    turn = talk.say("0001")
    assert "没有响应" in turn.replies[0].content
    assert "转人工" in buttons_of(turn)
    shop.down = False
    assert "已发货" in talk.says("查订单")


@pytest.mark.parametrize("text", ["怎么开发票", "运费多少"])
def test_when_the_shop_is_back_any_message_goes_on(text: str) -> None:
    shop = DemoShop(down=True)
    talk = make_talk(shop=shop, answers=FEES)
    talk.says("查物流", SERUM, "0001")
    shop.down = False
    assert "已发货" in talk.says(text)


def returning(*texts: str, **options: object) -> tuple[Talk, Turn]:
    talk = make_talk(**options)  # type: ignore[arg-type]
    talk.says("我要退货", BUDS)
    for text in ("0002", *texts):
        turn = talk.say(text)
    return talk, turn


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


def test_a_phone_can_be_replaced_before_the_order_is_known() -> None:
    talk = make_talk()
    talk.says("查物流", "手机13800000009", "错了，手机13800000001")
    assert "已发货" in talk.says(SERUM)


def test_an_order_without_news_is_shown_without_them() -> None:
    shop = DemoShop()
    shop.orders[SERUM] = replace(shop.orders[SERUM], progress="")
    assert "最新进展" not in make_talk(shop=shop).says("查物流", SERUM, "0001")


def test_the_flow_of_another_release_is_forgotten() -> None:
    talk = make_talk()
    talk.state = replace(talk.state, flow=FlowPosition("gone", "run"))
    assert rule_of(talk.say("查物流")) == "starts_a_task"


def test_a_task_is_only_carried_on_while_there_is_one() -> None:
    bot = make_bot()
    words = bot.pack.wording["zh"]
    with pytest.raises(AssertionError, match="no task"):
        _ = Draft(DialogueState(), words, words).position
    assert bot.pack.flows[0].asking(None) is None


def test_a_flow_that_shows_an_unproved_order_fails_to_a_person() -> None:
    bot = make_bot()
    flow = Flow("track", ("query_logistics",), (Finish(Act.SHOW_ORDER),))
    talk = Talk(replace(bot, pack=replace(bot.pack, flows=(flow,))))
    assert reason_of(talk.say("查物流")) is Reason.ERROR


def test_a_reason_that_sounds_like_another_task_is_still_the_reason() -> None:
    script = {"物流太慢不想要了": "query_logistics"}
    talk, _ = returning("物流太慢不想要了", script=script)
    assert talk.state.slots["return_reason"] == "changed_mind"


def test_an_order_taken_for_granted_may_be_another_one() -> None:
    talk = make_talk()
    talk.says("查物流", SERUM, "0001")
    assert "别的订单" in talk.says("再查一下物流")


@pytest.mark.parametrize(("product", "asks"), [("棉质T恤", True), ("烟酰胺精华", False)])
def test_a_product_that_the_known_order_has_not_means_another_order(
    product: str, asks: bool
) -> None:
    class KnowsProducts(ScriptedNlu):
        def understand(self, text: str, *, now: datetime | None = None) -> Understanding:
            understood = super().understand(text, now=now)
            found = (Entity("product", product, 0, 1),) if text == "它到哪了" else ()
            return replace(understood, entities=(*understood.entities, *found))

    script = {"查物流": "query_logistics", "它到哪了": "query_logistics"}
    talk = Talk(replace(make_bot(), understands=KnowsProducts(script)))
    talk.says("查物流", SERUM, "0001")
    assert ("14 位" in talk.says("它到哪了")) is asks


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
