"""When several passages may be meant: one question with their headings, then the one chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogue.turn import Turn
from knowledge.article import Answer, Hit
from tests.fakes import Shelf, Talk, buttons_of, make_bot, rule_of

ASKED = "防水吗"
LABELS = ["耳机 · 防水", "手表 · 参数", "防晒霜 · 补涂"]


def part(title: str, heading: str, score: float, lead: float, passage: str = "") -> Hit:
    said = passage or f"{title}的{heading}。"
    return Hit(title, title, heading, (title, heading), said, score, {"lead": lead})


EARBUDS = part("耳机", "防水", 0.31, 0.3)
WATCH = part("手表", "参数", 0.2, -0.3)
SUNSCREEN = part("防晒霜", "补涂", 0.09, -1.2)


def talk_about(*hits: Hit, answerable: bool = False, **script: object) -> Talk:
    found = {ASKED: Answer(hits, answerable=answerable)}
    means = dict.fromkeys((ASKED, "尺码表", "运费多少"), "ask_product_info")
    return Talk(replace(make_bot(means | script), knowledge=Shelf(found)))


def sources_of(turn: Turn) -> list[tuple[str, str]]:
    return [(s.title, s.heading) for reply in turn.replies for s in reply.sources]


def test_near_ties_of_several_articles_are_asked_about_with_their_headings() -> None:
    turn = talk_about(EARBUDS, WATCH, SUNSCREEN).say(ASKED)
    assert rule_of(turn) == "unclear_between_passages"
    assert buttons_of(turn) == LABELS
    assert sources_of(turn) == []


def test_a_passage_that_is_nearly_certain_is_told_without_a_question() -> None:
    sure = part("耳机", "防水", 0.89, 0.6)
    turn = talk_about(sure, part("手表", "参数", 0.46, -0.6), answerable=True).say(ASKED)
    assert rule_of(turn) == "answers"
    assert sources_of(turn)[0] == ("耳机", "防水")


def test_of_passages_that_would_be_offered_by_the_same_words_only_the_best_is() -> None:
    same = replace(WATCH, article_id="手表-旧", passage="旧手表的参数。", why={"lead": -0.4})
    assert buttons_of(talk_about(EARBUDS, WATCH, same).say(ASKED)) == LABELS[:2]


def test_headings_of_one_article_go_without_its_title() -> None:
    ways = [part("退款", way, 0.2, lead) for way, lead in (("微信", 0.1), ("信用卡", -0.1))]
    turn = talk_about(*ways, part("退款", "分期", 0.18, -0.2)).say(ASKED)
    assert buttons_of(turn) == ["微信", "信用卡", "分期"]


def test_an_article_whose_best_passage_may_be_told_makes_no_question() -> None:
    ways = [part("退款", way, 0.4, lead) for way, lead in (("微信", 0.1), ("信用卡", -0.1))]
    turn = talk_about(*ways, part("退款", "分期", 0.15, -0.4), answerable=True).say(ASKED)
    assert sources_of(turn) == [("退款", "微信"), ("退款", "信用卡")]


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("手表 · 参数", ("手表", "参数")),
        ("2", ("手表", "参数")),
        ("第一个", ("耳机", "防水")),
        ("第三", ("防晒霜", "补涂")),
        ("手表", ("手表", "参数")),
        ("防晒霜 · 补涂", ("防晒霜", "补涂")),
    ],
)
def test_the_chosen_passage_is_told_however_it_is_named(said: str, chosen: tuple[str, str]) -> None:
    talk = talk_about(EARBUDS, WATCH, SUNSCREEN)
    talk.say(ASKED)
    turn = talk.say(said)
    assert rule_of(turn) == "tells_the_chosen"
    assert sources_of(turn) == [chosen]
    assert talk.state.topic == ASKED
    assert talk.state.pending_choice == ()


def test_the_choice_counts_as_the_question_that_it_made_clear() -> None:
    talk = talk_about(EARBUDS, WATCH)
    talk.say(ASKED)
    intent = talk.say("手表").intent
    assert intent is not None
    assert intent.name == "ask_product_info"


def test_a_new_question_is_taken_as_one() -> None:
    talk = talk_about(EARBUDS, WATCH, SUNSCREEN)
    talk.bot.knowledge.found["运费多少"] = Answer((part("运费", "标准", 0.9, 4),), answerable=True)
    talk.say(ASKED)
    assert sources_of(talk.say("运费多少")) == [("运费", "标准")]


def test_a_part_of_two_labels_chooses_neither() -> None:
    talk = talk_about(EARBUDS, part("耳机盒", "防水", 0.3, -0.1))
    talk.say(ASKED)
    assert rule_of(talk.say("耳机")) != "tells_the_chosen"


def test_yes_chooses_nothing() -> None:
    talk = talk_about(part("好的音响", "防水", 0.31, 0.3), WATCH)
    talk.say(ASKED)
    assert rule_of(talk.say("好的")) == "yes_or_no_to_nothing"


def test_the_same_question_again_is_answered_by_the_best() -> None:
    talk = talk_about(EARBUDS, WATCH)
    talk.say(ASKED)
    turn = talk.say(ASKED)
    assert sources_of(turn) == [("耳机", "防水")]
    assert buttons_of(turn) == []


def test_another_unclear_question_is_asked_about_at_once() -> None:
    talk = talk_about(EARBUDS, WATCH)
    again = Answer((part("T恤", "尺码", 0.4, 0.1), part("牛仔裤", "尺码", 0.3, -0.1)), False)
    talk.bot.knowledge.found["尺码表"] = again
    talk.say(ASKED)
    assert buttons_of(talk.say("尺码表")) == ["T恤 · 尺码", "牛仔裤 · 尺码"]


def test_a_passage_that_is_gone_is_looked_for_by_its_heading() -> None:
    talk = talk_about(EARBUDS, WATCH)
    talk.say(ASKED)
    new = Answer((part("手表二代", "参数", 0.9, 4),), answerable=True)
    talk.bot.knowledge.found = {"手表 · 参数": new}
    assert sources_of(talk.say("2")) == [("手表二代", "参数")]


@pytest.mark.parametrize(
    "hits",
    [
        (part("耳机", "防水", 0.8, 2.1), part("手表", "参数", 0.1, -2.1)),  # one is clearly better
        (part("耳机", "防水", 0.2, 0.1), part("手表", "参数", 0.1, -0.1)),  # neither may answer
        (EARBUDS, replace(WATCH, passage=" 耳机的防水。\n")),  # both say the same
        (EARBUDS, replace(EARBUDS, passage="还有。", why={"lead": -0.3})),  # under one heading
        (EARBUDS, replace(WATCH, passage="Waterproof to 5 ATM, swimming is fine.")),  # unreadable
        (replace(EARBUDS, why={}), replace(WATCH, why={})),  # nothing is known of their distance
    ],
)
def test_what_is_no_tie_is_not_asked_about(hits: tuple[Hit, ...]) -> None:
    turn = talk_about(*hits, answerable=True).say(ASKED)
    assert rule_of(turn) == "answers"
    assert sources_of(turn)[0] == (hits[0].title, hits[0].heading)


def test_what_is_none_of_our_business_is_not_asked_about() -> None:
    assert rule_of(talk_about(EARBUDS, WATCH, **{ASKED: {}}).say(ASKED)) == "misses"


def test_two_near_passages_of_one_article_are_told_not_asked_about() -> None:
    hits = (part("退款", "微信", 0.4, 0.1), part("退款", "信用卡", 0.39, -0.1))
    turn = talk_about(*hits, answerable=True).say(ASKED)
    assert sources_of(turn) == [("退款", "微信"), ("退款", "信用卡")]


def test_a_product_named_before_decides() -> None:
    talk = talk_about(EARBUDS, WATCH, SUNSCREEN)
    talk.state = replace(talk.state, slots={"product": "手表"})
    assert sources_of(talk.say(ASKED)) == [("手表", "参数")]


def test_a_product_that_none_of_them_is_about_decides_nothing() -> None:
    talk = talk_about(EARBUDS, WATCH, SUNSCREEN)
    talk.state = replace(talk.state, slots={"product": "枕头"})
    assert buttons_of(talk.say(ASKED)) == LABELS


def test_asking_for_a_person_goes_before_choosing() -> None:
    talk = talk_about(EARBUDS, part("手表", "转人工的时间", 0.2, -0.3))
    talk.say(ASKED)
    assert talk.say("转人工").handoff is not None
