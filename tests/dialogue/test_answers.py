"""When an article is told: alone, by its intent, after an ellipsis, or not at all."""

from __future__ import annotations

from dataclasses import replace

from knowledge.article import Answer, Hit
from tests.fakes import NOW, Shelf, Talk, hit, make_bot, rule_of


def unsure(*hits: Hit) -> Answer:
    return Answer(hits, answerable=False)


def make_talk(found: dict[str, Answer], **script: str) -> Talk:
    return Talk(replace(make_bot(script), knowledge=Shelf(found)))


def part(heading: str, score: float, *, article: str = "refund") -> Hit:
    return replace(hit(article, f"{heading}的内容。", heading=heading, score=score))


def test_two_near_passages_of_one_article_are_told_together() -> None:
    found = {"怎么开发票": unsure(part("申请", 0.4), part("期限", 0.39), part("抬头", 0.1))}
    turn = make_talk(found).say("怎么开发票")
    assert turn.replies[0].content == "**申请**\n\n申请的内容。\n\n**期限**\n\n期限的内容。"
    assert [source.heading for source in turn.replies[0].sources] == ["申请", "期限"]
    assert turn.state.articles[-1].heading == "申请"


def test_a_message_holds_the_whole_and_what_is_told_first() -> None:
    long = replace(part("申请", 0.9), passage="先这样。\n\n再那样。", short="先这样。")
    turn = make_talk({"怎么开发票": Answer((long,), answerable=True)}).say("怎么开发票")
    (reply,) = turn.replies
    assert reply.content == "先这样。\n\n再那样。"
    assert [source.short for source in reply.sources] == ["先这样。"]


def test_of_two_passages_a_short_one_is_told_whole_beside_the_other() -> None:
    long = replace(part("申请", 0.4), passage="先这样。\n\n再那样。", short="先这样。")
    turn = make_talk({"怎么开发票": unsure(long, part("期限", 0.39))}).say("怎么开发票")
    (reply,) = turn.replies
    assert reply.content == "**申请**\n\n先这样。\n\n再那样。\n\n**期限**\n\n期限的内容。"
    assert [source.short for source in reply.sources] == [
        "**申请**\n\n先这样。",
        "**期限**\n\n期限的内容。",
    ]


def test_distant_passages_of_several_articles_are_not_told() -> None:
    found = {"怎么开发票": unsure(part("甲", 0.3, article="a"), part("乙", 0.3, article="b"))}
    assert rule_of(make_talk(found).say("怎么开发票")) == "misses"


def test_an_unsure_intent_does_not_help_an_unsure_article() -> None:
    talk = Talk(
        replace(
            make_bot({"发票": {"request_invoice": 0.3}}),
            knowledge=Shelf({"发票": unsure(part("申请", 0.4), part("期限", 0.4))}),
        )
    )
    assert rule_of(talk.say("发票")) == "misses"


INVOICE_QUESTION = "怎么开发票"  # as in the wording file
ODD = "发票咋整"


def test_the_intent_may_point_to_an_article_that_the_search_found_too() -> None:
    named = Answer((part("申请", 0.9, article="invoice"),), answerable=True)
    found = {
        ODD: unsure(part("别的", 0.25, article="x"), part("期限", 0.15, article="invoice")),
        INVOICE_QUESTION: named,
    }
    turn = make_talk(found, **{ODD: "request_invoice"}).say(ODD)
    assert turn.replies[0].content == "申请的内容。"


NAMED = Answer((part("申请", 0.9, article="invoice"),), answerable=True)


def test_the_intent_alone_does_not_outweigh_another_article() -> None:
    found = {ODD: unsure(part("别的", 0.25, article="x")), INVOICE_QUESTION: NAMED}
    assert rule_of(make_talk(found, **{ODD: "request_invoice"}).say(ODD)) == "misses"


def test_a_certain_intent_is_enough_when_nothing_else_was_found() -> None:
    for nothing in (unsure(part("别的", 0.2, article="x")), unsure()):
        found = {ODD: nothing, INVOICE_QUESTION: NAMED}
        assert rule_of(make_talk(found, **{ODD: "request_invoice"}).say(ODD)) == "answers"


def test_an_intent_that_is_only_likely_is_not() -> None:
    bot = replace(
        make_bot({ODD: {"request_invoice": 0.8}}), knowledge=Shelf({INVOICE_QUESTION: NAMED})
    )
    assert rule_of(Talk(bot).say(ODD)) == "misses"


