"""Latin words one slip from a known one."""

import pytest

from nlu.spelling_words import learn_words

TEXTS = ("where is my refund", "refund please", "wrong size", "a smaller size", "sizes")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("refnud", "refund"),  # two letters changed places
        ("refnd", "refund"),  # one is missing
        ("reffund", "refund"),  # one is there twice
        ("refumd", "refund"),  # the key beside it
        ("refinement", "refinement"),  # too far away
        ("ref", "ref"),  # too short to tell
        ("wrnog", "wrnog"),  # known from one text only
    ],
)
def test_a_word_is_mended_by_one_slip_at_most(typed: str, meant: str) -> None:
    assert learn_words(TEXTS, ["dictionary"]).mend(f"my {typed}!") == f"my {meant}!"


def test_words_of_the_language_are_kept_only_where_they_could_be_mistaken() -> None:
    words = learn_words(TEXTS, ["refunds", "elephant", "seize"])
    assert words.others == {"refunds", "seize"}
    assert words.mend("refunds") == "refunds"
