from __future__ import annotations

from datetime import datetime

import pytest

from dialogue.customer import Customer
from dialogue.state import DialogueState
from handoff.reason import Reason
from handoff.summary import summarise
from knowledge.article import Answer, Scope
from nlu.understanding import Mood
from tests.fakes import NOBODY, NOW, Talk, buttons_of, hit, make_bot, rule_of

FEES = hit("运费标准", "满 99 元包邮。")


def make_talk(**options: object) -> Talk:
    return Talk(make_bot(**options))  # type: ignore[arg-type]  # the options of make_bot


def test_a_greeting_comes_with_the_hot_questions() -> None:
    [reply] = make_bot().greet("zh")
    assert "小禾" in reply.content
    assert "转人工" in [button.label for button in reply.buttons]


def test_the_bot_has_a_name_in_each_language() -> None:
    bot = make_bot()
    assert bot.name_in("zh")
    assert bot.name_in("zh") != bot.name_in("en")


def test_an_unknown_language_is_greeted_in_some_language() -> None:
    assert make_bot().greet("fr")[0].content


def test_a_person_is_fetched_by_the_words_and_by_the_meaning() -> None:
    for text in ("转人工", "帮我叫个人"):
        turn = make_talk().say(text)
        assert turn.handoff is not None
        assert turn.handoff.reason is Reason.ASKED_FOR_HUMAN


def test_not_wanting_a_person_is_not_asking_for_one() -> None:
    script = {"不用转人工了": "request_human"}
    assert make_talk(script=script).say("不用转人工了").handoff is None


def test_a_complaint_goes_to_a_person_with_its_own_words() -> None:
    service, quality = make_talk().say("我要投诉"), make_talk().say("东西坏了")
    for turn in (service, quality):
        assert turn.handoff is not None
        assert turn.handoff.reason is Reason.COMPLAINT
    assert service.replies != quality.replies
    assert quality.handoff is not None
    assert quality.handoff.skill == "after_sales"


def test_strong_anger_goes_to_a_person() -> None:
    turn = make_talk(moods={"你们想气死我": Mood.ANGRY}).say("你们想气死我")
    assert turn.handoff is not None
    assert turn.handoff.reason is Reason.NEGATIVE_EMOTION
    assert turn.gap is None
    assert turn.state.mood == "angry"


def test_an_unhappy_customer_is_comforted_once() -> None:
    talk = make_talk(moods={"查物流": Mood.UNHAPPY, "我要退货": Mood.UNHAPPY})
    assert "抱歉" in talk.says("查物流")
    assert "抱歉" not in talk.says("我要退货")


def test_an_answer_names_its_source() -> None:
    talk = make_talk(answers={"运费多少": FEES})
    turn = talk.say("运费多少")
    assert turn.replies[0].content == "满 99 元包邮。"
    assert turn.replies[0].sources[0].article_id == "运费标准"
    assert turn.state.articles[0].title == "运费标准"
    assert turn.state.intents == ("ask_shipping_fee",)


def test_an_intent_below_its_own_threshold_is_not_acted_on() -> None:
    script = {"退吧": {"apply_return": 0.9}}
    assert make_talk(script=script).say("退吧").state.flow is not None
    doubtful = make_talk(script=script, sure_from={"apply_return": 0.95})
    assert doubtful.say("退吧").state.flow is None


def test_an_article_is_remembered_once() -> None:
    talk = make_talk(answers={"运费多少": FEES})
    talk.says("运费多少", "运费多少")
    assert len(talk.state.articles) == 1


def test_a_knowledge_hit_beats_an_unsure_intent() -> None:
    talk = make_talk(script={"邮费": {"ask_price": 0.3}}, answers={"邮费": FEES})
    assert rule_of(talk.say("邮费")) == "answers"


def test_small_talk_is_answered_without_an_article() -> None:
    talk = make_talk()
    assert "👋" in talk.says("你好", "谢谢", "再见")


def test_the_first_miss_offers_a_person_and_near_questions() -> None:
    turn = make_talk(near=[hit("退货流程", "先申请。", score=0.3)]).say("怎么开发票")
    assert turn.state.offer == "knowledge_gap"
    assert turn.gap is Reason.KNOWLEDGE_GAP
    assert buttons_of(turn) == ["退货流程 · 退货流程", "转人工"]


def test_something_unclear_gets_the_hot_questions() -> None:
    turn = make_talk(script={"嘎嘎": {"ask_price": 0.3}}).say("嘎嘎")
    assert turn.state.offer == "low_confidence"
    assert "申请退货" in buttons_of(turn)
    assert buttons_of(turn).count("转人工") == 1


def test_something_foreign_is_declined_politely() -> None:
    turn = make_talk().say("今天天气怎么样")
    assert turn.state.offer == "out_of_scope"
    assert turn.handoff is None


def test_the_second_miss_in_a_row_goes_to_a_person() -> None:
    talk = make_talk()
    talk.say("今天天气怎么样")
    turn = talk.say("写首诗")
    assert turn.handoff is not None
    assert turn.handoff.reason is Reason.REPEATED_MISS
    assert turn.gap is Reason.REPEATED_MISS