def test_an_intent_without_an_article_makes_no_answer() -> None:
    for named in (unsure(), unsure(part("远", 0.1))):
        found = {ODD: unsure(part("别的", 0.2)), INVOICE_QUESTION: named}
        assert rule_of(make_talk(found, **{ODD: "request_invoice"}).say(ODD)) == "misses"


def test_a_rejected_message_is_answered_only_by_a_strong_passage() -> None:
    for score, rule in ((0.75, "misses"), (0.95, "answers")):
        found = {"天气": Answer((part("天气", score),), answerable=True)}
        assert rule_of(make_talk(found).say("天气")) == rule


def test_what_is_rejected_takes_more_certainty_before_it_is_told() -> None:
    talk = make_talk({}, 怎么退货="ask_return_policy")
    assert talk.bot.told_from("怎么退货", now=NOW) == 0
    assert talk.bot.told_from("天气", now=NOW) == talk.bot.limits.strong


STEPS = Answer((part("步骤", 0.9, article="return-steps"),), answerable=True)
FEE = Answer((part("运费", 0.9, article="return-fee"),), answerable=True)
RETURNS = {"退货流程": "ask_return_policy"}
BOTH = "退货流程 那运费呢"


def test_an_ellipsis_is_understood_together_with_its_topic() -> None:
    found = {"退货流程": STEPS, "退货运费谁出": FEE}
    talk = make_talk(found, **RETURNS, **{BOTH: "ask_return_shipping_fee"})
    assert talk.says("退货流程", "那运费呢") == "运费的内容。"
    assert talk.state.topic == BOTH


def test_an_ellipsis_within_the_same_matter_is_searched_as_one_question() -> None:
    found = {"退货流程": STEPS, BOTH: FEE}
    talk = make_talk(found, **RETURNS, **{BOTH: "ask_return_policy"})
    assert talk.says("退货流程", "那运费呢") == "运费的内容。"


def test_an_ellipsis_gets_the_rows_that_it_asks_for() -> None:
    asked = Answer((replace(FEE.hits[0], rows=(2,), short="第三行"),), answerable=False)
    found = {"退货流程": STEPS, "退货运费谁出": FEE, BOTH: asked}
    talk = make_talk(found, **RETURNS, **{BOTH: "ask_return_shipping_fee"})
    talk.say("退货流程")
    (source,) = talk.say("那运费呢").replies[0].sources
    assert source.short == "第三行"


def test_an_ellipsis_does_not_repeat_what_was_just_shown() -> None:
    found = {"退货流程": STEPS, BOTH: STEPS, "那运费呢": FEE}
    talk = make_talk(
        found, **RETURNS, **{BOTH: "ask_return_policy", "那运费呢": "ask_shipping_fee"}
    )
    assert talk.says("退货流程", "那运费呢") == "运费的内容。"


def test_an_ellipsis_that_makes_no_sense_is_read_on_its_own() -> None:
    found = {"退货流程": STEPS, "那运费呢": FEE}
    talk = make_talk(found, **RETURNS, 那运费呢="ask_shipping_fee")
    assert talk.says("退货流程", "那运费呢") == "运费的内容。"


def test_what_is_long_or_no_follow_up_is_no_ellipsis() -> None:
    found = {"退货流程": STEPS, "运费多少": FEE}
    talk = make_talk(found, **RETURNS)
    assert talk.says("退货流程", "运费多少") == "运费的内容。"
    assert rule_of(talk.say("那么" + "很" * 20 + "长的一句话呢")) == "misses"


def test_of_an_article_that_both_found_the_passage_with_most_support_is_told() -> None:
    named = Answer(
        (part("申请", 0.6, article="invoice"), part("期限", 0.55, article="invoice")),
        answerable=True,
    )
    found = {ODD: unsure(part("期限", 0.3, article="invoice")), INVOICE_QUESTION: named}
    turn = make_talk(found, **{ODD: "request_invoice"}).say(ODD)
    assert turn.replies[0].content == "期限的内容。"


def test_an_intent_without_a_plain_question_points_to_nothing() -> None:
    found = {"适合我吗": unsure(part("适合谁", 0.3))}
    assert rule_of(make_talk(found, 适合我吗="ask_suitability").say("适合我吗")) == "misses"
