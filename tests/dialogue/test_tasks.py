"""Looking up an order, turn by turn: number, proof, corrections, a shop that is down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from dialogue.customer import Customer
from dialogue.draft import Draft
from dialogue.flows import Act, Finish, Flow
from dialogue.state import DialogueState, FlowPosition
from handoff.reason import Reason
from nlu.understanding import Entity, Understanding
from tests.dialogue.talks import (
    BUDS,
    CANCELLED,
    CLEANSER,
    FEES,
    NOT_SHOWN,
    ROBOT,
    SERUM,
    make_talk,
    reason_of,
)
from tests.fakes import DemoShop, ScriptedNlu, Talk, buttons_of, hit, make_bot, rule_of


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
