"""The odds of characters after one another."""

import math

from nlu.spelling_model import START, CharacterModel, count_ngrams

TEXTS = ("退货", "退货吗", "退款")


def test_the_odds_of_all_characters_sum_to_less_than_one() -> None:
    model = CharacterModel(count_ngrams(TEXTS, most=100), ())
    characters = {c for text in TEXTS for c in text}
    for before in ("", START, "退", START + "退", "没"):
        assert 0 < sum(math.exp(model.log_odds(before, c)) for c in characters) <= 1


def test_what_followed_more_often_is_likelier() -> None:
    model = CharacterModel(count_ngrams(TEXTS, most=100), ())
    assert model.log_odds("退", "货") > model.log_odds("退", "款") > model.log_odds("退", "吗")


def test_all_digits_count_as_one() -> None:
    model = CharacterModel(count_ngrams(["订单1", "订单20"], most=100), ())
    assert model.is_known("单7")
    assert model.log_odds("单", "8") == model.log_odds("单", "1")


def test_neighbours_within_a_common_word_are_known_and_likelier() -> None:
    counts = count_ngrams(TEXTS, most=100)
    without, model = CharacterModel(counts, ()), CharacterModel(counts, ["移动"])
    assert model.is_known("移动")
    assert model.log_odds("移", "动") > without.log_odds("移", "动")


def test_ngrams_that_are_as_frequent_are_in_their_own_order() -> None:
    counts = count_ngrams(["退货", "换货"], most=100)
    assert list(counts) == sorted(counts, key=lambda gram: (-counts[gram], gram))


def test_the_rarest_ngrams_go_when_there_are_too_many() -> None:
    counts = count_ngrams(["退货"] * 3 + ["换码"], most=9)
    assert len(counts) == 9
    assert counts["退货"] == 3
    assert "换码" not in counts
