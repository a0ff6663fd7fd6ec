"""Emotions, sentiment and urgency, read by a classifier beside the word list."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from nlu.emotion import EmotionClassifier, Feeling, judge, read_label
from nlu.emotion_report import measure_emotions
from nlu.emotion_train import learn_emotions
from nlu.errors import BadTrainingData
from nlu.formats import read_training_data
from nlu.lint import find_leaks
from nlu.mood import Cues, MoodLexicon, count_cues, read_mood_lexicon
from nlu.text import canonical
from nlu.training_data import Example, Place, Severity, find_problems
from nlu.understanding import Emotion, IntentScore, Mood, Sentiment, Understanding
from tests.nlu.toy import EXAMPLES, toy_encode

MOODS = Path(__file__).parents[2] / "training_data" / "common"

FELT = tuple(
    Example(f"{item}{words}", label)
    for label, words in (
        ("anger", "是骗人的，退钱"),
        ("anger/urgent", "是骗人的，马上退钱"),
        ("anxiety", "会不会丢了，好担心"),
        ("disappointment", "太差了，失望"),
        ("gratitude", "收到了，太感谢了"),
        ("satisfaction", "很好用，喜欢"),
        ("none", "有红色的吗"),
        ("none/urgent", "马上要用，今天能发吗"),
    )
    for item in ("耳机", "面霜", "外套", "键盘", "水杯")
)


@pytest.fixture(scope="module")
def lexicon() -> MoodLexicon:
    return read_mood_lexicon((MOODS / "mood.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def classifier(lexicon: MoodLexicon) -> EmotionClassifier:
    return learn_emotions(FELT, EXAMPLES, toy_encode, lexicon)


def read(text: str, classifier: EmotionClassifier, lexicon: MoodLexicon) -> Feeling:
    normal = canonical(text)
    return classifier.read(normal, toy_encode([normal])[0], count_cues(text, lexicon))


@pytest.mark.parametrize(
    ("text", "emotion", "urgent"),
    [
        ("雨伞是骗人的，退钱", Emotion.ANGER, False),
        ("雨伞会不会丢了，好担心", Emotion.ANXIETY, False),
        ("雨伞太差了，失望", Emotion.DISAPPOINTMENT, False),
        ("雨伞收到了，太感谢了", Emotion.GRATITUDE, False),
        ("雨伞很好用，喜欢", Emotion.SATISFACTION, False),
        ("雨伞有红色的吗", Emotion.NONE, False),
        ("雨伞马上要用，今天能发吗", Emotion.NONE, True),
        ("雨伞一个卖多少钱", Emotion.NONE, False),  # from what the pack's customers say
    ],
)
def test_what_was_learnt_is_recognised(
    text: str,
    emotion: Emotion,
    urgent: bool,
    classifier: EmotionClassifier,
    lexicon: MoodLexicon,
) -> None:
    feeling = read(text, classifier, lexicon)
    assert (feeling.emotion, feeling.urgent) == (emotion, urgent)
    assert sum(feeling.probabilities) == pytest.approx(1)
    assert -1 <= feeling.polarity <= 1


def test_a_stored_classifier_says_the_same(
    classifier: EmotionClassifier, lexicon: MoodLexicon
) -> None:
    again = EmotionClassifier.from_bytes(classifier.to_bytes())
    for example in FELT[::7]:
        assert read(example.text, again, lexicon) == read(example.text, classifier, lexicon)


def test_a_classifier_of_other_emotions_is_refused(classifier: EmotionClassifier) -> None:
    with np.load(io.BytesIO(classifier.to_bytes())) as stored:
        arrays = dict(stored)
    words = arrays["words"].tobytes().replace(b'"gratitude"', b'"greatness"')
    arrays["words"] = np.frombuffer(words, np.uint8)
    out = io.BytesIO()
    np.savez(out, **arrays)
    with pytest.raises(ValueError, match="other emotions than this program"):
        EmotionClassifier.from_bytes(out.getvalue())


def feeling(**shares: float) -> Feeling:
    return Feeling(tuple(shares.get(emotion.value, 0.0) for emotion in Emotion), urgent=False)


def cues(mood: Mood) -> Cues:
    return Cues((0, 0, 0), pressing=True, shouted=False, mood=mood)


@pytest.mark.parametrize(
    ("words", "felt", "mood", "emotion"),
    [
        (Mood.CALM, feeling(anger=0.85, none=0.15), Mood.ANGRY, Emotion.ANGER),
        (Mood.CALM, feeling(anger=0.7, none=0.3), Mood.UNHAPPY, Emotion.ANGER),
        (Mood.UNHAPPY, feeling(anger=0.7, none=0.3), Mood.ANGRY, Emotion.ANGER),
        (Mood.CALM, feeling(anxiety=0.9, none=0.1), Mood.UNHAPPY, Emotion.ANXIETY),
        (Mood.CALM, feeling(anxiety=0.6, none=0.4), Mood.CALM, Emotion.ANXIETY),
        (Mood.CALM, feeling(gratitude=0.9, none=0.1), Mood.CALM, Emotion.GRATITUDE),
        # who uses words of anger reaches a person, unless the rest surely says otherwise
        (Mood.ANGRY, feeling(disappointment=0.9, none=0.1), Mood.ANGRY, Emotion.ANGER),
        (Mood.ANGRY, feeling(none=0.7, anger=0.3), Mood.ANGRY, Emotion.ANGER),
        (Mood.ANGRY, feeling(none=0.9, anger=0.1), Mood.CALM, Emotion.NONE),
        (Mood.UNHAPPY, feeling(none=0.6, anxiety=0.4), Mood.UNHAPPY, Emotion.DISAPPOINTMENT),
        (Mood.UNHAPPY, feeling(none=0.9, anxiety=0.1), Mood.CALM, Emotion.NONE),
        (Mood.ANGRY, None, Mood.ANGRY, Emotion.ANGER),
        (Mood.UNHAPPY, None, Mood.UNHAPPY, Emotion.DISAPPOINTMENT),
        (Mood.CALM, None, Mood.CALM, Emotion.NONE),
    ],
)
def test_words_and_classifier_are_weighed(
    words: Mood, felt: Feeling | None, mood: Mood, emotion: Emotion
) -> None:
    shown = judge(cues(words), felt)
    assert (shown.mood, shown.emotion) == (mood, emotion)


def test_two_emotions_of_one_side_outweigh_a_larger_one_of_the_other() -> None:
    mixed = feeling(disappointment=0.3, anxiety=0.25, none=0.45)
    assert mixed.emotion is Emotion.DISAPPOINTMENT
    assert mixed.emotion.sentiment is Sentiment.NEGATIVE


def test_an_unknown_emotion_is_named_with_its_place() -> None:
    with pytest.raises(BadTrainingData, match=r"x\.yml:3: 'rage' is no emotion: use one of none"):
        read_label(Example("哼", "rage/urgent", place=Place("x.yml", 3)))


def test_figures_by_hand() -> None:
    said = {"气": Emotion.ANGER, "愁": Emotion.DISAPPOINTMENT, "谢": Emotion.GRATITUDE}

    def understand(text: str) -> Understanding:
        emotion = said[text]
        mood = Mood.ANGRY if emotion is Emotion.ANGER else Mood.CALM
        return Understanding(text, IntentScore("x", 1.0), mood=mood, emotion=emotion, urgent=True)

    labelled = [Example("气", "anger/urgent"), Example("愁", "anxiety"), Example("谢", "none")]
    figures = measure_emotions(labelled, understand)
    emotion, sentiment = figures["emotion"], figures["sentiment"]
    assert isinstance(emotion, dict)
    assert isinstance(sentiment, dict)
    assert emotion["accuracy"] == pytest.approx(1 / 3)
    assert sentiment["accuracy"] == pytest.approx(2 / 3)
    assert figures["urgent"] == {
        "precision": pytest.approx(1 / 3),
        "recall": 1.0,
        "f1": pytest.approx(0.5),
        "support": 1,
    }
    binary = measure_emotions([Example("气", "0"), Example("愁", "1")], understand)
    assert (binary["accuracy"], binary["decided"]) == (0.5, 1.0)


def test_the_files_that_ship_are_clean_and_share_nothing() -> None:
    learn = read_training_data([MOODS / "mood" / "train.yml"])
    tests = read_training_data([MOODS / "mood" / "test.yml"])
    assert {read_label(e)[0] for e in learn.examples} == set(Emotion)
    assert {read_label(e)[0] for e in tests.examples} == set(Emotion)
    assert len(tests.examples) >= 300
    assert [p for p in find_problems(learn) if p.severity is Severity.ERROR] == []
    assert [str(p) for p in find_leaks(learn, tests, None) if p.kind != "unknown_intent"] == []