def test_a_miss_after_an_answer_is_a_first_one_again() -> None:
    talk = make_talk(answers={"运费多少": FEES})
    talk.says("今天天气怎么样", "运费多少")
    assert talk.say("写首诗").handoff is None


@pytest.mark.parametrize("yes", ["好的", "可以，转吧", "yes"])
def test_an_offered_person_can_be_accepted(yes: str) -> None:
    talk = make_talk()
    talk.say("今天天气怎么样")
    turn = talk.say(yes)
    assert turn.handoff is not None
    assert turn.handoff.reason is Reason.OUT_OF_SCOPE


def test_an_offered_person_can_be_declined() -> None:
    talk = make_talk()
    talk.say("今天天气怎么样")
    turn = talk.say("不用了")
    assert rule_of(turn) == "declines_offer"
    assert turn.state.offer is None


def test_an_offer_stands_for_one_message_only() -> None:
    talk = make_talk(answers={"运费多少": FEES})
    talk.says("今天天气怎么样", "运费多少")
    assert rule_of(talk.say("好的")) == "yes_or_no_to_nothing"


@pytest.mark.parametrize("text", ["好的", "不用了", "算了"])
def test_yes_no_and_never_mind_to_nothing_are_taken_kindly(text: str) -> None:
    turn = make_talk().say(text)
    assert turn.state.misses == 0
    assert turn.handoff is None


CLOSE = {"退货": {"apply_return": 0.48, "ask_return_policy": 0.42}}


def test_two_close_readings_get_a_question_with_buttons() -> None:
    turn = make_talk(script=CLOSE).say("退货")
    assert buttons_of(turn) == ["申请退货退款", "了解退换货规则"]


@pytest.mark.parametrize("answer", ["申请退货退款", "第一个", "1"])
def test_the_question_can_be_answered_by_button_and_by_ordinal(answer: str) -> None:
    talk = make_talk(script=CLOSE)
    talk.say("退货")
    assert rule_of(talk.say(answer)) == "starts_a_task"


def test_the_question_can_be_answered_in_words() -> None:
    talk = make_talk(script={**CLOSE, "规则": "ask_return_policy"}, answers={"退货": FEES})
    talk.say("退货")
    assert rule_of(talk.say("规则")) == "answers"


def test_an_ordinal_beyond_the_choices_is_no_choice() -> None:
    talk = make_talk(script=CLOSE)
    talk.say("退货")
    assert talk.say("第三个").state.flow is None


def test_a_choice_that_is_ignored_is_forgotten() -> None:
    talk = make_talk(script=CLOSE, answers={"运费多少": FEES})
    talk.says("退货", "运费多少")
    assert talk.state.pending_choice == ()


def test_an_unclear_answer_is_not_asked_about_again() -> None:
    other = {"快递那个": {"query_logistics": 0.45, "ask_shipping_time": 0.42}}
    talk = make_talk(script={**CLOSE, **other})
    talk.say("退货")
    assert rule_of(talk.say("快递那个")) == "misses"


def test_nothing_is_asked_when_an_article_answers_either_way() -> None:
    close = {"邮费": {"ask_shipping_fee": 0.4, "ask_return_shipping_fee": 0.4}}
    assert rule_of(make_talk(script=close, answers={"邮费": FEES}).say("邮费")) == "answers"
    assert rule_of(make_talk(script=close).say("邮费")) == "unclear_between_two"


def test_nothing_is_asked_when_one_task_serves_both_readings() -> None:
    close = {"快递那个": {"query_logistics": 0.45, "query_order_status": 0.42}}
    turn = make_talk(script=close).say("快递那个")
    assert rule_of(turn) == "starts_the_task_of_both"
    assert turn.state.flow is not None
    assert turn.state.flow.flow == "track_order"


@pytest.mark.parametrize(
    "ranking",
    [
        {"apply_return": 0.9, "ask_return_policy": 0.05},
        {"apply_return": 0.4, "greet": 0.4},
        {"apply_return": 0.4, "no_such_intent": 0.4},
        {"apply_return": 0.4},
    ],
)
def test_what_is_not_close_is_not_asked_about(ranking: dict[str, float]) -> None:
    assert "？" not in "".join(buttons_of(make_talk(script={"退": ranking}).say("退")))
    assert make_talk(script={"退": ranking}).say("退").state.pending_choice == ()


def test_the_bot_answers_in_the_customers_language() -> None:
    talk = make_talk(answers={"How much is shipping": hit("Fees", "Free from 99 yuan.")})
    assert talk.says("How much is shipping") == "Free from 99 yuan."
    assert talk.state.language == "en"
    assert "order number" in talk.says("Track my order")


def test_a_passage_in_the_other_language_is_announced() -> None:
    talk = make_talk(answers={"How much is shipping": FEES})
    assert "Chinese only" in talk.says("How much is shipping")


def test_a_passage_in_the_customers_language_is_preferred() -> None:
    english = hit("Fees", "Free from 99 yuan.", score=0.8)
    talk = make_talk(answers={"How much is shipping": FEES}, near=[english])
    assert talk.says("How much is shipping") == "Free from 99 yuan."


