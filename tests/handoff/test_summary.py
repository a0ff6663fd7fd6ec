from __future__ import annotations

from handoff.summary import Brief, SummaryWording, informative, mask_phones, summarise

WORDS = SummaryWording(
    reason="原因：{text}",
    wants="诉求：{text}",
    facts="已知：{text}",
    tried="看过：{text}",
    said="原话：{text}",
    mood="情绪：{text}",
    joiner="、",
    quote="“{text}”",
)


def test_a_summary_has_a_line_for_each_thing_known() -> None:
    brief = Brief(
        words=WORDS,
        reason="客户要求人工",
        wants=("查物流", "申请退货", "查物流"),
        facts=(("订单号", "20261101000001"),),
        articles=("退货流程",),
        mood="不满",
    )
    assert summarise(brief, ["耳机左边没声音"]).splitlines() == [
        "原因：客户要求人工",
        "诉求：查物流、申请退货",
        "已知：订单号 20261101000001",
        "看过：退货流程",
        "原话：“耳机左边没声音”",
        "情绪：不满",
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert summarise(Brief(words=WORDS), []) == ""


def test_phone_numbers_are_masked_wherever_they_stand() -> None:
    brief = Brief(words=WORDS, facts=(("手机", "13800000001"),))
    text = summarise(brief, ["打我13800000001吧"])
    assert "13800000001" not in text
    assert text.count("138****0001") == 2


def test_an_order_number_is_not_taken_for_a_phone() -> None:
    assert mask_phones("20261138000000012") == "20261138000000012"


def test_the_most_telling_sentences_are_quoted_in_their_order() -> None:
    said = [
        "你好",
        "在吗",
        "我上周买的扫地机器人充不进电。灯也不亮",
        "嗯嗯",
        "换过插座还是不行，想换一台新的",
        "好的",
    ]
    chosen = informative(said, trivial=frozenset({"你好", "在吗"}))
    assert chosen == ("我上周买的扫地机器人充不进电", "灯也不亮", "换过插座还是不行，想换一台新的")


def test_bare_numbers_are_quoted_only_when_nothing_else_was_said() -> None:
    assert informative(["0001", "我要退货"]) == ("我要退货",)
    assert informative(["0001"]) == ("0001",)


def test_nothing_said_gives_nothing() -> None:
    assert informative([]) == ()
