"""Moods, by the word list that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.errors import BadTrainingData
from nlu.mood import MoodLexicon, detect_mood, read_mood_lexicon
from nlu.understanding import Mood

FILE = Path(__file__).parents[2] / "training_data" / "common" / "mood.yml"


@pytest.fixture(scope="module")
def lexicon() -> MoodLexicon:
    return read_mood_lexicon(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉你们",
        "什么垃圾玩意！！！",
        "再不处理我打12315了",
        "你们就是骗子",
        "這不是騙人嗎",
        "傻逼客服",
        "😡😡",
        "气死我了",
        "等着收律师函吧",
        "怎么还不发货啊！！！急死了",
        "THIS IS THE WORST SERVICE EVER",
        "this is a scam, i will sue you",
    ],
)
def test_strong_anger_is_found(text: str, lexicon: MoodLexicon) -> None:
    assert detect_mood(text, lexicon) is Mood.ANGRY


@pytest.mark.parametrize(
    "text",
    ["太失望了", "快递咋还没到", "等了三天了", "质量太差", "still waiting for my parcel", "😭"],
)
def test_displeasure_is_less_than_anger(text: str, lexicon: MoodLexicon) -> None:
    assert detect_mood(text, lexicon) is Mood.UNHAPPY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "我要退货",
        "垃圾袋怎么卖",
        "滚筒洗衣机多少钱",
        "投诉邮箱是多少",
        "麻烦帮我查一下",
        "操作说明有吗",
        "快点发货！",
        "I am not angry",
        "where is my order",
        "class m or l",
    ],
)
def test_ordinary_talk_is_calm(text: str, lexicon: MoodLexicon) -> None:
    assert detect_mood(text, lexicon) is Mood.CALM


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[", "not YAML"),
        ("angry: [2026-13-01]", "not YAML: month must be"),
        ("[" * 100_000, "not YAML: nested too deeply"),
        ("- a", "expected the sections"),
        ("angry: 3", "'angry' must be a list"),
        ("angry: ['(']", "'\\(' in 'angry' is no regular expression"),
    ],
)
def test_a_broken_list_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(BadTrainingData, match=complaint):
        read_mood_lexicon(text)