def test_whatever_goes_wrong_the_customer_gets_a_person(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def search(
            self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
        ) -> Answer:
            raise RuntimeError("index lost")

    bot = make_bot()
    broken = type(bot)(
        understands=bot.understands, knowledge=Broken(), orders=bot.orders, pack=bot.pack
    )
    turn = broken.respond(DialogueState(), "How much is shipping", customer=NOBODY, now=NOW)
    assert turn.handoff is not None
    assert turn.handoff.reason is Reason.ERROR
    assert "index lost" in caplog.text
    assert turn.replies[0].content.startswith("Sorry")
    assert "index lost" not in turn.replies[0].content


def test_the_summary_tells_everything_that_is_known() -> None:
    talk = make_talk(answers={"运费多少": FEES}, moods={"查物流": Mood.UNHAPPY})
    talk.says("运费多少", "查物流", "20261101000001", "0001")
    turn = talk.say("转人工")
    assert turn.handoff is not None
    assert turn.handoff.brief is not None
    summary = summarise(turn.handoff.brief, ["运费多少", "查物流", "20261101000001", "转人工"])
    for part in (
        "客户要求人工",
        "运费与包邮",
        "查物流进度",
        "20261101000001",
        "有些不满",
        "运费标准",
    ):
        assert part in summary
    assert "“转人工”" not in summary


def test_details_are_remembered_wherever_they_are_said() -> None:
    talk = make_talk(answers={"发票发我手机13800000009": FEES})
    talk.say("发票发我手机13800000009")
    assert talk.state.slots == {"phone": "13800000009"}


def test_every_run_of_a_task_has_its_own_id() -> None:
    bot = make_bot()
    real = type(bot)(
        understands=bot.understands, knowledge=bot.knowledge, orders=bot.orders, pack=bot.pack
    )
    flows = [
        real.respond(DialogueState(), "查物流", customer=Customer(), now=NOW).state.flow
        for _ in range(2)
    ]
    assert flows[0] is not None
    assert flows[1] is not None
    assert flows[0].run_id != flows[1].run_id


@pytest.mark.parametrize("text", ["哦", "嗯嗯", "这样啊", "知道了", "I see"])
def test_a_nod_is_no_miss_and_fetches_nobody(text: str) -> None:
    talk = make_talk(answers={"运费多少": FEES}, script={"这样啊": "affirm"})
    talk.says("运费多少", text)
    assert talk.say(text).state.misses == 0
    talk.say("今天天气怎么样")
    turn = talk.say(text)
    assert (turn.handoff, turn.state.misses, rule_of(turn)) == (None, 0, "nods")


def test_a_nod_answers_a_question_whether_a_person_is_wanted() -> None:
    talk = make_talk()
    assert talk.say("怎么开发票").state.offer == "knowledge_gap"
    assert talk.say("嗯").handoff is not None


def test_a_yes_to_a_plea_for_other_words_fetches_nobody() -> None:
    talk = make_talk(script={"嘎嘎": {"ask_price": 0.3}})
    assert talk.say("嘎嘎").state.offer == "low_confidence"
    turn = talk.say("好的")
    assert turn.handoff is None
    assert "您请说" in turn.replies[0].content


PRICE = {"多少钱": "ask_price", "精华 多少钱": "ask_price"}
SERUM_PRICE = {"精华 多少钱": hit("精华", "199 元。")}


def test_a_question_about_no_product_is_asked_back_and_answered_with_its_product() -> None:
    talk = make_talk(script=PRICE, answers=SERUM_PRICE)
    turn = talk.say("多少钱")
    assert "哪款" in turn.replies[0].content
    assert turn.state.misses == 0
    assert talk.says("精华") == "199 元。"


def test_a_question_about_no_product_is_about_the_one_spoken_of() -> None:
    answers = {"精华怎么用": hit("用法", "早晚各一次。"), **SERUM_PRICE}
    talk = make_talk(script=PRICE, answers=answers)
    talk.say("精华怎么用")
    assert talk.says("多少钱") == "199 元。"


def test_a_product_that_comes_late_or_in_a_long_sentence_belongs_to_no_question() -> None:
    talk = make_talk(script=PRICE, answers={**SERUM_PRICE, "运费多少": FEES})
    talk.says("多少钱", "运费多少")
    assert rule_of(talk.say("精华")) == "misses"
    talk = make_talk(script=PRICE, answers=SERUM_PRICE)
    talk.say("多少钱")
    assert rule_of(talk.say("我有个朋友上次说想给她妈妈买一瓶精华当生日礼物")) == "misses"


def test_what_the_bot_can_deal_with_is_not_recorded_as_out_of_scope() -> None:
    talk = make_talk()
    assert talk.say("啥是订单号").intent is None
    foreign = talk.say("今天天气怎么样")
    assert foreign.intent is not None
    assert foreign.intent.name == "out_of_scope"
    repeated = talk.say("写首诗")
    assert repeated.intent == foreign.intent
