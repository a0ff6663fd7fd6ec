"""Questions that mean the same come together, and their groups stay what they are."""

from __future__ import annotations

from knowledge.gaps import central, group_questions
from knowledge.meaning import Meaning
from knowledge.vectors import MemoryVectors, Vectors
from tests.knowledge.letters import LetterEncoder

PAY = ["可以货到付款吗", "支持货到付款吗", "你们有货到付款吗"]
ENGRAVE = ["杯子能刻字吗", "杯子可以刻字吗"]
OTHER = ["明天会下雨吗"]


def vectors(texts: list[str]) -> Vectors:
    return Meaning(LetterEncoder(), kept=MemoryVectors()).passing(texts)


def grouped(texts: list[str], known: list[int | None], **how: object) -> tuple[int, ...]:
    return group_questions(texts, vectors(texts), known, **how)  # type: ignore[arg-type]


def test_new_questions_fall_into_groups_by_meaning() -> None:
    texts = PAY + ENGRAVE + OTHER
    labels = grouped(texts, [None] * len(texts))
    assert labels[0] == labels[1] == labels[2] < 0
    assert labels[3] == labels[4] < 0
    assert len(set(labels)) == 3


def test_a_known_group_keeps_its_id_when_questions_come_in() -> None:
    labels = grouped(PAY + ENGRAVE, [7, 7, None, 9, None])
    assert labels == (7, 7, 7, 9, 9)


def test_of_two_groups_that_prove_to_be_one_the_larger_keeps_its_id() -> None:
    assert grouped(PAY, [7, 8, 8]) == (8, 8, 8)


def test_a_fixed_group_takes_in_what_is_new_and_loses_nothing() -> None:
    labels = grouped(PAY + OTHER, [5, None, None, 5], fixed=[5])
    assert labels == (5, 5, 5, 5)


def test_what_is_known_does_not_move_into_a_fixed_group() -> None:
    assert grouped(PAY, [5, 6, 6], fixed=[5]) == (5, 6, 6)


def test_the_result_does_not_depend_on_what_came_first() -> None:
    texts = PAY + ENGRAVE + OTHER
    forward = grouped(texts, [None] * len(texts))
    backward = grouped(texts[::-1], [None] * len(texts))[::-1]
    pairs = [(a, b) for a in range(len(texts)) for b in range(a)]
    together = [forward[a] == forward[b] for a, b in pairs]
    assert together == [backward[a] == backward[b] for a, b in pairs]


def test_nothing_is_grouped_into_nothing() -> None:
    assert group_questions([], vectors([]), []) == ()
    assert grouped(["？"], [None]) == (-1,)


def test_the_central_question_names_the_group() -> None:
    texts = ["货到付款", "可以货到付款吗我想问一下这个", "可以货到付款吗"]
    assert texts[central(texts, vectors(texts))] == "可以货到付款吗"
