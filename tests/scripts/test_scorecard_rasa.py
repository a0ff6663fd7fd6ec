from __future__ import annotations

import yaml
from scorecard_rasa import CONFIG, judge

from nlu.training_data import Example
from nlu.understanding import OUT_OF_SCOPE

EXAMPLE = Example("打开微信", "app")


def test_the_likeliest_intent_counts_even_where_the_text_is_rejected() -> None:
    answer = {
        "intent": {"name": OUT_OF_SCOPE, "confidence": 0.7},
        "intent_ranking": [{"name": "app", "confidence": 0.4}, {"name": "tv", "confidence": 0.2}],
        "in_scope": 0.3,
    }
    judged = judge(EXAMPLE, answer)
    assert (judged.predicted, judged.confidence) == ("app", 0.4)
    assert judged.decision == OUT_OF_SCOPE


def test_an_answer_of_rasa_without_any_intent_is_wrong() -> None:
    answer = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": []}
    judged = judge(EXAMPLE, answer)
    assert judged.predicted != EXAMPLE.intent
    assert judged.decision != EXAMPLE.intent


def test_the_pipeline_of_rasa_is_valid_and_takes_the_number_of_epochs() -> None:
    pipeline = yaml.safe_load(CONFIG.format(epochs=7))["pipeline"]
    assert pipeline[0] == {"name": "JiebaTokenizer"}
    assert (pipeline[-1]["name"], pipeline[-1]["epochs"]) == ("DIETClassifier", 7)
