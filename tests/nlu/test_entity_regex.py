"""Regexes of one's own: which of them a customer's text could keep busy forever."""

from __future__ import annotations

import re

import pytest

from nlu.entity_custom import learn_entities
from nlu.entity_regex import slow_regex
from nlu.rasa_yaml import read_yaml

SLOW = [
    r"(a+)+", r"(a|aa)+$", r"(.*a){25}", r"^(\d+)*$", r"([a-z]+)*x", r"(x+x+)+y", r"(\w+\s?)+$",
    r"([A-Z]{1,5}-?){1,20}\d", r"(a?){40}a{40}", r".*.*.*x", r"\d+\d+x", r"\w+\d+\w+!",
]  # fmt: skip
QUICK = [
    r"[A-Z]\d{2}", r"\d+-\d+-\d+", r"[\w.+-]+@[\w-]+\.[\w.]+", r"(?:\d{4}-){3}\d{4}", r".*订单.*",
    r"(红|黑|白)色", r"https?://\S+", r"\d+(?:\.\d+)?", r"(?<!\d)1\d{10}(?!\d)", r"[^，]{1,20}号",
    r"(?:[A-Z]{2}\d{2}){1,3}", r"(?i)sku[ :]*[a-z0-9]{4,12}", r"会员\w*卡", r"a++b", r"(x)\1",
]  # fmt: skip


@pytest.mark.parametrize("pattern", SLOW)
def test_a_regex_that_can_take_forever_is_told(pattern: str) -> None:
    assert slow_regex(pattern) is not None


@pytest.mark.timeout(60)  # a single slow one of them would take hours
@pytest.mark.parametrize("pattern", QUICK)
def test_a_regex_that_is_let_through_reads_a_long_text(pattern: str) -> None:
    assert slow_regex(pattern) is None
    for character in "1a中 -A，":
        text = character * 5000
        assert all(match.end() <= len(text) for match in re.finditer(pattern, text))


def test_a_training_file_with_a_slow_regex_is_refused_with_line_and_remedy() -> None:
    text = 'version: "3.1"\nnlu:\n- regex: seat\n  examples: |\n    - [A-Z]\\d+\n    - (a+)+b\n'
    data, problems = read_yaml(text, file="nlu.yml")
    [problem] = problems
    assert problem.place.line == 6
    assert "(a+)+b" in problem.message
    assert "repeat single characters or classes instead" in problem.message
    assert not learn_entities(data).is_empty
