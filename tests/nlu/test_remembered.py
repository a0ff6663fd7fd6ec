"""A function that remembers: what it asks for, and how much it keeps."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.remembered import Remembered


def remembering(size: int) -> tuple[Remembered[str], list[str]]:
    made: list[str] = []

    def make(texts: Sequence[str]) -> list[str]:
        made.extend(texts)
        return [text.upper() for text in texts]

    return Remembered(make, size=size), made


def test_each_text_is_made_once_shortest_first() -> None:
    remembered, made = remembering(10)
    assert remembered(["bbb", "a", "bbb"]) == ["BBB", "A", "BBB"]
    assert remembered(["a"]) == ["A"]
    assert made == ["a", "bbb"]


def test_what_was_asked_for_longest_ago_is_forgotten() -> None:
    remembered, made = remembering(2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembered([text])
    assert made == ["a", "b", "c", "b"]


def test_thousands_of_texts_do_not_push_out_the_live_ones() -> None:
    remembered, made = remembering(2)
    remembered(["live"])
    remembered([f"training {i}" for i in range(100)])
    remembered(["live"])
    assert made.count("live") == 1
    assert len(made) == 101
